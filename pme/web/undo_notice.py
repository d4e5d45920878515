"""Telling what an act on many rows did, with the way to undo it beside the words."""

from flask import flash

from pme.undoing.models import Change

UNDO = "undo"


def tell_done(says: str, change: Change | None) -> None:
    """Say on the next page that something is done; with a change to undo it by, offer that there."""
    flash(says, f"{UNDO} {change.id}" if change is not None else "success")
