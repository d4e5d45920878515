"""Acts on a notebook: keep a note, a passage, a bookmark; change, delete, put back. Flushes, never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.notebook.models import Colour, Entry, EntryKind
from pme.notebook.quoting import Quote
from pme.signs import CANNOT_BE_KEPT, fit
from pme.words.speech import _

LONGEST_TEXT = 4_000
LONGEST_QUOTE = 1_000
MOST = 1_000
"""Entries of one person at one academy."""
STAYS = timedelta(days=1)
"""How long what was deleted can be put back."""


@dataclass(frozen=True)
class Where:
    """Whose notebook, and at which page."""

    academy_id: int
    person_id: int
    course: str
    module: str
    page: str
    page_title: str
    language: str


def keep_note(session: Session, where: Where, *, text: str, at: datetime) -> Entry:
    """Keep a note at a page. Raises Invalid for no text, too much or signs that cannot be kept; Conflict when full."""
    written = _text(text)
    if not written:
        raise Invalid(_("Write your note first."), field="text")
    return _add(session, where, EntryKind.NOTE, text=written, at=at)


def keep_highlight(
    session: Session, where: Where, quote: Quote, *, colour: Colour, text: str, at: datetime
) -> Entry:
    """Keep a passage of a page, with a note where there is one; the same passage again takes the new colour and note.

    Raises Invalid for a passage or note that is too long, Conflict when the notebook is full.
    """
    written = _text(text)
    if len(quote.exact) > LONGEST_QUOTE:
        raise Invalid(
            _(
                "A highlight has at most {most} characters, and this passage has {many}. Choose a shorter one, or two.",
                most=LONGEST_QUOTE,
                many=len(quote.exact),
            ),
            field="quote",
        )
    same = session.scalar(
        select(Entry)
        .where(
            Entry.academy_id == where.academy_id,
            Entry.person_id == where.person_id,
            Entry.module == where.module,
            Entry.page == where.page,
            Entry.kind == EntryKind.HIGHLIGHT,
            Entry.quote == quote.exact,
            Entry.begins == quote.begins,
            Entry.deleted_at.is_(None),
        )
        .order_by(Entry.id)
        .limit(1)
    )
    if same is not None:
        same.colour, same.text, same.changed_at = colour, written or same.text, at
        session.flush()
        return same
    return _add(session, where, EntryKind.HIGHLIGHT, text=written, colour=colour, quote=quote, at=at)


def keep_bookmark(session: Session, where: Where, *, at: datetime) -> None:
    """Bookmark a page; doing it again changes nothing. Raises Conflict when the notebook is full."""
    _require_room(session, where.academy_id, where.person_id)
    row = _row(where, EntryKind.BOOKMARK, at)
    session.execute(
        insert_into(session, Entry)
        .values(**row)
        .on_conflict_do_update(
            index_elements=[Entry.person_id, Entry.academy_id, Entry.module, Entry.page],
            index_where=Entry.kind == EntryKind.BOOKMARK,
            set_={"deleted_at": None, "page_title": where.page_title},
        )
    )


def change(entry: Entry, *, text: str, colour: Colour | None, at: datetime) -> None:
    """Change the words of an entry, and the colour of a highlight. Raises Invalid as `keep_note` does."""
    written = _text(text)
    if entry.kind is EntryKind.NOTE and not written:
        raise Invalid(_("Write something, or delete the note."), field="text")
    entry.text, entry.changed_at = written, at
    if entry.kind is EntryKind.HIGHLIGHT and colour is not None:
        entry.colour = colour


def throw_away(session: Session, entry: Entry, *, at: datetime) -> None:
    """Delete an entry: it can be put back for a day. What was deleted before that is gone for good now."""
    forget_deleted(session, entry.academy_id, at=at, person_id=entry.person_id)
    entry.deleted_at = entry.deleted_at or at
    session.flush()


def put_back(entry: Entry) -> None:
    """Take back that an entry was deleted; where it was not, nothing changes."""
    entry.deleted_at = None


def forget_deleted(session: Session, academy_id: int, *, at: datetime, person_id: int | None = None) -> None:
    """Take away for good what was deleted a day ago or earlier, of one person or of a whole academy."""
    where = [Entry.academy_id == academy_id, Entry.deleted_at < at - STAYS]
    if person_id is not None:
        where.append(Entry.person_id == person_id)
    session.execute(delete(Entry).where(*where).execution_options(synchronize_session=False))


def _add(
    session: Session,
    where: Where,
    kind: EntryKind,
    *,
    at: datetime,
    text: str,
    colour: Colour | None = None,
    quote: Quote | None = None,
) -> Entry:
    _require_room(session, where.academy_id, where.person_id)
    held = quote or Quote("")
    entry = Entry(
        **_row(where, kind, at) | {"text": text, "colour": colour},
        quote=held.exact,
        before=held.before,
        after=held.after,
        begins=held.begins,
    )
    session.add(entry)
    session.flush()
    return entry


def _row(where: Where, kind: EntryKind, at: datetime) -> dict[str, object]:
    return vars(where) | {"kind": kind, "text": "", "made_at": at, "changed_at": at}


def _require_room(session: Session, academy_id: int, person_id: int) -> None:
    held = session.scalar(
        select(func.count(Entry.id)).where(
            Entry.academy_id == academy_id, Entry.person_id == person_id, Entry.deleted_at.is_(None)
        )
    )
    if (held or 0) >= MOST:
        raise Conflict(
            _(
                "Your notebook is full: it holds {most} notes, highlights and bookmarks. Download it and delete "
                "what you no longer need, then try again.",
                most=MOST,
            )
        )


def _text(typed: str) -> str:
    text = fit(typed).replace("\r\n", "\n").replace("\r", "\n").strip()
    if fit(typed) != typed:
        raise Invalid(str(CANNOT_BE_KEPT), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            _(
                "A note has at most {most} characters, and yours has {many}. Shorten it, or make two of it.",
                most=LONGEST_TEXT,
                many=len(text),
            ),
            field="text",
        )
    return text
