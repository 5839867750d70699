"""Text alone: characters, words, shingles, code points and array types. It imports no other part of the library."""
