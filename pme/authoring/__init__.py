"""Authoring owns drafts: changes of content that are not published yet, and what people say of them.

A draft is a set of files as they shall be, each with the hash of the published file it was begun on.
It is checked with everything else that is published, reviewed, and then published as one.
"""
