"""Finding what was read: pages, terms and sources of the published courseware by their words."""
