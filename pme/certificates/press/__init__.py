"""The press prints certificates: a sheet of plain words goes in, the bytes of a PDF come out.

It runs WeasyPrint in a child process that reads nothing but its own assets and can be killed.
"""
