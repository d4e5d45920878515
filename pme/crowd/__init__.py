"""A whole academy of invented people for `pme demo --people N`: who they are, how they learned, and keeping it.

The same seed, day and published content give the same academies. What they earned is marked by the rules of the
platform, on the versions that are published.
"""
