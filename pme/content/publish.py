"""Publishing: a checked library becomes immutable versions and one publication that names them.

All or nothing, inside the caller's transaction; publishing what is already published writes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pme.content import attachment_store, kept_files
from pme.content.attachments import Attachment, is_attachment, read_text
from pme.content.catalogue import Versioned
from pme.content.editions import keep_editions
from pme.content.library import Content, Entry, Library
from pme.content.models import ContentVersion, MediaFile, Publication, PublicationEntry, VersionSource
from pme.content.problems import Severity
from pme.content.shapes import FORMAT
from pme.errors import Refused
from pme.words.speech import _

LONGEST_KEY = 80
NONE: Mapping[str, int | None] = {}


@dataclass(frozen=True)
class Published:
    """What publishing did; names are like `module/first-response`."""

    publication_id: int
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    retired: tuple[str, ...]


def publish(
    session: Session,
    library: Library,
    *,
    by_id: int | None,
    at: datetime,
    note: str,
    folder: Mapping[str, str] | None = None,
    brought: Mapping[str, int | None] = NONE,
) -> Published:
    """Make this library what students see.

    `folder` gives the hash of each file that the content folder holds, where the library was made from
    it; None leaves on record what the folder held before (`kept_files`). `brought` is what `bring` has said.
    Flushes, never commits: call it inside a write transaction. Raises Refused, with nothing
    written, when the library has errors.
    """
    _refuse_errors(library)
    wait_for_other_publishers(session)
    current = newest(session)
    kept = kept_files.files_of(session, current.id if current else None)
    files = kept_files.next_files(kept, library.files, folder)
    before = {_name(v): v for v in _versions_of(session, current)}
    after = {
        f"{entry.kind}/{entry.slug}": _version(session, entry, by_id=by_id, at=at)
        for entry in library.entries
    }
    session.flush()
    changed = tuple(sorted(name for name in after if before.get(name) is not after[name]))
    retired = tuple(sorted(before.keys() - after.keys()))
    unchanged = tuple(sorted(after.keys() - set(changed)))
    if current is not None and not changed and not retired and files == kept:
        return Published(current.id, (), unchanged, ())
    _keep_media(session, library)
    _keep_attachments(session, library, brought, at=at)
    publication = Publication(digest=_digest(after.values()), at=at, by_id=by_id, note=note)
    session.add(publication)
    session.flush()
    session.add_all(
        PublicationEntry(publication_id=publication.id, version_id=version.id) for version in after.values()
    )
    kept_files.keep(session, publication.id, files, library.files)
    found = {(e.kind, e.slug): (after[f"{e.kind}/{e.slug}"], e.content) for e in library.entries}
    keep_editions(
        session, {key: Versioned(v.id, v.sha256, content) for key, (v, content) in found.items()}, at=at
    )
    session.flush()
    return Published(publication.id, changed, unchanged, retired)


def expect(session: Session, library: Library, *, at: datetime) -> None:
    """Note which recordings and documents are about to be brought, in a transaction before `bring`."""
    attachment_store.expect(session, {each.sha256 for _, each in _attachments(library)}, at=at)


def bring(session: Session, library: Library) -> dict[str, int | None]:
    """Bring the recordings and documents of a library to the store of files, before the transaction that publishes it:
    that may take long, and nobody waits for it. Gives what `publish` is to know of them.
    """
    return {
        attachment.sha256: attachment_store.bring(
            session, attachment.sha256, _body(library, path, attachment)
        )
        for path, attachment in _attachments(library)
    }


def canonical(content: Content) -> str:
    """The one way to write a piece of content as JSON; its SHA-256 is the content's identity."""
    return json.dumps(
        content.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def sha256_of(compiled: str) -> str:
    """The identity of compiled content, in hexadecimal."""
    return hashlib.sha256(compiled.encode()).hexdigest()


def _refuse_errors(library: Library) -> None:
    errors = [str(p) for p in library.problems if p.severity is Severity.ERROR]
    names = [f"{entry.kind}/{entry.slug}" for entry in library.entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    errors += [_("{name} is there twice; a name can be published once.", name=name) for name in twice]
    if errors:
        raise Refused("\n".join(errors))


def wait_for_other_publishers(session: Session) -> None:
    """Be the only one who publishes until the transaction ends."""
    # A SQLite write transaction already is alone; PostgreSQL has to be asked.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE publication IN SHARE ROW EXCLUSIVE MODE"))


def newest(session: Session) -> Publication | None:
    """The publication that students see, or None before the first."""
    return session.scalar(select(Publication).order_by(Publication.id.desc()).limit(1))


def _versions_of(session: Session, publication: Publication | None) -> Iterable[ContentVersion]:
    if publication is None:
        return ()
    return session.scalars(
        select(ContentVersion)
        .join(PublicationEntry, PublicationEntry.version_id == ContentVersion.id)
        .where(PublicationEntry.publication_id == publication.id)
    )


def _version(session: Session, entry: Entry, *, by_id: int | None, at: datetime) -> ContentVersion:
    compiled = canonical(entry.content)
    sha256 = sha256_of(compiled)
    known = session.scalar(
        select(ContentVersion).where(
            ContentVersion.kind == entry.kind,
            ContentVersion.slug == entry.slug,
            ContentVersion.sha256 == sha256,
        )
    )
    if known is not None:
        return known
    version = ContentVersion(
        kind=entry.kind,
        slug=entry.slug,
        sha256=sha256,
        source=json.dumps(dict(entry.source), ensure_ascii=False, sort_keys=True),
        compiled=compiled,
        format=FORMAT,
        published_by=by_id,
        published_at=at,
    )
    session.add(version)
    session.flush()
    # What only one scenario tells may have a longer name; nobody asks for it by its key.
    keys = sorted(key for key in keys_cited(json.loads(compiled)) if len(key) <= LONGEST_KEY)
    session.add_all(VersionSource(version_id=version.id, source_key=key) for key in keys)
    return version


def keys_cited(compiled: object) -> set[str]:
    """The keys of every source that a compiled form cites, wherever in it."""
    if isinstance(compiled, list):
        return set().union(*map(keys_cited, compiled))
    if not isinstance(compiled, dict):
        return set()
    source = compiled.get("source")
    found = {source["key"]} if isinstance(source, dict) and "key" in source else set()
    return found.union(*map(keys_cited, compiled.values()))


def _keep_media(session: Session, library: Library) -> None:
    kept = set(session.scalars(select(MediaFile.sha256).where(MediaFile.sha256.in_(library.media))))
    session.add_all(
        MediaFile(sha256=media.sha256, name=media.name, mime=media.mime, content=media.content)
        for media in library.media.values()
        if media.sha256 not in kept
    )


def _keep_attachments(
    session: Session, library: Library, brought: Mapping[str, int | None], *, at: datetime
) -> None:
    """Keep every recording and document that the files name, used by a page or not."""
    for path, attachment in _attachments(library):
        if attachment_store.has(session, attachment.sha256):
            continue
        size = brought.get(attachment.sha256)
        attachment_store.keep(
            session, attachment.sha256, _body(library, path, attachment), at=at, brought=size
        )


def _attachments(library: Library) -> Iterator[tuple[str, Attachment]]:
    for path, content in library.files.items():
        attachment = read_text(content) if is_attachment(path) else None
        if attachment is not None:
            yield path, attachment


def _body(library: Library, path: str, attachment: Attachment) -> Iterator[bytes]:
    """A recording or document, piece by piece."""
    body = library.bodies.get(attachment.sha256)
    if body is None:
        raise Refused(_("{path} is not kept here any more. Send it again.", path=path))
    with Path(body).open("rb") as file:
        while piece := file.read(attachment_store.PIECE):
            yield piece


def _name(version: ContentVersion) -> str:
    return f"{version.kind}/{version.slug}"


def _digest(versions: Iterable[ContentVersion]) -> str:
    lines = sorted(f"{version.id} {_name(version)} {version.sha256}" for version in versions)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
