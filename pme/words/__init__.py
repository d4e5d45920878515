"""Words own the languages that the platform speaks: what it says, and how it writes dates, numbers and lists.

The lowest room: every other may say something, also where no request is at hand (jobs, letters, papers).
"""
