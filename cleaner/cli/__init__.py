"""The command ``cleaner`` and its sub-commands."""
