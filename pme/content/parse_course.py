"""A course file, and the fields that courses, modules, quizzes and scenarios write alike.

Pure.
"""

from typing import Literal

from pme.content.parse_fields import Book, Form
from pme.content.parsed import Parsed
from pme.content.problems import Findings, near
from pme.content.shapes import CertificateWording, ContentNote, Course, Outcome
from pme.content.translated_fields import Words, translated
from pme.content.written_in import LANGUAGES
from pme.content.yaml_tree import Fields, Items, Node, Text, lines_of, read_yaml
from pme.words.speech import _, _p

DETAILS: tuple[Literal["none", "mentioned", "summarised"], ...] = ("none", "mentioned", "summarised")
"""What each language calls itself."""


def open_file(
    text: str, book: Book, *, what: str, schema: str, first_line: int = 1, words: Words | None = None
) -> Form | None:
    """The fields of a file that names its schema, or None when it cannot be read.

    With `words` they are read in another language.
    """
    tree = read_yaml(text, book.findings, first_line=first_line)
    if not isinstance(tree, Fields):
        if tree is not None or not book.findings.broken:
            book.findings.error(
                first_line,
                _("This {what} has no fields; it begins with schema: {schema}", what=what, schema=schema),
            )
        return None
    form = Form(translated(tree, words) if words else tree, book, _("This {what}", what=what))
    form.one_of("schema", (schema,))
    return form


def places(form: Form) -> dict[str, int]:
    """Every place of a file with its line."""
    return dict(lines_of(form.fields))


def outcomes(form: Form, name: str) -> tuple[Outcome, ...]:
    """Learning outcomes: `id: text`, or `id: {text, verb, serves}`."""
    node = form.node(name, required=True)
    if node is None:
        return ()
    if not isinstance(node, Fields) or not node.entries:
        form.error(name, _("“{name}” holds outcomes, each under its id, such as LO1.", name=name))
        return ()
    return tuple(_outcome(key, value, form.book) for key, value in node.entries)


def content_note(form: Form | None, *, support: str | None = None) -> ContentNote | None:
    """What a reader meets, the equal way around it, and where support is told (`default`: by the academy)."""
    if form is None:
        return None
    told = form.maybe("support") or support
    if told is None:
        form.error("support", _("“support” is missing; write support: default for the academy’s own list."))
    note = ContentNote(
        themes=form.texts("themes", required=True),
        detail=form.one_of("detail", DETAILS),
        text=form.told("text"),
        equivalent=form.text("equivalent"),
        support=told or "default",
    )
    form.finish()
    return note


def attempts_allowed(form: Form, name: str) -> int | None:
    """How often something may be tried; None is unlimited."""
    return None if form.maybe(name) in (None, "unlimited") else form.whole(name, low=1, high=100)


def parse_course(
    slug: str, text: str, findings: Findings, *, words: Words | None = None
) -> Parsed[Course] | None:
    """The course of a `<slug>.course.yaml`, or None when the file cannot be read."""
    book = Book(findings)
    form = open_file(text, book, what=_p("kind of file", "course"), schema="pme-course/1", words=words)
    if form is None:
        return None
    counts = form.yes("counts", default=True)
    modules = form.texts("modules", required=True)
    course = Course(
        slug=slug,
        title=form.text("title"),
        summary=form.told("summary"),
        language=form.one_of("language", LANGUAGES),
        hours=form.number("hours"),
        level=form.text("level"),
        modules=modules,
        required=_required(form.form("completion", required=False), modules),
        outcomes=outcomes(form, "outcomes"),
        certificate=_certificate(form, counts=counts),
        counts=counts,
        authors=form.texts("authors", required=True),
        review_date=form.date("review_date"),
    )
    form.finish()
    return Parsed(findings.file, course, {findings.file: text}, places(form), tuple(book.passages))


def _certificate(form: Form, *, counts: bool) -> CertificateWording:
    """The wording of its certificate; a course that does not count has none."""
    wording = form.form("certificate", required=counts)
    if wording is None:
        return CertificateWording(title="", statement="")
    if not counts:
        form.error(
            "certificate",
            _("A course that counts for nothing (counts: no) gives no certificate; leave “certificate” out."),
        )
    certificate = CertificateWording(title=wording.text("title"), statement=wording.text("statement"))
    wording.finish()
    return certificate


def _required(form: Form | None, modules: tuple[str, ...]) -> tuple[str, ...]:
    """The modules that complete a course; none where all do."""
    if form is None:
        return ()
    node = form.node("modules", required=True)
    named = () if isinstance(node, Text) and node.value.strip() == "all" else form.texts("modules")
    for slug in named:
        if slug not in modules:
            form.error(
                "modules",
                _("“{slug}” is not a module of this course.{near}", slug=slug, near=near(slug, modules)),
            )
    if isinstance(node, Items) and not named:
        form.error("modules", _("“modules” is empty; write all, or name those that complete the course."))
    form.finish()
    return named


def _outcome(key: Text, value: Node, book: Book) -> Outcome:
    what = _("outcome {id}", id=key.value)
    if isinstance(value, Fields):
        form = Form(Fields(value.entries, key.line), book, what)
        outcome = Outcome(
            id=key.value, text=form.told("text"), verb=form.maybe("verb"), serves=form.texts("serves")
        )
        form.finish()
        return outcome
    if isinstance(value, Text) and value.value.strip():
        book.told(value.line, value.value)
        return Outcome(id=key.value, text=value.value.strip())
    book.findings.error(key.line, _("{what}: say in words what its holder can do.", what=what))
    return Outcome(id=key.value, text="")
