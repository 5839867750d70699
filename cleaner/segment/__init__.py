"""Segmentation: a decoded source becomes a page of blocks; and where the prose of a page lies."""
