"""The door at recent changes: acts on many rows, and undoing them; staff of academies and instructors share it."""
