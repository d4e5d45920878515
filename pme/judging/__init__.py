"""Judging owns panels: people who rate options or judge items, in two rounds, so that a key or a pass mark
rests on more than its author. It computes what they agree on; only an instructor's act makes it count.
"""
