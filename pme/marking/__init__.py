"""Marking owns the marks that people give by hand: who reads which essay, what they judged, when it counts.

A script is one essay of one attempt, under a code instead of a name. Nothing of it reaches its writer
before its marks are released.
"""
