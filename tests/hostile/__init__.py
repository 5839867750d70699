"""Hostile input: generated cases, and a runner that runs each of them in its own process."""
