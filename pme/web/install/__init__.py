"""The installation's door: its academies, numbers of their people, and their first administrators."""
