"""Jobs: what takes too long for a request, and what comes due by itself.

A row with a lease is the truth of each job. Whoever works renews the lease by telling its progress; when a
worker dies, the lease runs out and another takes the job up again from its checkpoint.
"""
