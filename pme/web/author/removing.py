"""What the author's door says of a part that was deleted in a draft: its name, what follows, and how it comes back."""

from collections.abc import Sequence

from flask import flash

from pme.authoring.models_removal import DraftRemoval, Removed, Turned
from pme.authoring.removals import BETWEEN
from pme.web.author.yaml_files import Removal
from pme.web.undo_notice import tell_removed
from pme.words.speech import _, _n

MOST_USES = 3
"""How many consequences a message tells; the check of the draft tells all."""


def called(removal: DraftRemoval) -> str:
    """A deleted part in words."""
    name = removal.name
    if BETWEEN in name and removal.what is Removed.QUESTION:
        return _("Questions {names}", names=name)
    if BETWEEN in name and removal.what in (Removed.MEDIUM, Removed.FILE):
        return _("Files {names}", names=name)
    return {
        Removed.QUESTION: _("Question {name}", name=name),
        Removed.NODE: _("Part {name} of the story", name=name),
        Removed.ENDING: _("Ending {name}", name=name),
        Removed.OUTCOME: _("Outcome {name}", name=name),
        Removed.MODULE: _("Module “{name}” in the course", name=name),
        Removed.PAGE: _("Page “{name}”", name=name),
        Removed.MEDIUM: _("File {name}", name=name),
        Removed.FILE: _("File {name}", name=name),
    }[removal.what]


def with_uses(says: str, uses: Sequence[str]) -> str:
    """What was done, with what follows from it."""
    told = [says, *uses[:MOST_USES]]
    if len(uses) > MOST_USES:
        more = len(uses) - MOST_USES
        told.append(_n("“Check everything” tells {n} more.", "“Check everything” tells {n} more.", more))
    return " ".join(told)


def tell_act(says: str, draft_id: int, removal: Removal | None = None) -> None:
    """Say that something is done; with what can be undone, offer that."""
    if removal and removal.noted:
        tell_removed(says, draft_id, removal.noted.id, is_listed=removal.noted.did is Turned.DELETED)
    else:
        flash(says)
