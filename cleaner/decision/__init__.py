"""Log-odds → which blocks are body, and what the others are."""
