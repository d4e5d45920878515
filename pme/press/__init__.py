"""Press owns how something is printed: in a process of its own, which may be killed, within so many seconds.

What is printed, and how, is told by the rooms that print: certificates, and pages as handouts.
"""
