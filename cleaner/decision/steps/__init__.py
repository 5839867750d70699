"""The steps by which the body of a page is decided, one a module. ``page_body`` has their order."""
