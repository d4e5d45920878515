"""Stores own the files that every process of an installation must reach: results of jobs, sealed returns, recordings
and documents, what was made of certificates. They lie in the instance folder, or in a bucket where the settings say so.

A file is written once under a name that tells it from every other, appears whole or not at all, and is known by its row
in the database; a store holds bytes and decides nothing.
"""
