"""Offprints own modules and courses as files to be read anywhere: one HTML file, EPUB 3, tagged PDF, and a ZIP of them.

A file refers to nothing outside of itself but by links that somebody follows; it holds what is read, and no key, no
quiz and no node of a scenario. It is made once for each edition, language and academy, and kept in the store.
"""
