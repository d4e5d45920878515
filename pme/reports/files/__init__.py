"""Files own how the rows of a dataset are written: CSV, JSON, XLSX and PDF, each under the same columns.

A file is written while its rows are read, so that its size costs no memory; only paper has a limit.
"""
