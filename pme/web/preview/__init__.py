"""The preview's door: content as students will see it, for its authors, reviewers and outside reviewers.

Nothing that is done here reaches any record of students: what a preview keeps is its own, and forgotten soon.
"""
