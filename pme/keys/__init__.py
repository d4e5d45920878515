"""The keys that academies sign with: made, sealed at rest, rotated, revoked; and what is published of them."""
