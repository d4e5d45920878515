"""Acts on many rows that can be undone: what stood before each, and putting it back where nothing changed since."""
