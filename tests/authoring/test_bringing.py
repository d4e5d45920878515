"""A course out as ZIP and in again, a Word document and Markdown as the beginning of a module."""

import io
import json
import zipfile

from sqlalchemy import func, select

from pme.authoring.models import Draft, DraftFile
from pme.content.edit import published_tree
from pme.db import Database
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_media import CAPTIONS, send, show
from tests.conftest import Visits
from tests.content.small_library import GLOSSARY, PAGE, QUIZ, SOURCES, Shelf
from tests.support import media_files as make
from tests.support.client import Page, Visit
from tests.support.word_files import word, zipped


def bring(visit: Visit, content: bytes, name: str, **fields: object) -> Page:
    """Send a file from outside."""
    return visit.get("/author/bring").press(
        "Create a draft from it", file=(io.BytesIO(content), name), **fields
    )


def packed(visit: Visit) -> dict[str, bytes]:
    """The course out of the browser, by path."""
    response = visit.fetch("/author/courses/core.zip")
    assert response.headers["Content-Disposition"] == "attachment; filename=core.zip"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def published_with_a_film(visit: Visit) -> bytes:
    """Publish a film and a picture in the module; gives the film as it is kept."""
    draft = begin(visit)
    send(visit, draft, make.film(), "film.mp4", captions=(io.BytesIO(CAPTIONS), "c.vtt"), transcript="Words.")
    send(visit, draft, make.photograph(), "water.jpg")
    show(visit, draft, "![Two people](media/film.mp4)\n\n![Water](media/water.jpg)")
    film: bytes = visit.fetch(f"{draft}/picture/modules/listening/media/film.mp4").data
    assert "Students see it from now on" in visit.get(f"{draft}/publish").press("Publish").words
    return film


def test_a_course_goes_out_byte_for_byte_and_comes_in_as_the_same(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    film = published_with_a_film(clarke)
    files = packed(clarke)
    listed = json.loads(files.pop("pme-package.json"))["files"]
    assert files["modules/listening/media/film.mp4"] == film
    with database.session() as session:
        kept = dict(published_tree(session).files)
    assert set(listed) == set(files)
    for path in set(files) - {SOURCES, GLOSSARY, "modules/listening/media/film.mp4"}:
        assert files[path] == kept[path], path
    assert {PAGE, QUIZ, "modules/core.course.yaml", "modules/listening/media.yaml"} <= set(files)
    response = clarke.fetch("/author/courses/core.zip").data
    assert response == clarke.fetch("/author/courses/core.zip").data
    done = bring(clarke, response, "core.zip")
    assert done.title == "What was imported"
    assert "The same" in done.words
    assert "New (" not in done.words
    assert "Changed" not in done.words
    draft = done.path.removesuffix("/brought")
    assert "Nothing changed yet" in clarke.get(draft).words


def test_each_file_of_a_package_is_held_against_what_it_was_made_from(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    files = packed(clarke)
    # Meanwhile, somebody changes the quiz and the first page here.
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A check of ours")
    change(clarke, draft, PAGE, "before you act", "before you ever act")
    clarke.get(f"{draft}/publish").press("Publish")
    second = "modules/listening/20-next-steps.md"
    files[PAGE] = files[PAGE].replace(b"before you act", b"before they act")
    files[second] = files[second].replace(b"what you saw", b"what you heard")
    files["modules/listening/30-more.md"] = b"# More\n\nAnother page.\n"
    files["modules/listening/run.exe"] = b"MZ"
    files["modules/evil <b>.md"] = b"# x\n"
    files[SOURCES] += b"NEW-2024:\n  title: New\n  body: Us\n  date: '2024'\n  status: seen\n"
    files[GLOSSARY] = files[GLOSSARY].replace(b"informed yes", b"other meaning")
    done = bring(clarke, zipped({f"core/{path}": content for path, content in files.items()}), "core.zip")
    told = done.words
    assert f"Changed in both places (1) {PAGE}" in told
    assert f"Older than what is published (1) {QUIZ}" in told
    assert "New (1) modules/listening/30-more.md" in told
    assert second in told
    assert "1 added: NEW-2024" in told
    assert "here with another text, which stays: consent" in told
    assert "run.exe : not the name of a content file" in told
    mine = done.path.removesuffix("/brought")
    page = clarke.get(mine)
    assert "Another version was published since" in page.words
    with database.session() as session:
        tree = published_tree(session)
    assert b"before you ever act" in tree.files[PAGE]
    assert b"They" not in tree.files[PAGE]
    compared = clarke.get(f"{mine}/compare/{PAGE}")
    assert "they" in compared.words


def test_a_word_document_begins_a_module_and_tells_what_was_not_understood(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    done = bring(clarke, word(), "Übergabe.docx", language="fr")
    told = done.words
    for says in (
        "Describe the picture photo-one.jpg on “First steps”",
        "tracked insertions",
        "tracked deletions",
        "comments",
        "equations",
        "embedded objects",
        "text boxes",
        "merged cells",
        "headers and footers",
        "style “odd box”",
        "such as EMF",
        "only refers to",
    ):
        assert says in told, says
    draft, module = done.path.removesuffix("/brought"), "modules/handing-over-a-person"
    page = (
        clarke.get(f"{draft}/file/{module}/10-first-steps.md")
        .form("Save in the draft")
        .xpath(".//textarea")[0]
        .text
    )
    assert page.strip() == "\n\n".join(
        [
            "# First steps",
            "Say **who you** are[^fn2].",
            "## On the way",
            "1. first\n1. second",
            "See [the guide](https://guide.example/a) and this",
            '![](media/photo-one.jpg "A street at night")',
            "| Act | Why |\n|---|---|\n| Listen &#124; look |  |",
            "In a box",
            "Kept added",
            "x=y",
            "Boxed words",
            "[^fn2]: By name and rank.",
        ]
    )
    front = clarke.get(f"{draft}/file/{module}/module.md").text
    assert "language: fr" in front
    assert r"1. \*stars\* and \[\[marks\]\]" in front
    assert "Afterwards" in clarke.get(f"{draft}/file/{module}/20-afterwards.md").text
    seen = clarke.get(f"{draft}/page/{module}/10-first-steps.md?shown=1")
    assert len(seen.tree.xpath("//figure//img")) == 1
    assert len(seen.tree.xpath("//table[.//th='Act']")) == 1
    assert "has no description" in seen.words
    checked = clarke.get(draft).press("Check everything")
    assert "Still to be written: one or two sentences" in checked.words, checked.words
    assert "Nothing was published" in clarke.post(f"{draft}/publish").words


def test_a_folder_of_markdown_becomes_pages_with_its_pictures(published: Shelf, visit: Visits):
    first = """---
title: Field notes
---
For the road.

# One

Look ![A hand](img/Hand%20A.png 'Held out') here.[^a]

Go to [two](b/02-two.md#x) or [away](gone.md).

### Deep

```
# not a heading
```

[^a]: A note
    of two lines.
"""
    files: dict[str, str | bytes] = {
        "notes/01-one.md": first,
        "notes/b/02-two.md": "Two without a heading.\n\n![](../img/Hand%20A.png)\n\n<script>alert(1)</script>\n",
        "notes/img/Hand A.png": make.picture(),
        "notes/left.txt": "x",
    }
    clarke = visit("clarke")
    done = bring(clarke, zipped(files), "notes.zip", title="From the field")
    assert "links to files that are not here" in done.words
    assert "left.txt" in done.words
    assert "pieces of HTML" in done.words
    draft, module = done.path.removesuffix("/brought"), "modules/field-notes"
    page = (
        clarke.get(f"{draft}/file/{module}/10-one.md").form("Save in the draft").xpath(".//textarea")[0].text
    )
    assert '\n\n![A hand](media/hand-a.png "Held out")\n\n' in page
    assert "[two](page:field-notes/two)" in page
    assert "## Deep" in page
    assert "# not a heading" in page
    assert page.endswith("[^a]: A note\n    of two lines.\n")
    assert "Two without" in clarke.get(f"{draft}/file/{module}/20-two.md").text
    assert (
        "alert(1)"
        not in clarke.get(f"{draft}/page/{module}/20-two.md?shown=1").words.partition("What students see")[2]
    )
    one = bring(clarke, b"# Alone\n\nWords.\n", "alone.md")
    assert "modules/alone/10-alone.md" in clarke.get(one.path.removesuffix("/brought")).words


def test_only_who_writes_brings_in_and_nobody_elsewhere_takes_out(
    published: Shelf, database: Database, visit: Visits
):
    let_review(database, "baker")
    baker = visit("baker")
    assert "Export" in baker.get("/author/bring").words
    assert not baker.get("/author/bring").tree.xpath("//input[@type='file']")
    assert baker.fetch("/author/courses/core.zip").status_code == 200
    refused = baker.post("/author/bring", file=(io.BytesIO(word()), "a.docx"))
    assert refused.status in (403, 404)
    hayes = visit("hayes")
    assert hayes.fetch("/author/courses/core.zip").status_code == 404
    assert hayes.get("/author/bring").status == 404
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
        assert session.scalar(select(func.count()).select_from(DraftFile)) == 0
