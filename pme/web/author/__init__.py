"""The author's door: drafts of content, from the first word to publishing."""
