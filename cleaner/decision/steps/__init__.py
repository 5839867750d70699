"""The steps by which the body of a page is decided, one per module. ``page_body`` has their order."""
