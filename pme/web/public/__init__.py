"""The public door: what anyone may see."""
