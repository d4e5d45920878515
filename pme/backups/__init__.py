"""Backups own one file that holds an installation, made while it serves, and how it comes back to life from that file:
checked first, brought beside what is there, put in its place when whole, with nobody in it who was erased since.
"""
