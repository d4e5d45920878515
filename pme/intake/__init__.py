"""What comes in from outside: pictures, recordings, documents, packages and texts of other programs.

Each is read in a child process with little time and memory, told by its bytes and never by its name, and
either comes out safe or is refused with a sentence. Nothing is written anywhere but into files that have no
name and vanish when they are closed.
"""
