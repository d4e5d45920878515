"""Proving owns the answer to “is this certificate true?”: of a file, a picture, a text, here or without a network."""
