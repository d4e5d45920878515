"""The bibliography, the glossary, and what it means to cite: `KEY` or `KEY place in it`.

Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pme.content.parse_fields import SLUG, Book, Form
from pme.content.problems import Findings, near
from pme.content.shapes import Citation, Glossary, Source, Term
from pme.content.yaml_tree import Fields, Text, read_yaml
from pme.words.speech import _, _p

SOURCES = "modules/sources.yaml"
GLOSSARY = "modules/glossary.yaml"
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True)
class Succession:
    """Why a superseded source is so, and the key of what took its place, "" for nothing."""

    by: str = ""
    because: str = ""


@dataclass(frozen=True)
class Bibliography:
    """Every source by key, with the line where it stands, and what took the place of those superseded.

    Successions are for authors. They are no part of a source as versions keep it, so that telling one makes
    no new version of what cites it.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    successions: Mapping[str, Succession] = field(default_factory=dict)

    def cited(self, cited: str) -> Citation | None:
        """What `KEY` or `KEY §4` cites, or None when the key is unknown."""
        key, _unused, locator = cited.strip().partition(" ")
        source = self.sources.get(key)
        return Citation(source=source, locator=locator.strip() or None) if source else None


@dataclass(frozen=True)
class Terms:
    """Every glossary term by slug, of each language."""

    glossaries: Mapping[str, Glossary] = field(default_factory=dict)

    def find(self, slug: str, language: str) -> Term | None:
        """The term in this language, or None."""
        glossary = self.glossaries.get(language)
        return glossary.term(slug) if glossary else None

    def slugs(self, language: str) -> tuple[str, ...]:
        """Every term's slug in this language."""
        glossary = self.glossaries.get(language)
        return tuple(term.slug for term in glossary.terms) if glossary else ()


def parse_sources(text: str, findings: Findings) -> Bibliography:
    """The bibliography of `sources.yaml`."""
    book = Book(findings)
    sources: dict[str, Source] = {}
    lines: dict[str, int] = {}
    successions: dict[str, Succession] = {}
    for key, form in _entries(text, book, _p("part of a file", "source")):
        if not _KEY.match(key):
            findings.error(
                form.line, _("source {key}: a key has letters, digits, dots and hyphens.", key=key)
            )
        sources[key] = Source(
            key=key,
            title=form.text("title"),
            body=form.text("body"),
            date=form.text("date"),
            url=_web_address(form),
            status=form.one_of("status", ("seen", "to-verify", "superseded"), "seen"),
            note=form.maybe("note"),
        )
        lines[key] = form.line
        told = Succession(form.maybe("superseded_by") or "", form.maybe("superseded_because") or "")
        if told != Succession():
            successions[key] = told
            if sources[key].status != "superseded":
                form.error("superseded_by", _("only a source with status: superseded says what replaced it."))
        form.finish()
    for key, told in successions.items():
        if told.by and (told.by not in sources or told.by == key):
            says = _(
                "source {key}: “{by}” is not another source of this file.{near}",
                key=key,
                by=told.by,
                near=near(told.by, sources),
            )
            findings.error(lines[key], says)
    return Bibliography(sources, lines, successions)


def parse_glossary(text: str, findings: Findings) -> Terms:
    """The terms of `glossary.yaml`, in alphabetical order for each language."""
    book = Book(findings)
    found: dict[str, list[Term]] = {}
    for slug, form in _entries(text, book, _p("part of a file", "term")):
        if not SLUG.match(slug):
            findings.error(
                form.line, _("term {slug}: its name has lower-case letters, digits and hyphens.", slug=slug)
            )
        for language, words in _languages(form, book):
            term = Term(slug=slug, term=words.text("term"), definition=words.told("definition"))
            words.finish()
            found.setdefault(language, []).append(term)
    return Terms(
        {
            language: Glossary(slug=language, terms=tuple(sorted(terms, key=lambda t: t.term.casefold())))
            for language, terms in found.items()
        }
    )


def local_source(name: str, form: Form, bibliography: Bibliography) -> Citation | None:
    """A scenario's short name: for an entry of sources.yaml, or for a source told right there."""
    locator = form.maybe("locator")
    if form.has("source"):
        key = form.text("source")
        form.finish()
        found = bibliography.cited(key)
        if found is None:
            hint = near(key, bibliography.sources)
            form.error(
                "source",
                _(
                    "“{key}” is not in sources.yaml; add it there or correct the key.{hint}",
                    key=key,
                    hint=hint,
                ),
            )
            return None
        return Citation(source=found.source, locator=locator or found.locator)
    verified = form.yes("verified", default=False)
    source = Source(
        key=name,
        title=form.text("title"),
        body=form.maybe("body") or "",
        date=form.maybe("year") or form.maybe("date") or "",
        url=_web_address(form),
        status="seen" if verified else "to-verify",
    )
    if not verified:
        form.book.findings.warn(
            form.line, _("source {name} is not verified; check it against the original.", name=name)
        )
    form.finish(ignore=("date",))
    return Citation(source=source, locator=locator)


def refs(
    form: Form, bibliography: Bibliography, local: Mapping[str, Citation] | None = None
) -> tuple[Citation, ...]:
    """The citations of a field `refs`, by short name first and by key of sources.yaml then."""
    local = local or {}
    found = []
    for item in form.items("refs"):
        key, _unused, locator = item.value.strip().partition(" ")
        short = local.get(key)
        if short is not None:
            found.append(Citation(source=short.source, locator=locator.strip() or short.locator))
        elif (citation := bibliography.cited(item.value)) is not None:
            found.append(citation)
        else:
            hint = near(key, [*local, *bibliography.sources])
            form.book.findings.error(
                item.line,
                _(
                    "{what} cites {key}, which is not in sources.yaml; add it there or correct the key.{hint}",
                    what=form.what,
                    key=key,
                    hint=hint,
                ),
            )
    return tuple(found)


def _entries(text: str, book: Book, what: str) -> list[tuple[str, Form]]:
    tree = read_yaml(text, book.findings)
    if tree is None:
        return []
    if not isinstance(tree, Fields):
        book.findings.error(
            tree.line, _("This file holds one {what} after the other, each under its name.", what=what)
        )
        return []
    found = []
    for key, node in tree.entries:
        if isinstance(node, Fields):
            found.append((key.value, Form(Fields(node.entries, key.line), book, f"{what} {key.value}")))
        elif not isinstance(node, Text) or node.value:
            book.findings.error(
                key.line, _("{what} {key} has to hold named fields.", what=what, key=key.value)
            )
        else:
            book.findings.error(key.line, _("{what} {key} is empty.", what=what, key=key.value))
    return found


def _languages(form: Form, book: Book) -> list[tuple[str, Form]]:
    found = []
    for key, node in form.fields.entries:
        if not _LANGUAGE.match(key.value):
            book.findings.error(
                key.line,
                _(
                    "{what}: “{key}” is not a language; write en, fr, uk or ar.",
                    what=form.what,
                    key=key.value,
                ),
            )
        elif isinstance(node, Fields):
            inner = Fields(node.entries, key.line)
            found.append((key.value, Form(inner, book, f"{form.what} ({key.value})")))
        else:
            book.findings.error(
                key.line, _("{what}: “{key}” has to hold term and definition.", what=form.what, key=key.value)
            )
    return found


def _web_address(form: Form) -> str | None:
    url = form.maybe("url")
    if url is not None and not url.startswith(("https://", "http://")):
        form.error("url", _("“{url}” is not a web address; it begins with https://.", url=url))
    return url
