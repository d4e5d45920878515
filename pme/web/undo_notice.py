"""Telling what an act did, with the way to undo it beside the words.

The kind of such a message names the way and what it is for: "undo 12" or "call-back 12" for a change, "bring-back 3"
for a draft, "put-in 3 PATH" for a file of one, "put-back 3 7" for a part deleted in one, "as-before 3 7" for what
was moved, changed or taken out in one, "tasks closed WHEN" for review tasks.
"""

from datetime import datetime
from http import HTTPStatus

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pme.undoing.models import Change
from pme.words.speech import _
from pme.words.times import moment

UNDO, CALL_BACK, BRING_BACK, PUT_IN, PUT_BACK = "undo", "call-back", "bring-back", "put-in", "put-back"
AS_BEFORE, TASKS = "as-before", "tasks"


def tell_tasks(says: str, what: str, at: datetime) -> None:
    """Say what was done to review tasks at a moment, and offer to undo it."""
    flash(says, f"{TASKS} {what} {at.isoformat()}")


def tell_done(says: str, change: Change | None) -> None:
    """Say on the next page that something is done; with a change to undo it by, offer that there."""
    flash(says, f"{UNDO} {change.id}" if change is not None else "success")


def about(change: Change | None) -> str | None:
    """What a job is about that goes on with what a change began."""
    return f"change {change.id}" if change is not None else None


def to_progress(change: Change) -> ResponseReturnValue:
    """To the page of a change, which tells how far that is which goes on in the background."""
    return redirect(url_for("changed.change", change_id=change.id), HTTPStatus.SEE_OTHER)


def tell_held(change: Change | None) -> None:
    """Say until when letters to many wait, and offer to call them back; nothing where they do not wait."""
    if change is not None:
        says = _("The letters wait, and go out on {when}.", when=moment(change.until))
        flash(says, f"{CALL_BACK} {change.id}")


def tell_discarded(says: str, draft_id: int) -> None:
    """Say that a draft is discarded, and offer to bring it back."""
    flash(says, f"{BRING_BACK} {draft_id}")


def tell_out(says: str, draft_id: int, path: str) -> None:
    """Say that a file is out of a draft, and offer to put it in again."""
    flash(says, f"{PUT_IN} {draft_id} {path}")


def tell_removed(says: str, draft_id: int, removal_id: int, *, is_listed: bool = True) -> None:
    """Say what was done to a part of a draft, and offer to undo it; what was deleted is also listed there."""
    flash(says, f"{PUT_BACK if is_listed else AS_BEFORE} {draft_id} {removal_id}")
