"""The overrides, by which rules and neighbours go before the model, one per module. ``page_body`` lists them."""
