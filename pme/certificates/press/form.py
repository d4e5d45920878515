"""Names that the press, who leaves room for a signature, and the signer, who fills it, agree on."""

SIGNATURE_FIELD = "Signature"
ATTACHMENT = "credential.jsonld"
"""The name of the credential within the file: its ending says that it is application/ld+json."""
