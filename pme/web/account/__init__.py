"""The account door: what everybody who is signed in sees and changes about themselves."""
