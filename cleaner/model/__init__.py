"""Columns → log-odds of body: the weights files, and the trees and tables in them, in numpy.

``scoring`` is the entry. ``weights`` reads ``html.npz`` and ``text.npz``, whose ``trees`` and counts of
``rule_precision`` it holds; ``naming`` reads ``naming.npz``, by which removed blocks are named, and ``wording``
reads ``wording.npz``, by which lines of texts are known that no rule knows.
"""
