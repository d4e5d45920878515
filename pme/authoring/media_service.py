"""Acts on the media of a draft: take a file in, say what it is, replace it, take it away.

Every act expects its draft locked in a writing transaction, flushes, and never commits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.media import Row, beside, list_path, media_folder, name_for, rows, with_about, without
from pme.authoring.models import Draft
from pme.content import attachment_store
from pme.content.attachments import Attachment
from pme.content.edit import published_tree
from pme.content.parse_recording import CAPTIONS, TRANSCRIPT, About
from pme.errors import Conflict
from pme.words.speech import _


@dataclass(frozen=True)
class Taken:
    """A file that was made safe: its bytes, or for a recording or document what it is and its body."""

    ending: str
    content: bytes
    attachment: Attachment | None = None
    body: Iterable[bytes] = ()
    brought: int | None = None
    """Its bytes, once `brought` has brought it to the store of files."""


@dataclass(frozen=True)
class Words:
    """What is said of a file. `captions` and `transcript` are new texts, None where there is no new one."""

    says: str
    licence: str
    source: str
    captions: bytes | None = None
    transcript: bytes | None = None
    is_in_page: bool = False


def add_medium(
    session: Session,
    draft: Draft,
    module: str,
    given: str,
    taken: Taken,
    words: Words,
    *,
    by_id: int,
    at: datetime,
) -> str:
    """Put a new file into the media of a module; gives its name. Raises Conflict where it is there already."""
    there, _unused = _media(session, draft, module)
    twin = next((row for row in there if _content(session, draft, row.path) == taken.content), None)
    if twin:
        raise Conflict(_("This same file is here already, as {name}. Use that one.", name=twin.name))
    name = name_for(given, taken.ending, [row.name for row in there])
    _keep(session, draft, module, name, taken, by_id=by_id, at=at)
    say(session, draft, module, name, words, by_id=by_id, at=at)
    return name


def expect(session: Session, taken: Taken, *, at: datetime) -> None:
    """Note that a recording or document is about to be brought, in a transaction before `brought`."""
    if taken.attachment is not None:
        attachment_store.expect(session, [taken.attachment.sha256], at=at)


def brought(session: Session, taken: Taken) -> Taken:
    """The same, with a recording or document brought to the store of files: before the transaction that keeps it, so
    that nobody waits where the store is slow. Raises Away with nothing kept where it goes away.
    """
    if taken.attachment is None:
        return taken
    size = attachment_store.bring(session, taken.attachment.sha256, taken.body)
    return replace(taken, brought=size)


def replace_medium(
    session: Session, draft: Draft, module: str, name: str, taken: Taken, *, by_id: int, at: datetime
) -> None:
    """Put other bytes in the place of a file, for every page that shows it. Raises Conflict for another kind."""
    if not name.lower().endswith(taken.ending) and not (
        name.lower().endswith(".jpeg") and taken.ending == ".jpg"
    ):
        raise Conflict(
            _(
                "{name} can be replaced by a file of its own kind only; this is {kind}. Send it as a "
                "new file, and show that one in the pages.",
                name=name,
                kind=taken.ending[1:].upper(),
            )
        )
    _keep(session, draft, module, name, taken, by_id=by_id, at=at)


def say(
    session: Session, draft: Draft, module: str, name: str, words: Words, *, by_id: int, at: datetime
) -> None:
    """Write down what a file is, with its captions and transcript as files beside it."""
    _unused, about = _media(session, draft, module)
    known, stem = about.get(name), name.rpartition(".")[0]
    named = {"captions": known.captions if known else "", "transcript": known.transcript if known else ""}
    for field, content, ending in (
        ("captions", words.captions, CAPTIONS),
        ("transcript", words.transcript, TRANSCRIPT),
    ):
        if content:
            named[field] = f"{stem}{ending}"
            _save(session, draft, media_folder(module) + named[field], content, by_id=by_id, at=at)
    if words.is_in_page:
        named["transcript"] = "in-page"
    elif named["transcript"] == "in-page":
        named["transcript"] = ""
    fields = {"says": words.says, "licence": words.licence, "source": words.source, **named}
    _edit_list(session, draft, module, lambda text: with_about(text, name, fields), by_id=by_id, at=at)


def remove_medium(
    session: Session, draft: Draft, module: str, name: str, *, by_id: int, at: datetime
) -> None:
    """Take a file away, with its captions, its transcript and what is said of it."""
    for path in paths_of_medium(session, draft, module, name)[:-1]:
        _save(session, draft, path, None, by_id=by_id, at=at)
    _edit_list(session, draft, module, lambda text: without(text, name), by_id=by_id, at=at)


def paths_of_medium(session: Session, draft: Draft, module: str, name: str) -> list[str]:
    """The files that go with a file: itself, its captions and transcript, and last the list of what is said of all."""
    _unused, about = _media(session, draft, module)
    own = [name, *(beside(about[name]) if name in about else ())]
    return [*(media_folder(module) + each for each in own), list_path(module)]


def _media(session: Session, draft: Draft, module: str) -> tuple[list[Row], dict[str, About]]:
    return rows(module, published_tree(session).files, queries.edits_of(session, draft.id))


def _content(session: Session, draft: Draft, path: str) -> bytes | None:
    file = queries.file_of(session, draft.id, path)
    return file.content if file else queries.published_file(session, path)[1]


def _keep(
    session: Session, draft: Draft, module: str, name: str, taken: Taken, *, by_id: int, at: datetime
) -> None:
    if taken.attachment:
        attachment_store.keep(session, taken.attachment.sha256, taken.body, at=at, brought=taken.brought)
    _save(session, draft, media_folder(module) + name, taken.content, by_id=by_id, at=at)


def _edit_list(
    session: Session, draft: Draft, module: str, edit: Callable[[str], str], *, by_id: int, at: datetime
) -> None:
    path = list_path(module)
    before = (_content(session, draft, path) or b"").decode("utf-8-sig")
    after = edit(before)
    if after != before:
        _save(session, draft, path, after.encode(), by_id=by_id, at=at)


def _save(
    session: Session, draft: Draft, path: str, content: bytes | None, *, by_id: int, at: datetime
) -> None:
    """Save over whatever the draft has: the lock on the draft keeps others out. What nobody has needs no removal."""
    file = queries.file_of(session, draft.id, path)
    if content is None and queries.published_file(session, path)[1] is None:
        if file is not None:
            service.take_out(session, draft, path, at=at)
        return
    seen = file.revision if file else 0
    service.save_file(session, draft, path, content, seen=seen, by_id=by_id, at=at)
