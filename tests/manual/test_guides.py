"""The guides within the product: every page leads to the section that tells of it, and words find their place."""

import re

from flask import Flask
from PIL import Image

from pme.manual import pictures
from pme.manual.guides import FOLDER, anchor_of, find, guides_in, read_guide
from pme.web.helping import EXACT, PLACES, place_of
from pme.words.languages import LANGUAGES, SOURCE
from tests.conftest import Visits
from tests.manual.translated import changed_since, digests_of, stale

TEXT = """\
# Guide for somebody

What it is for.

## The first day
Begin here, with [docs/keys.md](../keys.md).

![A picture](../screenshots/a.png)

### People’s data
It is **kept**.
"""


def test_a_guide_is_parted_at_its_headings_and_shows_small_pictures():
    guide = read_guide("somebody", TEXT)
    assert (guide.title, guide.lead) == ("Guide for somebody", "<p>What it is for.</p>")
    assert [(each.level, each.anchor) for each in guide.sections] == [
        (2, "the-first-day"),
        (3, "peoples-data"),
    ]
    assert guide.sections[0].html == (
        "<p>Begin here, with docs/keys.md.</p>\n"
        '<figure><img src="/guide/a.en.webp" alt="A picture" width="800" height="500" loading="lazy"></figure>'
    )
    assert guide.sections[1].words == "It is kept ."


def test_words_are_found_in_headings_first():
    guide = read_guide("somebody", TEXT.replace("Begin here", "Data begin here"))
    assert [hit.section.anchor for hit in find([guide], "DATA")] == ["peoples-data", "the-first-day"]
    assert find([guide], "data nowhere") == find([guide], " a ") == ()


def test_every_place_that_a_page_leads_to_is_a_section():
    known = {(guide.name, anchor) for guide in guides_in("en") for anchor in guide.anchors}
    wanted = {(guide, anchor) for _beginning, guide, anchor in PLACES} | set(EXACT.values())
    assert wanted <= known
    assert all(len(set(guide.anchors)) == len(guide.sections) for guide in guides_in("en"))


def test_no_beginning_stands_behind_one_that_takes_all_of_its_pages():
    beginnings = [beginning for beginning, _guide, _anchor in PLACES]
    hidden = {b for at, b in enumerate(beginnings) if any(b.startswith(other) for other in beginnings[:at])}
    assert hidden == set()


def test_every_page_for_people_has_its_place(app: Flask):
    doors = ("student", "attempts", "account", "instructor", "author", "academy", "local", "panel", "preview")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in doors}
    assert [page for page in pages if not place_of(page)[0]] == []
    assert place_of("author.scenario_part") == ("instructors", "scenarios")
    assert place_of("academy.record") == ("registrars", "boards")
    assert place_of(None) == place_of("public.home") == ("", "")


def test_a_translation_has_the_headings_of_its_source_in_their_order():
    for file in FOLDER.glob("*.*.md"):
        name, language, _end = file.name.split(".")
        source = next(guide for guide in guides_in("en") if guide.name == name)
        told = next(guide for guide in guides_in(language) if guide.name == name)
        assert told.language == language
        assert [s.level for s in told.sections] == [s.level for s in source.sections], file.name
        assert told.anchors == source.anchors


def test_help_leads_from_a_page_to_its_part_of_a_guide_and_is_open_to_all(visit: Visits):
    for name, address, place in (
        ("adams", "/learn", "/help/students#the-first-visit"),
        ("clarke", "/teach/core/marking", "/help/instructors#marking"),
        ("evans", "/academy/returns", "/help/registrars#sealed-returns"),
        ("nobody", "/verify", "/help/registrars#verifying-a-certificate"),
    ):
        page = visit(name).get(address)
        assert page.tree is not None
        assert page.tree.xpath("//footer//a[.='Help']/@href") == [place]
        guide = visit("nobody").get(place)
        assert guide.tree is not None
        assert guide.tree.xpath(f"//*[@id='{place.partition('#')[2]}']")
    assert visit("nobody").get("/help/nowhere").status == 404


def test_help_finds_words_and_says_where_there_are_none(visit: Visits):
    nobody = visit("nobody")
    page = nobody.get("/help?q=sealed+return")
    assert "Sealed returns Guide for registrars" in page.words
    assert "Nothing found" in nobody.get("/help?q=xylophone").words
    other = nobody.get("/help/registrars?lang=uk")
    assert anchor_of("Boards") in other.text


def test_each_guide_has_the_sections_of_its_source_in_every_language():
    for language in LANGUAGES:
        for told, source in zip(guides_in(language), guides_in(SOURCE), strict=True):
            assert told.anchors == source.anchors


def test_no_translation_of_a_guide_is_left_behind_by_the_english():
    assert stale() == []


def test_what_changes_in_a_section_is_told_of_that_section():
    then = digests_of("somebody", TEXT)
    assert changed_since(then, digests_of("somebody", TEXT)) == []
    assert changed_since(then, digests_of("somebody", TEXT.replace("kept", "held"))) == ["peoples-data"]
    more = TEXT.replace("What it is for.", "What for?") + "\n## More\nIt is more.\n"
    assert changed_since(then, digests_of("somebody", more)) == ["its beginning", "more"]


def test_students_read_their_guide_in_every_language_and_staff_in_french():
    assert {language for language in LANGUAGES if guides_in(language)[0].language == language} == {*LANGUAGES}
    assert [guide.language for guide in guides_in("fr")] == ["fr", "fr", "fr"]
    assert [guide.language for guide in guides_in("uk")] == ["uk", "en", "en"]


def test_every_picture_of_a_guide_is_there_in_its_language_small_and_told_in_words():
    shown = set()
    for guide in {each for language in LANGUAGES for each in guides_in(language)}:
        html = guide.lead + "".join(section.html for section in guide.sections)
        for name, alt in re.findall(r'src="/guide/([^"]+)" alt="([^"]*)"', html):
            assert name.endswith(f".{guide.language}.webp"), name
            assert len(alt) > 5
            shown.add(name)
    assert shown == {path.name for path in pictures.pictures()}
    for path in pictures.pictures():
        assert path.stat().st_size <= pictures.LARGEST, path.name
        with Image.open(path) as picture:
            assert picture.size == (pictures.WIDTH, pictures.HEIGHT)


def test_a_guide_shows_its_pictures_or_where_data_is_to_be_saved_links_to_them(visit: Visits):
    nobody = visit("nobody")
    page = nobody.get("/help/students?lang=fr")
    assert "not translated yet" not in page.words
    shown = page.tree.xpath("//main//figure/img")
    assert len(shown) >= 6
    assert {each.get("loading") for each in shown} == {"lazy"}
    sent = nobody.fetch(shown[0].get("src"))
    assert (sent.mimetype, sent.status_code) == ("image/webp", 200)
    assert "Content-Encoding" not in sent.headers
    nobody.http.set_cookie("pme_look", "data=sparing")
    sparing = nobody.get("/help/students?lang=en")
    assert not sparing.tree.xpath("//main//img")
    links = sparing.tree.xpath("//main//a[starts-with(., 'Show the picture: ')]/@href")
    assert len(links) == len(shown)
    nobody.http.delete_cookie("pme_look")
    staff = nobody.get("/help/registrars?lang=uk")
    assert "Цей посібник ще не перекладено" in staff.words
    assert staff.tree.xpath("//main//img/@src")[0].endswith("/academy.en.webp")
