"""The trail reads the record of who did what: search, names for its aliases, its heads; and it keeps who opened
the attempts of whom, for the students themselves.
"""
