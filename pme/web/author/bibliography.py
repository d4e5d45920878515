"""The author's door at the bibliography: every source, where it is cited, what rests on it, and how it came to be."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import doctrine, queries, service
from pme.authoring.due import open_tasks_of
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.sources import day_told
from pme.content.citations import Place, blocks
from pme.content.parse_sources import Succession
from pme.content.shapes import Source
from pme.errors import Invalid, NotFound
from pme.permissions import Can, may
from pme.permissions_lists import certificates_listed
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.reading import Reading, reading_of
from pme.web.listed import chip, narrowed, remember_list
from pme.web.loaders import UNKNOWN, content_academy, load_draft
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.words.isolating import undivided
from pme.words.lazily import lazy
from pme.words.speech import _

SORTS = ("own", "source", "title", "body", "date", "used", "status")
"""What the bibliography can be sorted by; `own` is the order that it is written in."""
STATUSES = {"seen": lazy("Seen"), "to-verify": lazy("To be verified"), "superseded": lazy("Superseded")}
USES = {"yes": lazy("Cited somewhere"), "no": lazy("Cited nowhere")}
BEFORE, BEHIND = 2, 24
"""Lines of a YAML file that are shown around a spot."""


@blueprint.get("/sources")
def bibliography() -> ResponseReturnValue:
    """Every source, searched by words and narrowed by status, issuer and use; with `draft`, as it would be."""
    academy_id, draft = content_academy(Can.SEE_DRAFTS), chosen_draft()
    remember_list()
    reading = reading_of(draft)
    asked = {name: fit(request.args.get(name, "")) for name in ("q", "status", "body", "used")}
    sorting = Sorting.of(request.args, SORTS, "own")
    found = [each for each in reading.read.bibliography.sources.values() if _fits(each, reading, asked)]
    found = _sorted(found, reading, sorting)
    paging = Paging.of(len(found))
    fields = {**asked, "draft": _id(draft), **sorting.fields}
    return render_template(
        "author/bibliography.html",
        draft=draft,
        can_change=draft is not None
        and draft.status in service.CAN_CHANGE
        and may(current_visitor(), Can.CHANGE_DRAFT, draft),
        drafts=queries.drafts_of(db_session(), academy_id),
        sources=found[paging.offset : paging.offset + paging.size],
        count=len(found),
        cited=reading.citations,
        asked=asked,
        chips=_chips(asked, fields),
        heads=_heads(sorting, fields),
        sort=sorting.fields.get("sort", ""),
        paging=paging,
        statuses=STATUSES,
        uses=USES,
        bodies=sorted({each.body for each in reading.read.bibliography.sources.values()}, key=str.casefold),
    )


def _heads(sorting: Sorting, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    texts = {
        "source": _("Source"),
        "title": _("Title"),
        "body": _("Issued by"),
        "date": _("Date"),
        "used": _("Cited"),
        "status": _("Status"),
    }
    where = {name: value for name, value in fields.items() if value}
    return sorting.heads(texts, "author.bibliography", where)


def _sorted(found: list[Source], reading: Reading, sorting: Sorting) -> list[Source]:
    """In the order asked for; those alike by the order that the bibliography is written in."""
    if sorting.key == "own":
        return found
    by: dict[str, Callable[[Source], Any]] = {
        "source": lambda each: each.key.casefold(),
        "title": lambda each: each.title.casefold(),
        "body": lambda each: each.body.casefold(),
        "date": lambda each: day_told(each.date),
        "used": lambda each: len({place.spot for place in reading.citations.get(each.key, ())}),
        "status": lambda each: list(STATUSES).index(each.status),
    }
    in_order = sorted(found, key=by[sorting.key], reverse=sorting.is_down)
    if sorting.key == "date":  # without a date last, whichever way
        in_order.sort(key=lambda each: not day_told(each.date))
    return in_order


def _chips(asked: Mapping[str, str], fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What narrows the bibliography, each with the address without it; the draft that is read stays."""
    said = {
        "q": chip(_("Search for"), asked["q"]),
        "status": chip(_("Status"), STATUSES.get(asked["status"], asked["status"])),
        "used": chip(_("Used"), USES.get(asked["used"], asked["used"])),
        "body": chip(_("Issued by"), asked["body"]),
    }
    return [
        (says, narrowed("author.bibliography", fields, name)) for name, says in said.items() if asked[name]
    ]


@blueprint.get("/sources/<source>")
def source_page(source: str) -> ResponseReturnValue:
    """One source: where it is cited, which certificates rest on it, its tasks, and what publications made of it."""
    academy_id, draft = content_academy(Can.SEE_DRAFTS), chosen_draft()
    session, reading = db_session(), reading_of(draft)
    published = reading if draft is None else reading_of()
    found = _source(source, reading) or _source(source, published)
    history = doctrine.history_of(session, source)
    if found is None:
        raise NotFound(UNKNOWN)
    page = number_in(request.args.get("page")) or 1
    lines = doctrine.certificate_lines(session, source, certificates_listed(current_visitor()), page=page)
    return render_template(
        "author/source-page.html",
        source=found,
        succession=_succession(source, reading),
        statuses=STATUSES,
        draft=draft,
        drafts=queries.drafts_of(session, academy_id),
        files=by_file(reading.citations.get(source, ())),
        new=_spots(reading, source) - _spots(published, source) if draft else frozenset(),
        gone=by_file(
            [p for p in published.citations.get(source, ()) if p.spot not in _spots(reading, source)]
        ),
        is_published=_source(source, published) is not None,
        spot_address=lambda place: spot_address(place, draft),
        certificates=doctrine.certificates_on(session, source, academy_id),
        lines=lines[: doctrine.SHOWN],
        has_more=len(lines) > doctrine.SHOWN,
        page=page,
        tasks=open_tasks_of(session, academy_id, source),
        history=history,
        can_write=may(current_visitor(), Can.WRITE_DRAFTS, academy_id),
        can_change=[
            each for each in queries.drafts_of(session, academy_id) if each.status in service.CAN_CHANGE
        ],
    )


@blueprint.post("/sources/<source>/change")
def begin_source_change(source: str) -> ResponseReturnValue:
    """Begin a draft for a source and open its form in it."""
    academy_id = content_academy(Can.WRITE_DRAFTS)
    if _source(source, reading_of()) is None:
        raise NotFound(UNKNOWN)
    with transaction() as session:
        draft = service.begin_draft(
            session,
            academy_id=academy_id,
            author_id=current_visitor().person_id,
            title=undivided(_("Source {source}", source=source))[:120],
            at=now(),
        )
    return redirect(url_for("author.edit_source", draft_id=draft.id, source=source), HTTPStatus.SEE_OTHER)


@blueprint.get("/spot/<path:path>")
def spot(path: str) -> ResponseReturnValue:
    """The text around a place that cites a source, as it is published or in a draft; read, not changed."""
    content_academy(Can.SEE_DRAFTS)
    draft = chosen_draft()
    reading = reading_of(draft)
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if path not in reading.tree.files or not name.is_text:
        raise NotFound(UNKNOWN)
    line = number_in(request.args.get("line")) or 1
    text = reading.tree.text(path)
    return render_template(
        "author/spot.html",
        path=path,
        line=line,
        draft=draft,
        pieces=blocks(text) if path.endswith(".md") else _around(text, line),
        address=f"{editor_address(draft.id, name)}#line-{line}" if draft else "",
        source=fit(request.args.get("source", "")),
    )


def chosen_draft() -> Draft | None:
    """The draft that `draft` in the address names; none without. Raises NotFound for one that is not to be seen."""
    if not request.args.get("draft"):
        return None
    return load_draft(Can.SEE_DRAFTS, number_in(request.args.get("draft")) or 0)


def by_file(places: Sequence[Place]) -> list[tuple[str, str, list[Place]]]:
    """Places by the file that they stand in: path, title, and each once however often it cites."""
    found: dict[str, list[Place]] = {}
    for place in places:
        mine = found.setdefault(place.file, [])
        if all(place.spot != each.spot for each in mine):
            mine.append(place)
    return [(path, mine[0].title, mine) for path, mine in found.items()]


def spot_address(place: Place, draft: Draft | None) -> str:
    """Where a place can be read."""
    return url_for(
        "author.spot",
        path=place.file,
        draft=_id(draft),
        line=place.line,
        source=place.key,
        _anchor=f"line-{place.line}",
    )


def _source(key: str, reading: Reading) -> Source | None:
    return reading.read.bibliography.sources.get(key)


def _succession(key: str, reading: Reading) -> Succession:
    return reading.read.bibliography.successions.get(key, Succession())


def _spots(reading: Reading, key: str) -> frozenset[tuple[str, str, str]]:
    return frozenset(place.spot for place in reading.citations.get(key, ()))


def _fits(source: Source, reading: Reading, asked: dict[str, str]) -> bool:
    words = asked["q"].casefold().split()
    told = " ".join((source.key, source.title, source.body, source.date, source.note or "")).casefold()
    is_used = "yes" if source.key in reading.citations else "no"
    return (
        all(word in told for word in words)
        and asked["status"] in ("", source.status)
        and asked["body"] in ("", source.body)
        and asked["used"] in ("", is_used)
    )


def _around(text: str, line: int) -> list[tuple[int, str]]:
    lines = text.split("\n")
    begin = max(0, line - 1 - BEFORE)
    before, here = "\n".join(lines[begin : line - 1]), "\n".join(lines[line - 1 : line - 1 + BEHIND])
    return [(number, piece) for number, piece in ((begin + 1, before), (line, here)) if piece.strip()]


def _id(draft: Draft | None) -> int | None:
    return draft.id if draft else None
