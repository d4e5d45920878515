"""Making what a panel agreed on count: checked as a part of everything published, then published by one act."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue, Versioned, current, pinned
from pme.content.edit import Prepared, prepare, publish_edit, published_tree
from pme.content.provenance import words_of
from pme.content.render import Renderer
from pme.content.shapes import Quiz, Scenario
from pme.errors import Conflict
from pme.judging.adoption import files_of, path_of, text_with_standard, texts_with_key
from pme.judging.models import Method, Panel, PanelState
from pme.judging.results import rating_results, standard_results
from pme.judging.service import note
from pme.words.speech import _

Judged = Versioned[Quiz] | Versioned[Scenario]


def judged(session: Session, panel: Panel) -> Judged:
    """The version that the panel was asked about."""
    if panel.task.value == "quiz":
        return pinned(session, panel.version_id, Quiz)
    return pinned(session, panel.version_id, Scenario)


def published_now(catalogue: Catalogue, panel: Panel) -> Judged | None:
    """What is published now of what the panel was asked about, or None when it is retired."""
    return catalogue.quiz(panel.slug) if panel.task.value == "quiz" else catalogue.scenario(panel.slug)


def new_texts(session: Session, panel: Panel) -> dict[str, str]:
    """The files with the key or pass mark that the panel gives, by path, as they would be or are published.

    Raises Conflict when it cannot be adopted: rounds still to come, too few people, words changed since.
    """
    if panel.state not in (PanelState.CLOSED, PanelState.ADOPTED):
        raise Conflict(_("A panel gives a result once both of its rounds are closed."))
    asked, now = judged(session, panel), published_now(current(session), panel)
    if now is None or words_of(now.content) != words_of(asked.content):
        raise Conflict(
            _(
                "The words have been changed since the panel judged them, so its figures belong to the earlier "
                "words. Open a new panel on what is published now."
            )
        )
    tree = published_tree(session)

    def text_of(path: str) -> str:
        if path not in tree.files:
            raise Conflict(
                _("{path} is not among the files on record. Publish the content folder once.", path=path)
            )
        return tree.text(path)

    if panel.state is PanelState.ADOPTED:
        return {path: text_of(path) for path in files_of(now.content)}
    closed_at = panel.closed_at or panel.opened_at
    if panel.method is Method.ANGOFF:
        assert isinstance(asked.content, Quiz)  # noqa: S101  (a pass-mark panel is opened on quizzes only)
        cut = standard_results(session, panel, asked.content).cut
        path = path_of(asked.content)
        return {path: text_with_standard(text_of(path), cut, at=closed_at)}
    return texts_with_key(text_of, now.content, rating_results(session, panel, now.content).offer)


def prepared(session: Session, texts: Mapping[str, str], renderer: Renderer, *, at: datetime) -> Prepared:
    """The published content with these texts in it, checked as a whole. Reads only."""
    return prepare(session, {path: text.encode() for path, text in texts.items()}, renderer, at=at)


def adopt(session: Session, panel: Panel, ready: Prepared, *, by_id: int, at: datetime) -> tuple[str, ...]:
    """Publish what was prepared and let the panel be adopted; gives what changed, such as `scenario/gate`.

    Raises Conflict when the panel is not closed or something else was published since, Refused when the
    check found errors.
    """
    if panel.state is not PanelState.CLOSED:
        raise Conflict(_("This panel cannot be adopted: it is open, ended, or adopted already."))
    done = publish_edit(session, ready, by_id=by_id, at=at, note=f"panel {panel.id}: {panel.title}")
    version = published_now(current(session), panel)
    if version is None:
        raise Conflict(_("What the panel judged is not published any more."))
    panel.state, panel.adopted_at, panel.adopted_by = PanelState.ADOPTED, at, by_id
    panel.adopted_version_id = version.version_id
    session.flush()
    note(
        session,
        "panel adopted",
        panel,
        by_id=by_id,
        at=at,
        publication=done.publication_id,
        changed=list(done.changed),
    )
    return done.changed
