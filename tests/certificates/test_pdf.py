"""The certificate on paper: what it says, how it is made, and what it refuses to read."""

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pytest
import segno
import weasyprint
from pypdf.generic import ArrayObject, NameObject

from pme.certificates import pdf
from pme.certificates.press.assets import ASSETS, FONTS
from pme.certificates.press.fetcher import AssetFetcher, AssetRefused
from pme.certificates.press.qr import MASK, QUIET, qr_drawing, qr_matrix, qr_side
from pme.errors import Invalid
from tests.certificates.sheets import ADAMS, OUTCOMES

A4_LANDSCAPE = (841.9, 595.3)
LARGEST_FILE = 300_000
UKRAINIAN = replace(
    ADAMS,
    language="uk",
    holder_name="Олександра Їжакевич-Ґалаґан",
    holder_rank="Підполковник",
    academy_name="Національна академія оборони",
    course_title="Основи людської безпеки",
    outcomes=(("Розпізнавати ознаки торгівлі людьми", "Розуміння"),),
)
ARABIC = replace(
    ADAMS,
    language="ar",
    holder_name="خالد المصري",
    holder_rank="عقيد",
    academy_name="أكاديمية الدفاع الوطني",
    course_title="أساسيات الأمن الإنساني",
    outcomes=(("شرح مفهوم الأمن الإنساني", "فهم"),),
)
GREEK = replace(ADAMS, language="el", holder_name="Κωνσταντίνα Παπαδοπούλου", holder_rank="Ταγματάρχης")
LONG = replace(
    ADAMS,
    holder_name="Maximiliana-Alexandrina Wolfeschlegelsteinhausenbergerdorff von Hohenlohe-Schwarz",
    holder_rank="Oberstleutnant im Generalstabsdienst",
    academy_name="Royal Joint Academy for Defence, Security and Resilience of the Northern Lands",
    course_title="Human Security in Collective Defence: Protection, Partnership and Civilian Harm",
    certificate_title="Certificate of Professional Military Education in Human Security Practice",
    statement="has completed every module, quiz and scenario of the course and met its standard " * 4,
    outcomes=tuple((f"{each} under pressure in a multinational headquarters", "Apply") for each in OUTCOMES),
    assessment="Every module, quiz and scenario was completed. " * 20,
    signatories=(("Brigadier Willem-Alexander van der Bergh-Oosterhuis", "Commandant of the Academy"),) * 3,
)
TWELVE = replace(
    ADAMS, outcomes=tuple((f"{n}. {text}", "Apply") for n, text in zip(range(12), OUTCOMES * 3, strict=False))
)
BARE = replace(ADAMS, holder_name="Li", holder_rank="", academy_nation="", outcomes=(), signatories=())


Reader = Any
"""A reader of PDF; its types stop at every indirect object."""


def read(sheet: pdf.CertificateSheet) -> Reader:
    return pypdf.PdfReader(io.BytesIO(pdf.render(sheet)))


def words_of(reader: Reader) -> str:
    """The text of both pages, with each gap between words as one space."""
    for page in reader.pages:
        drawn = page["/Contents"]
        if isinstance(drawn, ArrayObject):  # the engraving beneath has no words, and takes seconds to read
            page[NameObject("/Contents")] = drawn[-1]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def adams() -> Reader:
    return read(ADAMS)


def test_every_field_of_the_sheet_stands_on_the_paper(adams: Reader):
    text = words_of(adams)
    for field in (
        ADAMS.number,
        ADAMS.holder_name,
        ADAMS.holder_rank,
        ADAMS.academy_name,
        ADAMS.academy_nation,
        ADAMS.course_title,
        ADAMS.course_version,
        ADAMS.statement,
        ADAMS.certificate_title,
        *OUTCOMES,
        "5 hours",
        ADAMS.result,
        "23 November 2026",
        *itertools.chain.from_iterable(ADAMS.signatories),
        "not an official NATO product",
    ):
        assert field in text, field
    assert ADAMS.verify_url in text.replace(" ", "")


@pytest.mark.parametrize(
    "sheet",
    [ADAMS, UKRAINIAN, ARABIC, GREEK, LONG, TWELVE, BARE],
    ids=["adams", "ukrainian", "arabic", "greek", "long", "twelve", "bare"],
)
def test_it_is_two_landscape_pages_with_their_own_fonts(sheet: pdf.CertificateSheet):
    paper = pdf.render(sheet)
    reader: Reader = pypdf.PdfReader(io.BytesIO(paper))
    assert len(paper) < LARGEST_FILE
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
            A4_LANDSCAPE, abs=0.1
        )
    fonts = reader.pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        described = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in described, font["/BaseFont"]
        assert any(family in font["/BaseFont"] for family in ("Source-S", "Amiri"))
    text = words_of(reader)
    assert all(outcome in text for outcome, _ in sheet.outcomes)
    assert all(part in text for part in sheet.holder_name.split())


def test_the_paper_speaks_the_language_of_the_course():
    ukrainian, arabic, greek = read(UKRAINIAN), read(ARABIC), read(GREEK)
    assert "Цим засвідчується" in words_of(ukrainian)
    assert "23 листопада 2026 року" in words_of(ukrainian)
    assert ukrainian.trailer["/Root"]["/Lang"] == "uk"
    assert "تشهد هذه الوثيقة" in words_of(arabic)
    assert arabic.trailer["/Root"]["/Lang"] == "ar"
    assert "This is to certify" in words_of(greek)
    assert greek.trailer["/Root"]["/Lang"] == "en"


def test_the_file_says_what_it_is(adams: Reader):
    facts = adams.metadata
    assert facts.title == "Certificate of completion – Human Security Core – Łucja Adams-Ośmiałowska"
    assert facts.author == "Northern Defence Academy"
    assert facts.subject == "NORTH-2026-000127 – Northern Defence Academy"
    assert facts.creation_date.date() == facts.modification_date.date() == date(2026, 11, 23)
    assert adams.trailer["/Root"]["/Lang"] == "en"


def test_it_is_tagged_for_people_who_listen(adams: Reader):
    assert adams.trailer["/Root"]["/MarkInfo"]["/Marked"]
    kinds: list[str] = []
    described: list[str] = []

    def walk(element: object) -> None:
        if isinstance(element, pypdf.generic.IndirectObject):
            element = element.get_object()
        if isinstance(element, pypdf.generic.DictionaryObject):
            kinds.append(str(element.get("/S")))
            described.extend(str(element["/Alt"]) for _ in range("/Alt" in element))
            walk(element.get("/K"))
        elif isinstance(element, pypdf.generic.ArrayObject):
            for child in element:
                walk(child)

    walk(adams.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/H3", "/L", "/LBody", "/Link", "/Figure", "/Table", "/TH", "/Form"} <= set(kinds)
    assert kinds.count("/Figure") == 3
    assert len(described) == kinds.count("/Figure") + kinds.count("/Form") == 4


def test_the_address_beside_the_code_is_a_link(adams: Reader):
    for page in adams.pages:
        notes = [note.get_object() for note in page["/Annots"]]
        assert ADAMS.verify_url in [note["/A"]["/URI"] for note in notes if note["/Subtype"] == "/Link"]


def test_equal_sheets_give_equal_bytes_from_any_press():
    first, again = pdf.render(ADAMS), pdf.render(replace(ADAMS))
    pdf.close()
    assert first == again == pdf.render(ADAMS)
    assert first != pdf.render(replace(ADAMS, number="NORTH-2026-000128"))


def test_markup_in_a_name_is_printed_and_not_obeyed():
    name = '<img src="file:///etc/passwd"> & <b>Adams</b>'
    text = words_of(read(replace(ADAMS, holder_name=name, outcomes=(("</ul><h1>x</h1>" * 3, "<b>"),))))
    assert name.replace(" ", "") in text.replace(" ", "")
    assert "root:" not in text
    assert "</ul><h1>x</h1>" in text


def test_a_tower_of_markup_is_only_words():
    text = words_of(read(replace(ADAMS, statement="<div>" * 200)))
    assert text.replace(" ", "").count("<div>") == 200


def test_characters_that_steer_or_control_are_left_out():
    text = words_of(read(replace(ADAMS, holder_name="Ann\x00\x07\u202e\u2066 \ud800Lee\r\nSmith")))
    assert "Ann Lee Smith" in text
    assert "\u202e" not in text


def test_an_outcome_beyond_all_measure_is_counted_too():
    assert "and 1 more" in words_of(read(replace(ADAMS, outcomes=(("x" * 5_001, ""),))))


def test_outcomes_too_many_for_the_page_are_counted():
    text = words_of(
        read(replace(ADAMS, outcomes=tuple((f"{n} {'apply the rule ' * 20}", "apply") for n in range(16))))
    )
    assert "more, shown on the verification page" in text


def test_words_too_many_for_the_page_are_refused():
    with pytest.raises(Invalid, match="Shorten"):
        pdf.render(replace(ADAMS, statement="word " * 3000))


# ---------------------------------------------------------------- the code


def modules_in(drawing: bytes, side: int) -> set[tuple[int, int]]:
    """The dark modules (x, y) that a drawing fills."""
    dark = set()
    for line in drawing.decode().splitlines()[1:-1]:
        x, y, width, _ = (float(part) for part in line.split()[:4])
        dark |= {(int(x) + step - QUIET, int(y) - QUIET) for step in range(int(width))}
    assert all(0 <= x < side and 0 <= y < side for x, y in dark)
    return dark


def test_the_code_on_the_paper_holds_the_address():
    adams = read(ADAMS)
    expected = segno.make(ADAMS.verify_url, error="m", mask=MASK, micro=False, boost_error=False).matrix
    drawing = qr_drawing(qr_matrix(ADAMS.verify_url))
    assert modules_in(drawing, len(expected)) == {
        (x, y) for y, row in enumerate(expected) for x, dark in enumerate(row) if dark
    }
    assert qr_side(expected) == len(expected) + 2 * QUIET
    contents = b"\n".join(each.get_object().get_data() for each in adams.pages[0]["/Contents"])
    assert drawing in contents


def test_a_reader_of_codes_finds_the_address():
    codes = pytest.importorskip("zxingcpp")
    viewer = pytest.importorskip("pypdfium2")
    picture = viewer.PdfDocument(pdf.render(ADAMS))[0].render(scale=2).to_pil()
    assert [code.text for code in codes.read_barcodes(picture)] == [ADAMS.verify_url]
    signed = f"{ADAMS.verify_url}#pme1.{'WyJkaWQ6d2Vi' * 36}"
    picture = viewer.PdfDocument(pdf.render(replace(ADAMS, qr_text=signed)))[0].render(scale=2).to_pil()
    assert [code.text for code in codes.read_barcodes(picture)] == [signed]


# ---------------------------------------------------------------- what it may read


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        f"{ASSETS.as_uri()}/../../../pyproject.toml",
        f"{ASSETS.as_uri()}/%2e%2e/%2e%2e/config.py",
        f"{ASSETS.as_uri()}/../certificate-other/crest.svg",
        f"{ASSETS.as_uri()}/fonts/Amiri-Regular.ttf",
        f"{ASSETS.as_uri()}/nothing.svg",
        f"{ASSETS.as_uri()}/",
        f"file://elsewhere{ASSETS}/crest.svg",
        "http://127.0.0.1/crest.svg",
        "https://pme.example/crest.svg",
        "ftp://127.0.0.1/crest.svg",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "crest.svg",
        "",
    ],
)
def test_the_fetcher_refuses_all_but_the_assets(address: str):
    with pytest.raises(AssetRefused):
        AssetFetcher().fetch(address)


def test_a_link_out_of_the_assets_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "assets").mkdir()
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "assets" / "crest.svg").symlink_to(tmp_path / "secret.svg")
    monkeypatch.setattr("pme.certificates.press.fetcher.ASSETS", tmp_path / "assets")
    with pytest.raises(AssetRefused):
        AssetFetcher().fetch((tmp_path / "assets" / "crest.svg").as_uri())


def test_the_fetcher_reads_an_asset():
    answer = AssetFetcher().fetch(f"{ASSETS.as_uri()}/crest.svg")
    assert answer.content_type == "image/svg+xml"
    assert answer.read().startswith(b"<svg")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png"])
def test_a_refusal_ends_the_printing(address: str):
    with pytest.raises(AssetRefused):
        weasyprint.HTML(string=f"<img src='{address}'>", url_fetcher=AssetFetcher()).render()


# ---------------------------------------------------------------- fonts


def test_names_of_many_nations_are_covered():
    latin = "Łukasz Żółć Şükrü Ğ İı Ștefan Țepeș Ārvīds Ķēniņš Ő Ű Þór Ðæø Ñ Ç Nguyễn"
    others = "Їжак Ґ Ђ Љ Ў Қ Ә Κώστας عبد پ چ گ"
    assert pdf.uncovered(latin + others) == ""
    assert pdf.uncovered("Jose\u0301 \u200dX\tY\n") == ""


def test_characters_without_a_shape_are_named_once():
    assert pdf.uncovered("Li 李明 李 🙂") == "李明🙂"


def test_words_without_shapes_are_refused_before_printing():
    with pytest.raises(Invalid, match="no shape for 李 明"):
        pdf.render(replace(ADAMS, holder_name="Li 李明"))
    with pytest.raises(Invalid, match="🙂"):
        pdf.render(replace(ADAMS, signatories=(("Evans 🙂", "Commandant"),)))


def test_fonts_come_with_their_licences_and_stay_small():
    files = list(FONTS.iterdir())
    assert sum(file.stat().st_size for file in files) < 3_000_000
    for font in FONTS.glob("*.ttf"):
        licences = [
            file for file in FONTS.glob("*.LICENSE.txt") if font.name.startswith(file.name.partition(".")[0])
        ]
        assert len(licences) == 1, font.name
        assert "SIL OPEN FONT LICENSE" in licences[0].read_text(encoding="utf-8")


# ---------------------------------------------------------------- many at once


def test_eight_threads_take_turns():
    sheets = [replace(ADAMS, number=f"NORTH-2026-{n:06d}") for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        papers = list(threads.map(pdf.render, sheets))
    for sheet, paper in zip(sheets, papers, strict=True):
        assert sheet.number in words_of(pypdf.PdfReader(io.BytesIO(paper)))
