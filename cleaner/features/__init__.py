"""Blocks become columns: one row a block, one named column a feature. ``columns.py`` documents each of them."""
