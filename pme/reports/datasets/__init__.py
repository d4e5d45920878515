"""Datasets own what may be reported of an academy: one query each, which feeds the screen and every file.

Ask `registry.DATASETS` for them and `read` for their rows; each file beside these two tells one dataset.
"""
