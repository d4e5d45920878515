"""Pictures, films, sounds and documents: sent in the browser, shown on a page, served in any stretch."""

import hashlib
import io

import pytest
from sqlalchemy import func, select

from pme.content.attachment_store import PIECE
from pme.content.models import AttachmentFile, AttachmentPart
from pme.db import Database
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import begin
from tests.conftest import Visits
from tests.content.small_library import PAGE, Shelf
from tests.support import media_files as make
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

SAYS = {"says": "A hand offers water", "licence": "CC BY 4.0", "source": "Made by our academy"}
CAPTIONS = b"WEBVTT\n\n00:00.500 --> 00:02.000\n<b>Listen</b> first.\n"


def send(visit: Visit, draft: str, content: bytes, name: str, **fields: object) -> Page:
    """Add a file to the media of the module."""
    page = visit.get(f"{draft}/modules/listening/media")
    return page.press("Add the file", file=(io.BytesIO(content), name), **{**SAYS, **fields})


def show(visit: Visit, draft: str, line: str) -> Page:
    """Put a line at the end of the page and save it."""
    page = visit.get(f"{draft}/file/{PAGE}")
    text = page.form("Save in the draft").xpath(".//textarea")[0].text
    return page.press("Save in the draft", content=f"{text}\n{line}\n")


def published_page(visit: Visit, draft: str) -> str:
    """Publish, and give the page as an author sees it afterwards."""
    done = visit.get(f"{draft}/publish").press("Publish")
    assert "Students see it from now on" in done.words, done.words
    again = begin(visit, "To look at it")
    visit.http.application.extensions.pop(
        "pme_surroundings", None
    )  # kept by ids, which every test begins anew
    return visit.get(f"{again}/page/{PAGE}?shown=1").text


def test_a_photograph_is_sent_shown_and_published_without_its_place(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    done = send(clarke, draft, make.photograph(), "../../Übung <b>1<b>.JPG")
    assert "ubung-b-1-b.jpg is in the draft" in done.words
    assert "Shown nowhere" in done.words
    assert "![A hand offers water](media/ubung-b-1-b.jpg" in done.words
    picture = clarke.fetch(f"{draft}/picture/modules/listening/media/ubung-b-1-b.jpg")
    assert picture.mimetype == "image/jpeg"
    assert b"Secret" not in picture.data
    listed = clarke.get(f"{draft}/file/modules/listening/media.yaml")
    assert "licence: CC BY 4.0" in listed.text
    show(clarke, draft, '![A hand offers water](media/ubung-b-1-b.jpg "Water")')
    assert f"Shown on {PAGE}" in clarke.get(f"{draft}/modules/listening/media").words
    page = published_page(clarke, draft)
    sha256 = hashlib.sha256(picture.data).hexdigest()
    assert f"/media/{sha256}/figure.jpg" in page


def test_a_film_needs_words_and_is_then_played_with_them(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    film = make.film(padding=2 * PIECE - 20_000)
    refused = send(clarke, draft, film, "film.mp4")
    assert refused.status == 422
    assert "Those who cannot hear it need captions or a transcript" in refused.words
    bad = send(clarke, draft, film, "film.mp4", captions=(io.BytesIO(b"hello"), "film.vtt"))
    assert "begin with the line WEBVTT" in bad.words
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(AttachmentFile)) == 0
    done = send(
        clarke,
        draft,
        film,
        "film.mp4",
        captions=(io.BytesIO(CAPTIONS), "film.vtt"),
        transcript="Listen <first>.\n\nThen act.",
    )
    assert "film.mp4 is in the draft" in done.words
    show(clarke, draft, '![Two people talk](media/film.mp4 "How to listen")')
    seen = clarke.get(f"{draft}/page/{PAGE}?shown=1")
    video = seen.tree.xpath("//video")[0]
    assert video.get("aria-label") == "Two people talk"
    assert video.xpath("./source/@type") == ["video/mp4"]
    track = clarke.fetch(video.xpath("./track/@src")[0])
    assert track.mimetype == "text/vtt"
    assert b"<b>" not in track.data
    assert "Listen <first>." in seen.words
    assert "Film: film.mp4 (MP4, " in seen.words
    address = video.xpath("./source/@src")[0]
    assert address.startswith(draft)
    assert visit("hayes").fetch(address).status_code == 404
    page = published_page(clarke, draft)
    assert "/media/" in page
    assert "film.mp4" in page
    with database.session() as session:
        file = session.scalars(select(AttachmentFile)).one()
        assert session.scalar(select(func.count()).select_from(AttachmentPart)) == 0  # it lies in the store
    ranges(visit("nobody"), f"/media/{file.sha256}/video.mp4", file.size)


def ranges(nobody: Visit, address: str, size: int) -> None:
    """Every way to ask for a stretch of a published film."""
    whole = nobody.fetch(address)
    body = whole.data
    assert (whole.status_code, len(body)) == (200, size)
    assert b"SecretPlace" not in body
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "immutable" in whole.headers["Cache-Control"]
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    tag = whole.headers["ETag"]
    for asked, first, last in (
        ("bytes=0-0", 0, 0),
        (f"bytes={PIECE - 3}-{PIECE + 5}", PIECE - 3, PIECE + 5),
        ("bytes=-10", size - 10, size - 1),
        (f"bytes={size - 4}-", size - 4, size - 1),
    ):
        part = nobody.fetch(address, headers={"Range": asked})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert part.data == body[first : last + 1]
    same = nobody.fetch(address, headers={"Range": "bytes=0-3", "If-Range": tag})
    assert (same.status_code, same.data) == (206, body[:4])
    assert nobody.fetch(address, headers={"Range": "bytes=0-3", "If-Range": '"other"'}).status_code == 200
    assert nobody.fetch(address, headers={"Range": "bytes=0-3,9-12"}).status_code == 200
    beyond = nobody.fetch(address, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{size}"
    assert nobody.fetch(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(make.song(), "song.mp3", "audio"), (make.document(), "form.pdf", "document")],
)
def test_a_sound_is_played_and_a_document_is_downloaded(
    published: Shelf, visit: Visits, content: bytes, name: str, kind: str
):
    clarke = visit("clarke")
    draft = begin(clarke)
    send(clarke, draft, content, name, in_page="y")
    show(clarke, draft, f"![The form, in words](media/{name})")
    seen = clarke.get(f"{draft}/page/{PAGE}?shown=1")
    assert bool(seen.tree.xpath("//audio")) == (kind == "audio")
    link = seen.tree.xpath(f"//a[@download='{name}']")[0]
    file = clarke.fetch(link.get("href"))
    assert file.status_code == 200
    assert (file.headers.get("Content-Disposition") == "attachment") == (kind == "document")
    if kind == "document":
        assert "The form, in words" in seen.words


def test_a_file_is_replaced_by_its_own_kind_and_removed_with_its_consequences_told(
    published: Shelf, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    send(clarke, draft, make.picture(), "a.png")
    twice = send(clarke, draft, make.picture(), "b.png")
    assert "This same file is here already, as a.png" in twice.words
    show(clarke, draft, "![Water](media/a.png)")
    own = f"{draft}/medium/modules/listening/media/a.png"
    wrong = clarke.get(own).press("Save in the draft", file=(io.BytesIO(make.photograph()), "x.png"))
    assert wrong.status == 422
    assert "replaced by a file of its own kind only; this is JPG" in wrong.words
    new = make.picture(colour="navy")
    done = clarke.get(own).press("Save in the draft", file=(io.BytesIO(new), "x.png"), says="Night")
    assert "The description of a.png is saved in the draft" in done.words
    shown = clarke.fetch(f"{draft}/picture/modules/listening/media/a.png").data
    assert shown != make.picture()
    assert "It is shown on 1 page" in done.words
    gone = done.press("Remove a.png")
    assert f"still shown on {PAGE}" in gone.words
    assert "a.png" not in clarke.get(f"{draft}/file/modules/listening/media.yaml").text.replace(
        "is removed", ""
    )
    assert clarke.get(own).status == 404
    told = clarke.get(draft).press("Check everything")
    assert "is not a file of this module" in told.words


def test_a_reviewer_looks_and_changes_nothing(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    send(clarke, draft, make.picture(), "a.png")
    let_review(database, "baker")
    baker = visit("baker")
    seen = baker.get(f"{draft}/modules/listening/media")
    assert "a.png" in seen.words
    assert not seen.tree.xpath("//input[@type='file']")
    own = f"{draft}/medium/modules/listening/media/a.png"
    assert baker.get(own).status == 200
    assert baker.post(own, **SAYS).status == 403
    assert baker.post(f"{draft}/medium-out/modules/listening/media/a.png").status == 403
    assert visit("hayes").get(own).status == 404
