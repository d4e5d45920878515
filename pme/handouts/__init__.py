"""Handouts owns pages on paper: a page of a module goes in as HTML, a tagged PDF of A4 sheets comes out.

Nothing in a page can reach the disk or the network: its printer fetches nothing at all.
"""
