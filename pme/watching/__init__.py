"""What an operator sees of a running installation: its log, its health, its figures, its traces.

Nothing here says who somebody is: routes and not addresses, kinds of errors and not their values, counts and
not names.
"""
