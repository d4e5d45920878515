"""A page on paper: what a reader of the PDF is told, what the printer refuses, and that nothing is fetched."""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pypdf
import pytest

from pme.certificates import pdf as certificates
from pme.errors import Invalid, Unavailable
from pme.handouts import pdf
from pme.handouts.handout import Handout, is_card
from pme.handouts.kept import Kept
from pme.handouts.paper import for_paper
from pme.handouts.words import ENGLISH, FRENCH, words_for
from pme.press.keeper import Press
from tests.certificates.sheets import ADAMS

ADDRESS = "https://pme.example/learn/core/basics/first"
A4 = (595, 842)
PLENTY = 60.0
WORDS = "<p>Look at the place first, then speak to one person alone and write down what you saw there.</p>"


@pytest.fixture(scope="module", autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    pdf.close()


def document(
    body: str, *, language: str = "en", is_card: bool = False, title: str = "First steps"
) -> Handout:
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body data-page="Page" data-of="of" data-address="{ADDRESS}" data-title="{title}"'
        f'{" class=card" if is_card else ""}><main><h1>{title}</h1><div class="text">{body}</div></main></body></html>'
    )
    return Handout(html=html, address=ADDRESS, is_card=is_card)


def read(handout: Handout) -> Any:
    return pypdf.PdfReader(io.BytesIO(pdf.render(handout, within=PLENTY)))


def words_of(reader: Any) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_page_is_a_tagged_a4_document_with_title_language_and_numbers():
    reader = read(document("<h2>One</h2>" + WORDS * 60, language="fr"))
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in reader.pages} == {A4}
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "First steps"
    last = len(reader.pages)
    assert last > 1
    assert f"Page {last} of {last}" in words_of(reader)
    assert ADDRESS in words_of(reader)


def test_equal_pages_give_equal_bytes_and_another_look_another_digest():
    first = document(WORDS)
    once = Press(pdf.HANDOUTS)
    try:
        assert once.print(first.as_json(), within=PLENTY) == pdf.render(first, within=PLENTY)
    finally:
        once.close()
    assert pdf.digest_of(first) == pdf.digest_of(document(WORDS)) != pdf.digest_of(document(WORDS + "x"))


def test_a_card_of_four_hundred_words_is_one_sheet():
    table = "<table><tr><th>Ask</th><th>Do</th></tr>" + "<tr><td>Is it safe?</td><td>Look</td></tr>" * 8
    card = table + "</table>" + "".join(f"<h2>Step {n}</h2>{WORDS}" for n in range(20))
    assert len(read(document(card, is_card=True)).pages) == 1
    assert len(read(document(card)).pages) > 1
    assert len(read(document(WORDS * 300, is_card=True)).pages) > 1


def test_text_in_one_column_is_set_as_it_is_not_balanced_again_and_again(monkeypatch: pytest.MonkeyPatch):
    from weasyprint.layout import column  # noqa: PLC0415  (loads system libraries)

    from pme.handouts.printer import BOOK_CARD_SIZES, Printer  # noqa: PLC0415

    balanced: list[str] = []
    columns_layout = column.columns_layout

    def counted(*given: Any) -> Any:
        balanced.append(given[1].element_tag)
        return columns_layout(*given)

    monkeypatch.setattr("weasyprint.layout.block.columns_layout", counted)
    table = "<table><tr><th>Ask</th><th>Do</th></tr>" + "<tr><td>Is it safe?</td><td>Look</td></tr>" * 8
    card = f'<section class="card" aria-labelledby="c"><h2 id="c">Card</h2><div class="text">{table}</table></div>'
    after = f'<div class="after"><ol><li>{WORDS}</li></ol></div></section>'
    book = document(WORDS * 40)
    text = book.html.replace("<body", '<body class="book"').replace("</main>", f"{card}{after}</main>")
    Printer().print(replace(book, html=text, is_book=True))
    assert set(balanced) == {"section"}  # the card itself, and nothing within it
    assert len(balanced) <= len(BOOK_CARD_SIZES) + 1


def test_job_aids_are_known_by_their_title_or_address():
    assert is_card("job-aid", "Adviser's card")
    assert is_card("card", "Job aid: the first hour")
    assert is_card("card", "Aide-mémoire : la première heure")
    assert not is_card("first-hour", "The first hour")


def test_a_drawing_has_the_colours_of_paper_and_says_what_it_shows():
    drawing = (
        '<figure><span class="picture"><svg role="img" aria-labelledby="t" viewBox="0 0 720 200">'
        '<title id="t">Seven steps</title><desc id="d">One follows another.</desc>'
        '<rect class="fig-accent-soft" width="720" height="200"/>'
        '<text x="20" y="60" font-size="30">Safe first</text></svg></span></figure>'
    )
    reader = read(document(for_paper(drawing)))
    assert "Safe first" in words_of(reader)
    painted = reader.pages[0].get_contents().get_data() + b"".join(
        form.get_object().get_data() for form in reader.pages[0]["/Resources"].get("/XObject", {}).values()
    )
    assert b"0.88235" in painted or b"0.882353" in painted or b".882" in painted
    assert "Seven steps. One follows another." in str([each.get_object() for each in _objects(reader)])


def test_what_cannot_be_printed_is_described():
    assert for_paper('<img src="/media/x/figure.png" alt="A gate &amp; a guard" width="2" height="2">') == (
        '<span class="not-printed">A gate &amp; a guard</span>'
    )
    player = '<video controls aria-label="How to greet"><source src="/media/x/a.mp4"></video><p>Words</p>'
    assert for_paper(player) == '<span class="not-printed">How to greet</span><p>Words</p>'
    assert for_paper('<img src="/media/x/figure.png" alt="">') == ""


class _Listener(BaseHTTPRequestHandler):
    asked: tuple[str, ...] = ()

    def do_GET(self) -> None:
        type(self).asked += (self.path,)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_nothing_in_a_page_reaches_the_disk_or_the_network(tmp_path: Path):
    server = HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    near = f"http://127.0.0.1:{server.server_port}"
    secret = tmp_path / "secret.html"
    secret.write_text("OPEN SESAME", encoding="utf-8")
    (tmp_path / "secret.css").write_text("p::after { content: 'OPEN SESAME' }", encoding="utf-8")
    (tmp_path / "secret.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>OPEN SESAME</text></svg>",
        encoding="utf-8",
    )
    body = WORDS
    for base in (near, tmp_path.as_uri()):
        body += (
            f'<img src="{base}/secret.svg" alt="left out"><object data="{base}/secret.svg"></object>'
            f'<embed src="{base}/secret.svg"><iframe src="{base}/secret.html"></iframe>'
            f'<link rel="stylesheet" href="{base}/secret.css"><link rel="attachment" href="{base}/secret.html">'
            f'<a rel="attachment" href="{base}/secret.html">a file</a>'
            f'<style>@import url("{base}/secret.css"); @font-face {{ font-family: x; src: url("{base}/x.ttf") }}'
            f'p {{ background: url("{base}/secret.svg"); list-style-image: url({base}/secret.svg) }}</style>'
            f'<p style="content: url({base}/secret.svg)">styled</p>'
            f'<svg viewBox="0 0 9 9"><style>@import "{base}/secret.css";</style><image href="{base}/secret.svg" '
            f'width="9" height="9"/><use href="{base}/secret.svg#a"/></svg>'
        )
    body += '<img src="secret.svg"><img src="/etc/hostname"><img src="data:text/plain,OPEN%20SESAME">'
    try:
        made = pdf.render(document(body), within=PLENTY)
    finally:
        server.shutdown()
        server.server_close()
    reader: Any = pypdf.PdfReader(io.BytesIO(made))
    assert _Listener.asked == ()
    assert "Look at the place first" in words_of(reader)
    everything = b"".join(
        each.get_data() for each in _objects(reader) if isinstance(each, pypdf.generic.StreamObject)
    )
    assert "OPEN SESAME" not in words_of(reader)
    assert b"OPEN SESAME" not in everything + made
    assert not reader.attachments


def _objects(reader: Any) -> list[Any]:
    return [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]


@pytest.mark.parametrize(
    "body", ["<div>" * 200 + "x" + "</div>" * 200, "<p>x</p>" * 200_000], ids=["nested", "long"]
)
def test_what_is_too_much_is_refused_in_a_sentence(body: str):
    with pytest.raises(Invalid, match=r"too long, or nested too deep.*print it from your browser"):
        pdf.render(document(body), within=PLENTY)


def test_a_table_without_end_is_stopped_in_time_and_the_next_page_is_printed():
    pdf.render(document(WORDS), within=PLENTY)
    rows = "<tr>" + "<td>words and words</td>" * 6 + "</tr>"
    endless, begun = document(f"<table>{rows * 4_000}</table>"), time.monotonic()
    with pytest.raises(Unavailable, match=r"within 1 seconds.*print it from your browser"):
        pdf.render(endless, within=1)
    assert time.monotonic() - begun < 10
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="within 1 seconds"):
        pdf.render(endless, within=1)  # remembered, and not tried again
    assert time.monotonic() - begun < 0.5
    assert len(read(document(WORDS + "Next.")).pages) == 1


def test_pages_never_keep_certificates_waiting():
    with pdf._press._turn:
        assert certificates.render(ADAMS).startswith(b"%PDF")
        with pytest.raises(Unavailable, match="busy with other pages"):
            pdf.render(document(WORDS + "Waiting."), within=0.05)
    assert len(read(document(WORDS + "Waiting.")).pages) == 1


def test_memory_is_bounded_and_refusals_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.handouts.kept.MOST_BYTES", 10)
    monkeypatch.setattr("pme.handouts.kept.MOST_REFUSALS", 2)
    at = [0.0]
    kept = Kept(lambda: at[0])
    kept.keep("a", b"12345")
    kept.keep("b", b"12345")
    assert kept.find("a") == b"12345"
    kept.keep("c", b"12345")
    kept.keep("c", b"123")
    assert [kept.find(each) for each in "abc"] == [b"12345", None, b"123"]
    assert kept.size == 8
    for each in "xyz":
        kept.refuse(each, Invalid(each))
    assert kept.find("x") is None
    with pytest.raises(Invalid, match="z"):
        kept.find("z")
    at[0] = 1_000.0
    assert kept.find("z") is None


def test_the_words_around_a_page_are_in_its_language_or_english():
    assert words_for("fr") is FRENCH
    assert words_for("el") is ENGLISH
