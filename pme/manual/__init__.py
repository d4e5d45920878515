"""The manual: the guides of `docs/guides`, as pages of the product and with their headings to be looked up."""
