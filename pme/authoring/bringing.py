"""Acts that bring something into a new draft from outside: a package file by file, a text as a new module.

Nothing that is published is overwritten: a file that both sides changed waits until somebody has compared it,
as in any draft. Every act expects its draft locked in a writing transaction, flushes, and never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.models import Draft
from pme.authoring.models_import import DraftImport
from pme.authoring.naming import FileKind, file_name
from pme.authoring.package import entries
from pme.content import attachment_store, kept_files
from pme.content.attachments import Attachment
from pme.content.kept_files import KeptFiles, sha256_of_bytes
from pme.content.models import SourceFile
from pme.content.publish import newest
from pme.errors import Invalid
from pme.intake.bounded import Answer, NotTaken
from pme.intake.medium import patched
from pme.words.lazily import lazy
from pme.words.speech import _

HIDDEN = lazy(" (a picture rewritten without the data hidden in it)")
NONE: Mapping[str, int | None] = MappingProxyType({})
SHARED = (FileKind.SOURCES, FileKind.GLOSSARY)
SAYS = {
    "new": lazy("not published yet"),
    "changed": lazy("in the draft; what is published is what it was made from"),
    "same": lazy("as it is published"),
    "older": lazy(
        "not imported: it has not changed since it was exported, and another version was published since"
    ),
    "conflict": lazy("in the draft; it was changed here too since it was exported"),
    "left out": lazy("not imported"),
}


@dataclass
class _Bringing:
    session: Session
    draft: Draft
    answer: Answer
    published: KeptFiles
    by_id: int
    at: datetime
    brought: Mapping[str, int | None] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)

    def tell(self, path: str, state: str, more: str = "") -> None:
        """Note what became of a file."""
        self.told.append({"path": path, "state": state, "says": more or SAYS[state]})


def expect_attachments(session: Session, answer: Answer, *, at: datetime) -> None:
    """Note which recordings and documents of a package are about to be brought, in a transaction before that."""
    attachment_store.expect(session, {told["clean"]["sha256"] for told in _attachments(answer)}, at=at)


def bring_attachments(session: Session, answer: Answer) -> dict[str, int | None]:
    """Bring the recordings and documents of a package to the store of files, before the transaction that keeps them;
    gives what `bring_package` is to know of them. Raises Away where the store goes away meanwhile.
    """
    return {
        told["clean"]["sha256"]: attachment_store.bring(
            session, told["clean"]["sha256"], [_safe_bytes(answer, told)]
        )
        for told in _attachments(answer)
    }


def _attachments(answer: Answer) -> list[dict[str, Any]]:
    if answer.told["kind"] != "package":
        return []
    return [told for told in answer.told["files"] if "attachment" in told and not told.get("unknown")]


def bring_package(
    session: Session,
    draft: Draft,
    answer: Answer,
    *,
    by_id: int,
    at: datetime,
    brought: Mapping[str, int | None] = NONE,
) -> DraftImport:
    """Put the files of a package into a draft, each by what it was made from, and keep what became of each."""
    current = newest(session)
    published = kept_files.files_of(session, current.id if current else None)
    bringing = _Bringing(session, draft, answer, published, by_id, at, brought)
    bases: Mapping[str, str] = answer.told["manifest"]
    for told in answer.told["files"]:
        try:
            name = file_name(told["path"])
        except Invalid:
            bringing.tell(told["path"], "left out", _("not the name of a content file"))
            continue
        if told.get("unknown"):
            bringing.tell(told["path"], "left out", _("a kind of file that no page shows"))
        elif name.kind in SHARED:
            _bring_entries(bringing, name.path, _bytes(answer, told["at"]))
        else:
            _bring_file(bringing, name.path, told, bases.get(name.path))
    for path in answer.told["left"]:
        bringing.tell(path, "left out", _("not part of the content"))
    if not any(each["state"] != "left out" for each in bringing.told):
        raise NotTaken(_("There is no file of a course in this ZIP file."))
    return _keep(session, draft, "package", {"files": bringing.told}, at)


def keep_report(session: Session, draft: Draft, report: dict[str, Any], *, at: datetime) -> DraftImport:
    """Keep what was found in a text."""
    return _keep(session, draft, "pages", report, at)


def _keep(session: Session, draft: Draft, what: str, report: dict[str, Any], at: datetime) -> DraftImport:
    kept = DraftImport(draft_id=draft.id, what=what, report=report, at=at)
    session.add(kept)
    session.flush()
    return kept


def _bring_file(bringing: _Bringing, path: str, told: Mapping[str, Any], base: str | None) -> None:
    known = bringing.published.get(path)
    now = known.published if known else None
    raw = (
        Attachment(**told["attachment"]).text if "attachment" in told else _bytes(bringing.answer, told["at"])
    )
    if now is not None and sha256_of_bytes(raw) == now:
        bringing.tell(path, "same")
        return
    content, more = raw, ""
    if "attachment" in told:
        content = _keep_attachment(bringing, told)
    elif "anew" in told:
        content, more = (
            _bytes(bringing.answer, told["anew"]),
            HIDDEN,
        )
    if now is None:
        state = "new"
    elif base == now:
        state = "changed"
    else:
        state = "older" if sha256_of_bytes(raw) == base else "conflict"
    if state != "older":
        _save(bringing, path, content)
        if state == "conflict":
            _set_base(bringing, path, base)
    bringing.tell(path, state, SAYS[state] + more)


def _bring_entries(bringing: _Bringing, path: str, content: bytes) -> None:
    """Entries of a shared file that are not there yet; one that is there stays as it is."""
    known = bringing.published.get(path)
    now = bringing.session.get(SourceFile, known.published) if known and known.published else None
    text = now.content.decode("utf-8-sig") if now else ""
    _head, ours = entries(text)
    head, theirs = entries(content.decode("utf-8-sig"))
    new = {key: entry for key, entry in theirs.items() if key not in ours}
    other = [key for key, entry in theirs.items() if key in ours and ours[key].strip() != entry.strip()]
    if new:
        before = text if not text or text.endswith("\n") else f"{text}\n"
        added = "".join(entry if entry.endswith("\n") else f"{entry}\n" for entry in new.values())
        _save(bringing, path, ((before or head) + added).encode())
        bringing.tell(
            path,
            "changed" if text else "new",
            _("{count} added: {keys}", count=len(new), keys=", ".join(list(new)[:20])),
        )
    else:
        bringing.tell(path, "same", _("everything in it is here already"))
    if other:
        bringing.tell(
            path, "left out", _("here with another text, which stays: {keys}", keys=", ".join(other[:20]))
        )


def _keep_attachment(bringing: _Bringing, told: Mapping[str, Any]) -> bytes:
    clean = Attachment(**told["clean"])
    size = bringing.brought.get(clean.sha256)
    body = [] if size is not None else [_safe_bytes(bringing.answer, told)]
    attachment_store.keep(bringing.session, clean.sha256, body, at=bringing.at, brought=size)
    return clean.text


def _safe_bytes(answer: Answer, told: Mapping[str, Any]) -> bytes:
    body = _bytes(answer, told["at"])[told["start"] : told["end"]]
    over = [(at, bytes.fromhex(new)) for at, new in told["over"]]
    zero = [(start, stop) for start, stop in told["zero"]]
    return patched(body, told["start"], over, zero)


def _save(bringing: _Bringing, path: str, content: bytes) -> None:
    service.save_file(
        bringing.session, bringing.draft, path, content, seen=0, by_id=bringing.by_id, at=bringing.at
    )


def _set_base(bringing: _Bringing, path: str, base: str | None) -> None:
    """Say what a file was made from, so that it cannot be published before somebody has compared the two."""
    file = queries.file_of(bringing.session, bringing.draft.id, path)
    if file is not None:
        is_kept = base is not None and bringing.session.get(SourceFile, base) is not None
        file.base_sha256 = base if is_kept else None
        bringing.session.flush()


def _bytes(answer: Answer, place: Any) -> bytes:
    return answer.bytes_at((place[0], place[1]))
