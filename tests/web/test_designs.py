"""Evans designs the academy's certificates: draft, preview, publish, look back, and what is refused."""

import io

from pme.certificates.designs.queries import versions_of
from pme.db import Database
from tests.conftest import Visits
from tests.support.client import Page, Visit
from tests.support.designs import as_file, crest, written

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
    assert "Issued now: the house’s design." in page.words
    crests, signed = options(page, "crest"), options(page, "image_1")
    page = page.press(
        "Keep and preview",
        layout="open",
        accent="#5a1a2b",
        crest=crests["A shield with a wave"],
        image_1=signed["Signature of Evans"],
        opening_fr="Le Commandant certifie que",
        footer_en="Issued to {holder} by {academy}",
        shown="fr",
    )
    assert "The draft is kept" in page.words
    assert evans.fetch(f"{DESIGN}/look/fr").mimetype == "image/webp"
    assert evans.fetch(f"{DESIGN}/specimen/fr").data.startswith(b"%PDF")
    page = page.follow("Publish it").press("Publish as version 1", note="Our colours")
    assert "Version 1 is published" in page.words
    assert "Our colours" in page.words
    again = evans.get(f"{DESIGN}/publish").press("Publish as version 2")
    assert "Nothing is different" in again.words
    evans.get(DESIGN).press("Keep and preview", accent="#123456")
    evans.get(f"{DESIGN}/publish").press("Publish as version 2", note="Bluer")
    with database.session() as session:
        second, first = versions_of(session, HOME)
        assert [first.content["accent"], second.content["accent"]] == ["#5a1a2b", "#123456"]
    page = evans.get(f"{DESIGN}/versions/{first.id}").press("Make it the draft again")
    assert 'value="#5a1a2b"' in page.text
