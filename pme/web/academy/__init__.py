"""The academy door: numbers and completions for academy staff."""
