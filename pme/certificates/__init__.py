"""Certificates owns what a completed course is worth elsewhere: issue, number, print, verify.

A certificate is a frozen row. Its PDF is made from that row, never from live data.
"""
