"""Practice owns what a student answers to the checks within pages: kept for them, told at once, never counted."""
