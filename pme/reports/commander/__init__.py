"""The page for commanders owns what one course of an academy tells whoever sends people to it: when and from which
units it was completed, what is mastered, where people go wrong, and what to teach again. Numbers of few people
are left out here, before anything is shown.
"""
