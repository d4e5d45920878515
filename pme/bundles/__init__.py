"""Many certificates at once: all of a cohort as one ZIP, with one file for the printer."""
