"""Characters, words, shingles and array types: knows nothing of the rest of the library."""
