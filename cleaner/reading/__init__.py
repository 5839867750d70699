"""Whatever the caller passed → one decoded source, HTML or text; and the language that it is in."""
