"""Publishing an edit made in the browser: the published files with some of them changed, checked as a whole.

Checking renders pages and takes a second, so it is done before the write transaction; the publication
that it was done on is named, and publishing refuses when another has come since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pme.content.check import check
from pme.content.files import Tree
from pme.content.kept_files import tree_of
from pme.content.library import Report
from pme.content.publish import Published, newest, publish, wait_for_other_publishers
from pme.content.render import Renderer
from pme.errors import Conflict
from pme.words.speech import _

Edits = Mapping[str, bytes | None]
"""New bytes by path; None takes a file away."""


@dataclass(frozen=True)
class Prepared:
    """An edit that was checked, and the publication that it was made on."""

    publication_id: int | None
    report: Report


def published_tree(session: Session) -> Tree:
    """The files that students are served from now."""
    current = newest(session)
    return tree_of(session, current.id if current else None)


def edited(tree: Tree, edits: Edits) -> Tree:
    """The files with these edits in them."""
    files = {path: content for path, content in {**tree.files, **edits}.items() if content is not None}
    return Tree(files, bodies=tree.bodies)


def prepare(session: Session, edits: Edits, renderer: Renderer, *, at: datetime) -> Prepared:
    """Check the published files with these edits in them. Reads only; the report tells every problem."""
    current = newest(session)
    publication_id = current.id if current else None
    tree = edited(tree_of(session, publication_id), edits)
    return Prepared(publication_id, check(tree, renderer, today=at.date()))


def publish_edit(
    session: Session, prepared: Prepared, *, by_id: int | None, at: datetime, note: str
) -> Published:
    """Make a checked edit what students see; the folder keeps what it holds, and `pme drift` tells.

    Raises Refused when the report has errors, Conflict when something else was published since.
    """
    library = prepared.report.require()
    wait_for_other_publishers(session)
    current = newest(session)
    if (current.id if current else None) != prepared.publication_id:
        raise Conflict(
            _("Something else was published while this was being checked. Look at it, then try again.")
        )
    return publish(session, library, by_id=by_id, at=at, note=note)
