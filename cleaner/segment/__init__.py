"""A source → a page of blocks, and where its prose lies."""
