"""Assessment owns attempts at quizzes and scenarios, and their marks.

An attempt pins the content version it was begun on. Once finished it never changes; a corrected question
gives it a revision beside it, and the result in force is what everybody sees (`effective.py`).
"""
