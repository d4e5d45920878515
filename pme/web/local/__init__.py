"""The door at an academy's own texts: what its staff and instructors write at the marked places of shared courses."""
