"""Columns → log-odds of body: the weights files, and the trees and tables in them, in numpy."""
