"""The doctor owns whether an installation is well: probes look and change nothing, pure checks say what is fine, what
to look at, what is wrong, and what to do. `pme doctor` prints it; a page may show the same findings.
"""
