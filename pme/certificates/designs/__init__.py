"""Designs: how an academy's certificates look. A draft is changed at will; what is published is a version that never
changes, and each certificate is printed in the version that was current when it was issued.
"""
