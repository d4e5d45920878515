"""Privacy owns what a person may ask of their data, and how long it stays: everything in one file, erasure by
class and retention, the journal by which a restored backup erases again.
"""
