"""Sealed returns: what was completed in a period, in one signed file that anybody can check without an account."""
