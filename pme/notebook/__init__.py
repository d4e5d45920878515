"""The notebook owns what a student keeps for themselves while reading: notes, highlighted passages, bookmarks.

It is private. Nobody else reads it by the platform: no instructor, no registrar, no administrator.
"""
