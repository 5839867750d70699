"""Hostile input: cases that are made, and a runner that gives each a process of its own."""
