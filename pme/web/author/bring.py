"""The author's door at what comes from outside and goes out: a course as ZIP, a Word document, Markdown."""

import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import IO

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring import service
from pme.authoring.bringing import (
    bring_attachments,
    bring_package,
    expect_attachments,
    keep_report,
)
from pme.authoring.models import Draft
from pme.authoring.models_import import DraftImport
from pme.authoring.new_module import module_files, module_slug
from pme.authoring.package import MANIFEST, course_files, manifest
from pme.content.attachment_store import body_of
from pme.content.attachments import is_attachment, read_text
from pme.content.edit import published_tree
from pme.content.files import LIMITS
from pme.errors import Conflict, Invalid, NotFound
from pme.intake.bounded import Answer, NotTaken, unnamed, worked
from pme.permissions import Can, may
from pme.signs import fit
from pme.stores.home import Away
from pme.web.author.drafts import blueprint
from pme.web.author.media_forms import STILL_HERE, BringForm
from pme.web.errors import noticed
from pme.web.loaders import UNKNOWN, catalogue, content_academy, load_draft
from pme.web.session import db_session, meanwhile, transaction
from pme.web.signin import current_visitor, now
from pme.web.uploads import largest_upload, takes_files
from pme.words.isolating import undivided
from pme.words.speech import _

ALWAYS = (1980, 1, 1, 0, 0, 0)
"""When every file of a package was packed, so that the same content gives the same package."""
REVIEW_AFTER = timedelta(days=365)
MOST_SHOWN = 120
ORDER = ("conflict", "left out", "older", "new", "changed", "same")


@blueprint.get("/bring")
def bring() -> ResponseReturnValue:
    """A form for a file from outside, and every published course to take out."""
    content_academy(Can.SEE_DRAFTS)
    return _page(BringForm(formdata=None))


@blueprint.post("/bring")
@takes_files
def bring_in() -> ResponseReturnValue:
    """Read a file in a child and make a draft of it; nothing that is published changes."""
    academy_id, form = content_academy(Can.WRITE_DRAFTS), BringForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        try:
            draft_id = _bring(academy_id, form)
        except Away as error:
            noticed(error)
            form.file.errors = [*form.file.errors, f"{error.says} {STILL_HERE}"]
            status = HTTPStatus.SERVICE_UNAVAILABLE
        except (NotTaken, Invalid, Conflict) as error:
            form.file.errors = [*form.file.errors, getattr(error, "says", "") or str(error)]
        else:
            return redirect(url_for("author.brought", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    return _page(form), status


@blueprint.get("/drafts/<int:draft_id>/brought")
def brought(draft_id: int) -> ResponseReturnValue:
    """What was found in the file that a draft was made of."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    found = db_session().scalars(
        select(DraftImport).where(DraftImport.draft_id == draft_id).order_by(DraftImport.id.desc()).limit(1)
    )
    kept = found.first()
    if kept is None:
        raise NotFound(UNKNOWN)
    files = kept.report.get("files", [])
    return render_template(
        "author/brought.html",
        draft=draft,
        what=kept.what,
        report=kept.report,
        groups=[(state, [each for each in files if each["state"] == state]) for state in ORDER],
        most=MOST_SHOWN,
    )


@blueprint.get("/courses/<slug>.zip")
def course_package(slug: str) -> ResponseReturnValue:
    """A published course with everything that it is made of, byte for byte."""
    content_academy(Can.SEE_DRAFTS)
    if slug not in catalogue().courses_by_slug:
        raise NotFound(UNKNOWN)
    session = db_session()
    files = course_files(published_tree(session).files, slug)
    packed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed when it has been sent)
    _pack(session, packed, {**files, MANIFEST: manifest(files, slug)})
    size = packed.tell()
    packed.seek(0)
    response = Response(_sent(packed), content_type="application/zip")
    response.content_length = size
    response.headers["Content-Disposition"] = f"attachment; filename={slug}.zip"
    response.call_on_close(packed.close)
    weakref.finalize(response, packed.close)  # also where nobody closed the response
    return response


def _sent(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(1 << 16):
            yield piece


def _pack(session: Session, packed: IO[bytes], files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, ALWAYS)
            is_text = path.endswith((*LIMITS, ".svg", ".vtt", ".txt", ".json"))
            entry.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            entry.external_attr = 0o644 << 16
            attachment = read_text(content) if is_attachment(path) else None
            with archive.open(entry, "w") as file:
                for piece in body_of(session, attachment.sha256) if attachment else [content]:
                    file.write(piece)


def _bring(academy_id: int, form: BringForm) -> int:
    if not form.file.data or not form.file.data.filename:
        raise NotTaken(_("Choose a file first."))
    given = fit(form.file.data.filename)[-120:]
    meanwhile()
    with (
        unnamed(form.file.data.stream, largest_upload()) as file,
        worked("package", file, name=given) as answer,
    ):
        if answer.told["kind"] == "package":
            with transaction() as session:
                expect_attachments(session, answer, at=now())
        at_home = bring_attachments(db_session(), answer)
        with transaction() as session:
            person_id = current_visitor().person_id
            title = (form.title.data or "").strip() or undivided(
                _("Imported: {title}", title=answer.told.get("title") or given)
            )[:120]
            draft = service.begin_draft(
                session, academy_id=academy_id, author_id=person_id, title=title, at=now()
            )
            if answer.told["kind"] == "package":
                bring_package(session, draft, answer, by_id=person_id, at=now(), brought=at_home)
            else:
                _bring_pages(session, draft, answer, form.language.data, given, person_id)
            return draft.id


def _bring_pages(
    session: Session, draft: Draft, answer: Answer, language: str, given: str, person_id: int
) -> None:
    told = answer.told
    title = " ".join(str(told["title"] or given.rpartition(".")[0] or "A new module").split())[:200]
    taken = {path.split("/")[1] for path in published_tree(session).files if path.startswith("modules/")}
    slug = module_slug(title, taken)
    pictures = {each["name"]: answer.bytes_at((each["at"][0], each["at"][1])) for each in told["pictures"]}
    review = (now() + REVIEW_AFTER).date()
    files = module_files(slug, title, language, told, pictures, source=given, review=review)
    for path, content in files.items():
        service.save_file(session, draft, path, content, seen=0, by_id=person_id, at=now())
    report = {"module": slug, "notes": told["notes"], "todo": told["todo"], "made": sorted(files)}
    keep_report(session, draft, report, at=now())


def _page(form: BringForm) -> str:
    academy_id = content_academy(Can.SEE_DRAFTS)
    return render_template(
        "author/bring.html",
        form=form,
        courses=[each.content for each in catalogue().courses],
        can_write=may(current_visitor(), Can.WRITE_DRAFTS, academy_id),
        most=largest_upload() // 1_000_000,
    )
