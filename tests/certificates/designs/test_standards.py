"""Both layouts in four languages, with crest and three facsimiles: archivable, accessible, small, and as written."""

import io
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from pme.certificates import pdf
from pme.certificates.press.look import ENGRAVED, OPEN, Look, Picture
from tests.certificates.sheets import ADAMS, FULL, IN_ARABIC, IN_FRENCH, IN_UKRAINIAN
from tests.certificates.test_standards import CREDENTIAL, LARGEST_FILE, faults
from tests.support.designs import taken

THREE = (
    ("Col. Jo Evans", "Commandant"),
    ("Dr Ilze Bērziņa", "Director"),
    ("Maj. Ana Sousa", "Head of School"),
)


def picture(kind: str, says: str, seed: int = 1) -> Picture:
    return Picture(b64encode(taken(kind, seed).png).decode(), says)


def look(layout: str) -> Look:
    return Look(
        layout=layout,
        accent="#5a1a2b",
        panel="#f6f1ea",
        house_crest=False,
        crest=picture("crest", "A shield <b>with</b> a wave"),
        facsimiles=tuple(
            (name, picture("facsimile", "ink", seed)) for seed, (name, _) in enumerate(THREE, start=1)
        ),
        opening="By these letters <script>alert(1)</script>",
        footer="Given {{ 7*7 }} at the Academy",
    )


@pytest.mark.parametrize("layout", [ENGRAVED, OPEN])
@pytest.mark.parametrize(
    "sheet", [FULL, IN_FRENCH, IN_UKRAINIAN, IN_ARABIC], ids=lambda sheet: sheet.language
)
def test_it_is_archivable_accessible_and_small(layout: str, sheet: pdf.CertificateSheet):
    paper = pdf.render(replace(sheet, signatories=THREE, look=look(layout)), CREDENTIAL)
    assert faults(paper) == []
    assert len(paper) < LARGEST_FILE - 25_000  # what the signature and a usual credential take


def test_words_are_printed_as_they_are_and_pictures_say_what_they_show():
    paper = PdfReader(io.BytesIO(pdf.render(replace(FULL, signatories=THREE, look=look(OPEN)))))
    said = " ".join(paper.pages[0].extract_text().split())
    assert "By these letters <script>alert(1)</script>" in said
    assert "Given {{ 7*7 }} at the Academy" in said
    told = alternatives(paper)
    assert "A shield <b>with</b> a wave" in told
    assert [each for each in told if each.startswith("Facsimile")] == [
        f"Facsimile of the signature of {name}" for name, _ in THREE
    ]


def test_a_facsimile_stands_above_its_own_name_alone():
    paper = pdf.render(replace(FULL, signatories=(("Gen. Else", "Commandant"),), look=look(ENGRAVED)))
    told = alternatives(PdfReader(io.BytesIO(paper)))
    assert len(told) > 1
    assert not [each for each in told if each.startswith("Facsimile")]


@pytest.mark.parametrize("layout", [ENGRAVED, OPEN])
def test_long_words_fit_with_three_facsimiles_a_footer_and_no_crest(layout: str):
    long = replace(
        FULL,
        holder_name="Maximiliane-Alexandra von Hohenstein-Wittgenstein zu Sayn",
        academy_name="Joint Academy for the Protection of Civilians in Operations and Peace Support",
        course_title="Protection of civilians, and of cultural property, in multinational operations of every kind",
        signatories=tuple(
            (f"Brigadier General {name} van der Bergh", f"{role} of the Academy") for name, role in THREE
        ),
        look=replace(look(layout), crest=None, facsimiles=()),
    )
    facsimiles = tuple((name, picture("facsimile", "ink")) for name, _ in long.signatories)
    assert long.look is not None
    for crest in (None, picture("crest", "A wide crest")):
        paper = pdf.render(replace(long, look=replace(long.look, crest=crest, facsimiles=facsimiles)))
        assert len(PdfReader(io.BytesIO(paper)).pages) == 2


def test_a_specimen_says_so_across_both_pages_and_as_a_picture():
    sheet = replace(ADAMS, number="SPECIMEN", code="", is_specimen=True, qr_text="SPECIMEN", look=look(OPEN))
    for page in PdfReader(io.BytesIO(pdf.render(sheet))).pages:
        assert "SPECIMEN: shows a design" in " ".join(page.extract_text().split())
    image = Image.open(io.BytesIO(pdf.picture(sheet, width=640)))
    assert (image.format, image.width) == ("WEBP", 640)
    document = pypdfium2.PdfDocument(pdf.render(sheet))
    assert document[0].get_width() > document[0].get_height()
    document.close()


def alternatives(paper: PdfReader) -> list[str]:
    """What stands for each picture, for those who cannot see it."""
    found: list[str] = []

    def walk(part: Any) -> None:
        part = part.get_object() if hasattr(part, "get_object") else part
        if isinstance(part, dict):
            found.extend(str(part["/Alt"]) for _ in range(part.get("/S") == "/Figure"))
            walk(part.get("/K"))
        for inner in part if isinstance(part, list) else ():
            walk(inner)

    root: Any = paper.trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return found
