"""Credentials owns what a certificate is to other systems: a signed document that anybody can check.

Open Badges 3.0 over W3C Verifiable Credentials 2.0, secured by eddsa-rdfc-2022 or as a JWT, revoked through
a Bitstring Status List. Pure: keys, rows and clocks come in as arguments, and nothing is ever fetched.
"""
