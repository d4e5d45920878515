"""Every fault in modules, pages, courses, sources and terms is named with its file and line."""

import pytest

from tests.content.planting import Fault, assert_found, warned
from tests.content.small_library import COURSE, GLOSSARY, MODULE, PAGE, SECOND, SOURCES, Shelf

NOTE = """content_note:
  themes: [violence (mentioned)]
  detail: mentioned
  text: Violence is named, never told.
  equivalent: A talk with your instructor counts the same.
"""

FAULTS = {
    "a page cites an unknown source": Fault(
        PAGE, "@NOTES-2021]", "@NOTE-2021]", "@NOTE-2021", "[@NOTE-2021], which is not in sources.yaml"
    ),
    "a near source is suggested": Fault(
        PAGE, "@NOTES-2021]", "@NOTE-2021]", "@NOTE-2021", "Did you mean NOTES-2021?"
    ),
    "a page marks an unknown term": Fault(PAGE, "[[consent]]", "[[consens]]", "[[consens]]", "glossary.yaml"),
    "a figure has no description": Fault(
        PAGE, "![Three boxes in a row: listen, offer, act]", "![]", "![]", "has no description"
    ),
    "a figure's file is not there": Fault(
        PAGE, "(media/steps.svg", "(media/step.svg", "media/step.svg", "is not a file of this module"
    ),
    "a figure lies elsewhere": Fault(
        PAGE, "(media/steps.svg", "(/etc/steps.svg", "/etc/steps.svg", "is not a file of this module"
    ),
    "a picture stands in a sentence": Fault(
        PAGE, "Go on to", "See ![it](media/steps.svg) on to", "See ![it]", "has to stand alone"
    ),
    "a page has two titles": Fault(PAGE, "## What to do", "# What to do", "# What to do", "second title"),
    "a page has no title": Fault(
        SECOND, "# Next steps", "Next steps", "Next steps", "does not begin with its title"
    ),
    "a heading skips a level": Fault(
        PAGE, "## What to do", "### What to do", "### What to do", "skips a level"
    ),
    "a heading is too deep": Fault(PAGE, "### In short", "#### In short", "#### In short", "too deep"),
    "an admonition is unknown": Fault(
        PAGE, "!!! important", "!!! importand", "!!! importand", "Did you mean important?"
    ),
    "a link leads to no page": Fault(
        PAGE,
        "page:listening/next-steps",
        "page:listening/next-step",
        "page:listening/next-step",
        "leads to no page",
    ),
    "a link leads to no module": Fault(
        PAGE, "page:listening/next-steps", "page:hearing/next-steps", "page:hearing", "leads to no page"
    ),
    "a link is badly written": Fault(
        PAGE, "page:listening/next-steps", "page:../../etc", "page:../../etc", "leads to no page"
    ),
    "a link is relative": Fault(
        PAGE, "(page:listening/next-steps)", "(next-steps)", "(next-steps)", "leads nowhere"
    ),
    "a link runs a script": Fault(
        PAGE, "(page:listening/next-steps)", "(javascript:alert(1))", "javascript:", "is not allowed"
    ),
    "a link reads a file": Fault(
        PAGE, "(page:listening/next-steps)", "(file:///etc/passwd)", "file:///etc/passwd", "is not allowed"
    ),
    "a citation stands inside a link": Fault(
        PAGE,
        "[the next page]",
        "[the next page [@GUIDE-2020]]",
        "the next page [@",
        "” is inside a link; put it after the link",
    ),
    "a table has no caption": warned(PAGE, "Table: What helps\n", "", "| Act | Why |", "no caption"),
    "an introduction has a heading": Fault(
        MODULE, "Listening is work", "## Work\n\nIt is", "## Work", "no headings"
    ),
    "an introduction cites an unknown source": Fault(
        MODULE, "[@GUIDE-2020]. Begin", "[@GIDE-2020]. Begin", "[@GIDE-2020]", "not in sources.yaml"
    ),
    "a module has no front matter": Fault(MODULE, "---\nschema", "schema", "schema", "two lines of ---"),
    "a module's front matter never ends": Fault(
        MODULE, "review_date: 2027-11-01\n---", "review_date: 2027-11-01", "---", "two lines of ---"
    ),
    "a module's schema is another": Fault(
        MODULE, "pme-module/1", "pme-module/9", "pme-module/9", "pme-module/1"
    ),
    "a field is unknown": Fault(
        MODULE, "level: All ranks", "levels: All ranks", "levels:", "not a known field"
    ),
    "a known field is suggested": Fault(
        MODULE, "level: All ranks", "levels: All ranks", "levels:", "Did you mean level?"
    ),
    "a field is missing": Fault(MODULE, "level: All ranks\n", "", "schema", "“level” is missing"),
    "a field is empty": Fault(MODULE, "level: All ranks", "level:", "level:", "“level” is empty"),
    "a field is there twice": Fault(
        MODULE, "level: All ranks", "level: All ranks\nlevel: Some", "level: Some", "already there at line 6"
    ),
    "a text is a list": Fault(MODULE, "level: All ranks", "level: [All]", "level: [All]", "has to be a text"),
    "a list is a text": Fault(
        MODULE, "authors: [The team]", "authors: The team", "authors:", "has to be a list"
    ),
    "a list is empty": Fault(MODULE, "authors: [The team]", "authors: []", "authors:", "“authors” is empty"),
    "a list holds more than texts": Fault(
        MODULE, "authors: [The team]", "authors: [{a: b}]", "authors:", "has to be a text"
    ),
    "a date is no date": Fault(MODULE, "2027-11-01", "next year", "next year", "a day such as 2027-11-01"),
    "the minutes are no number": Fault(
        MODULE, "level: All", "minutes: many\nlevel: All", "minutes:", "whole number"
    ),
    "a language is unknown": Fault(
        MODULE, "language: en", "language: xx", "language: xx", "one of: en, fr, uk, ar"
    ),
    "outcomes are a list": Fault(
        COURSE, "  CO1: Listen to a person in need.", "  - Listen", "outcomes:", "each under its id"
    ),
    "an outcome says nothing": Fault(
        COURSE, "  CO1: Listen to a person in need.", "  CO1:", "  CO1:", "say in words"
    ),
    "a content note has no equivalent": Fault(
        MODULE,
        "  equivalent: A talk with your instructor counts the same.\n",
        "",
        "content_note:",
        "“equivalent”",
    ),
    "a content note describes": Fault(
        MODULE, "detail: mentioned", "detail: described", "detail:", "one of: none"
    ),
    "a prerequisite is no module": Fault(
        MODULE,
        "completion:",
        "prerequisites: [hearing]\ncompletion:",
        "prerequisites:",
        "” is not another module",
    ),
    "a completion names no quiz": Fault(
        MODULE, "quizzes: [listening-check]", "quizzes: [listening-chek]", "quizzes:", "There is no quiz"
    ),
    "a completion names no scenario": Fault(
        MODULE,
        "scenarios: [gate]",
        "scenarios: [gates]",
        "scenarios:",
        "There is no scenario “gates”. Did you mean gate?",
    ),
    "an outcome serves nothing": Fault(
        MODULE, "serves: [CO1]", "serves: [CO2]", "serves: [CO2]", ", which is not an outcome of its course"
    ),
    "an outcome's verb cannot be seen": warned(
        MODULE, "verb: listen", "verb: understand", "verb: understand", "choose a verb that can"
    ),
    "a review is overdue": warned(MODULE, "2027-11-01", "2026-11-01", "review_date", "due on 2026-11-01"),
    "a course's review is overdue": warned(COURSE, "2027-11-01", "2020-01-01", "review_date", "due on"),
    "a course names no module": Fault(
        COURSE, "modules: [listening]", "modules: [listning]", "modules:", "Did you mean listening?"
    ),
    "a course names a module twice": Fault(
        COURSE, "modules: [listening]", "modules: [listening, listening]", "modules:", "2 times"
    ),
    "a module is in no course": warned(
        MODULE, "scenarios: [gate]", "scenarios: [gate]", "---", "No course names this module"
    ),
    "no outcome serves the course's": warned(
        COURSE, "certificate:", "  CO2: Speak.\ncertificate:", "CO2:", "No module's outcome serves CO2"
    ),
    "hours are no number": Fault(COURSE, "hours: 1.5", "hours: few", "hours:", "a number such as 1.5"),
    "a certificate is a text": Fault(
        COURSE,
        "certificate:\n  title: Certificate of completion\n  statement: has completed the course",
        "certificate: yes",
        "certificate:",
        "has to hold named fields",
    ),
    "a source has no body": Fault(SOURCES, "  body: An institute\n", "", "GUIDE-2020", "“body” is missing"),
    "a source's status is unknown": Fault(
        SOURCES, "status: seen", "status: sen", "status:", "Did you mean seen?"
    ),
    "a source's key is badly written": Fault(
        SOURCES, "NOTES-2021:", "NOTES 2021:", "NOTES 2021", "a key has letters"
    ),
    "a source's address is no web address": Fault(
        SOURCES, "https://guide", "ftp://guide", "url:", "not a web address"
    ),
    "a source is a text": Fault(
        SOURCES,
        "NOTES-2021:\n  title: Notes",
        "BOOK: Notes\nNOTES-2021:\n  title: Notes",
        "BOOK:",
        "named fields",
    ),
    "a source is empty": Fault(SOURCES, "NOTES-2021:", "BOOK:\nNOTES-2021:", "BOOK:", "is empty"),
    "a cited source is to be verified": warned(
        SOURCES, "status: seen", "status: to-verify", "schema", "still to be verified"
    ),
    "a term's name is badly written": Fault(
        GLOSSARY, "consent:\n", "Free Consent:\n", "Free Consent", "lower-case"
    ),
    "a term's language is unknown": Fault(GLOSSARY, "  en:", "  english:", "english:", "not a language"),
    "a term's language holds a text": Fault(
        GLOSSARY, "  en:", "  fr: oui\n  en:", "fr:", "term and definition"
    ),
    "a term has no definition": Fault(
        GLOSSARY, "    definition: A free and informed yes.\n", "", "en:", "“definition” is missing"
    ),
    "YAML cannot be read": Fault(
        COURSE, "modules: [listening]", "modules: [listening", "outcomes:", "not readable YAML"
    ),
    "YAML uses an alias": Fault(COURSE, "level: All ranks", "level: *all", "level:", "Aliases"),
    "YAML uses an anchor": Fault(COURSE, "level: All ranks", "level: &a All", "level:", "Anchors"),
    "YAML uses a tag": Fault(COURSE, "level: All ranks", "level: !!python/name:os.system", "level:", "Tags"),
    "YAML holds a second document": Fault(
        COURSE, "level: All", "---\nlevel: All", "---", "second YAML document"
    ),
    "a long sentence": warned(
        SECOND,
        "You write down what you saw.",
        "You write down " + "one and " * 20 + "two.",
        "You write",
        "more than 20 words",
    ),
    "a text is hard to read": warned(
        SECOND,
        "You write down what you saw.",
        "Institutional considerations necessitate comprehensive organisational responsibility. " * 20,
        "Institutional",
        "reading grade",
    ),
    "words that blame": warned(SECOND, "what you saw.", "that she claims it.", "she claims", "put blame"),
    "words that describe violence": warned(
        SECOND, "what you saw.", "how she screamed.", "screamed", "describes violence"
    ),
}
ELSEWHERE = {"a cited source is to be verified", "a module is in no course"}


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - ELSEWHERE))
def test_a_fault_is_named_with_its_file_and_line_when(name: str, shelf: Shelf):
    assert_found(shelf, FAULTS[name])


def test_a_source_to_be_verified_is_named_where_it_is_cited(shelf: Shelf):
    shelf.change(SOURCES, "status: seen", "status: to-verify")
    found = [
        (p.file, p.line) for p in shelf.check().warnings if "NOTES-2021 is still to be verified" in p.says
    ]
    assert found == [(PAGE, 3), ("quizzes/listening-check.quiz.yaml", 33)]


def test_a_module_that_speaks_of_violence_needs_a_content_note(shelf: Shelf):
    shelf.change(MODULE, NOTE, "")
    assert shelf.check().errors == ()
    shelf.change(SECOND, "You write", "A survivor may speak. You write")
    found = [problem for problem in shelf.check().errors if "has no content_note" in problem.says]
    assert [problem.file for problem in found] == [MODULE]


def test_a_superseded_source_is_named_where_it_is_cited(shelf: Shelf):
    shelf.change(SOURCES, "status: seen", "status: superseded")
    assert any("has been superseded" in problem.says for problem in shelf.check().warnings)


def test_a_module_that_no_course_names_is_mentioned(shelf: Shelf):
    shelf.remove(COURSE)
    report = shelf.check()
    assert not report.errors
    assert ["No course names this module" in problem.says for problem in report.warnings] == [True]


def test_prerequisites_come_first(shelf: Shelf):
    other = shelf.text(MODULE).replace("completion:", "prerequisites: [listening]\ncompletion:")
    other = other.replace("[listening-check]", "[]").replace("[gate]", "[]").replace("Begin with", "See")
    shelf.write("modules/speaking/module.md", other)
    shelf.write("modules/speaking/10-page.md", "# Page\n\nWords.\n")
    shelf.change(COURSE, "[listening]", "[speaking, listening]")
    report = shelf.check()
    assert any("“speaking” comes before “listening”" in problem.says for problem in report.warnings)
    assert any("LO1 has no scored question" in problem.says for problem in report.warnings)


def test_every_problem_of_every_file_is_told_at_once(shelf: Shelf):
    shelf.change(PAGE, "[[consent]]", "[[consens]]")
    shelf.change(PAGE, "@NOTES-2021]", "@NOTE-2021]")
    shelf.change(COURSE, "hours: 1.5", "hours: few")
    shelf.change(SECOND, "# Next steps", "Next steps")
    report = shelf.check()
    assert [(p.file, p.line) for p in report.errors] == [(COURSE, 5), (PAGE, 3), (PAGE, 3), (SECOND, 1)]
    assert report.text.splitlines()[0].startswith(f"{COURSE}:5: error: ")
    assert report.text.splitlines()[-1] == "4 errors, 0 warnings."


def test_the_same_mistake_twice_is_told_with_both_lines(shelf: Shelf):
    shelf.change(PAGE, "@GUIDE-2020 §2; ", "@GIDE; ")
    shelf.change(PAGE, "[@GUIDE-2020 §2]", "[@GIDE]")
    shelf.change(PAGE, "Go on", "Go [@GIDE] on")
    assert [p.line for p in shelf.check().errors] == [3, 15, 19]


def test_two_pages_with_one_address_are_refused(shelf: Shelf):
    shelf.write("modules/listening/30-next-steps.md", "# Again\n\nWords.\n")
    shelf.write("modules/listening/020-other.md", "# Other\n\nWords.\n")
    says = [problem.says for problem in shelf.check().errors]
    assert any("same address as 20-next-steps.md" in each for each in says)
    assert any("same number as 020-other.md" in each for each in says)


def test_a_module_without_pages_is_refused(shelf: Shelf):
    shelf.remove(PAGE)
    shelf.remove(SECOND)
    assert any("The module has no pages" in problem.says for problem in shelf.check().errors)
