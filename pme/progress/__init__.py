"""Progress owns what a student has read and completed, and the rule that says so."""
