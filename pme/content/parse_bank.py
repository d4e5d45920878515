"""A bank: items of a module that quizzes draw from, and that pages ask as checks. Pure.

A bank is not published by itself: what may be asked of it becomes part of the quiz or page.
"""

from dataclasses import dataclass

from pme.content.parse_course import open_file, places
from pme.content.parse_fields import Book
from pme.content.parse_item_parts import CONFIDENCES, LONGEST_ID, refuse_twins
from pme.content.parse_items import ItemReader
from pme.content.parse_sources import Bibliography
from pme.content.parsed import Parsed
from pme.content.problems import Findings
from pme.content.shapes import AnyItem
from pme.content.translated_fields import Words
from pme.content.written_in import LANGUAGES
from pme.words.speech import _, _p


@dataclass(frozen=True)
class Bank:
    """The items of a `<slug>.bank.yaml`; `silent` are those that leave their confidence to the quiz."""

    slug: str
    title: str
    language: str
    module: str
    items: tuple[AnyItem, ...]
    silent: frozenset[str] = frozenset()

    def item(self, item_id: str) -> AnyItem | None:
        """The item of this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)


def parse_bank(
    slug: str, text: str, findings: Findings, *, bibliography: Bibliography, words: Words | None = None
) -> Parsed[Bank] | None:
    """The bank of a `<slug>.bank.yaml`, or None when the file cannot be read."""
    book = Book(findings)
    form = open_file(text, book, what=_p("kind of file", "bank"), schema="pme-bank/1", words=words)
    if form is None:
        return None
    if len(slug) > LONGEST_ID:
        findings.error(1, _("The name of a bank is at most {longest_id} characters.", longest_id=LONGEST_ID))
    language = form.one_of("language", LANGUAGES)
    says_how_sure = form.has("confidence")
    reader = ItemReader(slug, language, bibliography, form.one_of("confidence", CONFIDENCES, "none"))
    bank = Bank(
        slug=slug,
        title=form.text("title"),
        language=language,
        module=form.slug("module"),
        items=reader.read_all(form),
        silent=frozenset() if says_how_sure else frozenset(reader.silent),
    )
    form.finish()
    refuse_twins(form)
    return Parsed(findings.file, bank, {findings.file: text}, places(form), tuple(book.passages))
