"""Fleeting owns what all processes share for a while and may lose at any moment: counts of tries, calls to workers,
printed pages. It lies in Redis where the settings name one; without it, or while it is away, the database counts,
workers look for themselves, and each process prints on its own.
"""
