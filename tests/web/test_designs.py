"""Evans designs the academy's certificates: draft, preview, publish, look back, and what is refused."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from pme.certificates.designs.models import PictureKind
from pme.certificates.designs.queries import current_version, images_of, versions_of
from pme.certificates.queries import latest_of
from pme.db import Database
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.designs import as_file, crest, written
from tests.support.graduates import graduate

DESIGN = "/academy/certificate-design"
HOME = 1


def add_picture(evans: Visit, kind: str, says: str, body: bytes, name: str = "a.png") -> Page:
    """Send a picture in."""
    fields = {"kind": kind, "says": says, "file": (io.BytesIO(body), name), "csrf_token": evans.token()}
    return Page(evans, evans.http.post(f"{DESIGN}/pictures", data=fields))


def options(page: Page, name: str) -> dict[str, str]:
    """What a list offers: text -> value."""
    found = page.tree.xpath(f"//select[@name='{name}']/option")
    return {each.xpath("string()").strip(): each.get("value") for each in found}


def test_evans_designs_and_publishes_without_javascript_and_looks_back(visit: Visits, database: Database):
    evans = visit("evans")
    assert add_picture(evans, "crest", "A shield with a wave", as_file(crest())).status == 303
    assert add_picture(evans, "facsimile", "Signature of Evans", as_file(written(), "JPEG")).status == 303
    page = evans.get(DESIGN)
    assert "Issued now: the platform’s standard design." in page.words
    crests, signed = options(page, "crest"), options(page, "image_1")
    page = page.press(
        "Save and preview",
        layout="open",
        accent="#5a1a2b",
        crest=crests["A shield with a wave"],
        image_1=signed["Signature of Evans"],
        opening_fr="Le Commandant certifie que",
        footer_en="Issued to {holder} by {academy}",
        shown="fr",
    )
    assert "The draft is saved" in page.words
    assert evans.fetch(f"{DESIGN}/look/fr").mimetype == "image/webp"
    assert evans.fetch(f"{DESIGN}/specimen/fr").data.startswith(b"%PDF")
    page = page.follow("Publish it").press("Publish as version 1", note="Our colours")
    assert "Version 1 is published" in page.words
    assert "Our colours" in page.words
    again = evans.get(f"{DESIGN}/publish").press("Publish as version 2")
    assert "Nothing is different" in again.words
    evans.get(DESIGN).press("Save and preview", accent="#123456")
    evans.get(f"{DESIGN}/publish").press("Publish as version 2", note="Bluer")
    with database.session() as session:
        second, first = versions_of(session, HOME)
        assert [first.content["accent"], second.content["accent"]] == ["#5a1a2b", "#123456"]
    page = evans.get(f"{DESIGN}/versions/{first.id}").press("Make it the draft again")
    assert 'value="#5a1a2b"' in page.text


def test_what_cannot_be_is_told_beside_its_field_with_everything_typed_still_there(visit: Visits):
    evans = visit("evans")
    typed = {
        "accent": "#7a9cc6",
        "crest": "../../etc/passwd",
        "name_3": "Jo Evans 🙂",
        "image_3": "4711",
        "opening_uk": "Кому: {holder.__class__}",
        "statement_en": "{holder} did it",
        "heading_ar": "<script>alert(1)</script>" * 3,
    }
    page = evans.get(DESIGN).press("Save and preview", **typed)
    assert page.status == 422
    for says in (
        "a contrast of 2.62:1",
        "Choose a crest, or none.",
        "no shape for 🙂",
        "Choose a facsimile, or none.",
        "{holder.__class__} is not known",
        "{holder} cannot be used here",
        "Keep this under 70 characters",
    ):
        assert says in page.words, says
    assert "Jo Evans 🙂" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    live = evans.post(f"{DESIGN}/look", **typed, layout="open", metal="#b98a3c", panel="#f9f6ed")
    assert (live.status, live.response.mimetype) == (422, "text/plain")
    assert "The nearest that passes is #" in live.text
    sound = {"layout": "open", "accent": "#5a1a2b", "metal": "#b98a3c", "panel": "#f9f6ed", "crest": "none"}
    drawn = evans.http.post(f"{DESIGN}/look", data=sound | {"csrf_token": evans.token()})
    assert drawn.mimetype == "image/webp"
    assert "Issued now: the platform’s standard design." in evans.get(DESIGN).words


def test_pictures_that_are_none_are_refused_and_others_can_be_taken_away(visit: Visits, database: Database):
    evans = visit("evans")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    assert "export it as PNG" in add_picture(evans, "crest", "A crest", svg).words
    assert "Say what the picture shows" in add_picture(evans, "crest", " ", as_file(crest())).words
    assert "Say what the picture is" in add_picture(evans, "../x", "A crest", as_file(crest())).words
    assert add_picture(evans, "crest", "A crest", as_file(crest())).status == 303
    with database.session() as session:
        (kept,) = images_of(session, HOME)
        assert kept.kind is PictureKind.CREST
    where = f"{DESIGN}/pictures/{kept.id}"
    assert evans.fetch(where).mimetype == "image/png"
    frost = visit("frost").fetch(where)
    nobodys = visit("frost").fetch(f"{DESIGN}/pictures/999999")
    assert (frost.status_code, nobodys.status_code) == (404, 404)
    assert "removed" in evans.get(f"{DESIGN}/pictures").press("Remove: A crest").words
    assert evans.fetch(where).status_code == 404


def test_a_student_s_paper_stays_as_it_was_when_another_design_is_published(
    visit: Visits, database: Database
):
    evans, adams = visit("evans"), visit("adams")
    form = evans.get(DESIGN)
    form.press("Save and preview", layout="open", crest="none", footer_en="To {rank} {holder}, no. {number}")
    evans.get(f"{DESIGN}/publish").press("Publish as version 1")
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=START + timedelta(days=2))
        kept = latest_of(session, enrolment.academy_id, enrolment.id)
        assert kept is not None
        number, version = kept.number, current_version(session, HOME)
        assert version is not None
        assert kept.design_version_id == version.id
    before = adams.fetch(f"/certificates/{number}.pdf").get_data()
    said = " ".join(PdfReader(io.BytesIO(before)).pages[0].extract_text().split())
    assert f"To Captain Adams Person, no. {number}" in said
    evans.get(DESIGN).press("Save and preview", layout="engraved", crest="house", footer_en="")
    evans.get(f"{DESIGN}/publish").press("Publish as version 2")
    for file in (Path(adams.http.application.extensions["pme_settings"].instance_dir) / "certificates").glob(
        "*.pdf"
    ):
        file.unlink()  # so that it is printed again
    again = adams.fetch(f"/certificates/{number}.pdf").get_data()
    assert (
        PdfReader(io.BytesIO(again)).pages[0].extract_text()
        == PdfReader(io.BytesIO(before)).pages[0].extract_text()
    )


def test_a_specimen_says_where_this_installation_verifies(
    app: Flask, visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    evans = visit("evans")
    evans.get(DESIGN).press("Save and preview", accent="#5a1a2b")
    own = replace(app.extensions["pme_settings"], public_url="https://certificates.example")
    monkeypatch.setattr("pme.web.academy.design_looks.settings", lambda: own)
    sheets = PdfReader(io.BytesIO(evans.fetch(f"{DESIGN}/specimen/en").data)).pages
    assert "certificates.example/verify" in "".join(sheets[0].extract_text().split())
