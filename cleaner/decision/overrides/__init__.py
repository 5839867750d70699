"""The overrides, by which rules and neighbours go before the model, one a module. ``page_body`` lists them."""
