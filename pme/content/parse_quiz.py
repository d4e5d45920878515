"""A quiz: its pass rule, its own items, and what it draws from banks. Pure."""

from collections.abc import Mapping

from pme.content.parse_bank import Bank
from pme.content.parse_blueprint import blueprint
from pme.content.parse_course import attempts_allowed, open_file, places
from pme.content.parse_fields import Book, Form
from pme.content.parse_item_parts import CONFIDENCES, refuse_twins
from pme.content.parse_items import ItemReader
from pme.content.parse_panel import parse_panel, parse_standard
from pme.content.parse_sources import Bibliography
from pme.content.parsed import Parsed
from pme.content.problems import Findings
from pme.content.shapes import Outcome, Quiz, QuizPass
from pme.content.translated_fields import Words
from pme.content.written_in import LANGUAGES
from pme.words.speech import _, _p

LONGEST_LIMIT = 600


def parse_quiz(
    slug: str,
    text: str,
    findings: Findings,
    *,
    bibliography: Bibliography,
    outcomes: Mapping[str, tuple[Outcome, ...]],
    banks: Mapping[str, Parsed[Bank] | None],
    words: Words | None = None,
) -> Parsed[Quiz] | None:
    """The quiz of a `<slug>.quiz.yaml`, or None when the file cannot be read.

    `outcomes` are those of each module, by the module's slug; a bank is None when its file cannot be read.
    """
    book = Book(findings)
    form = open_file(text, book, what=_p("kind of file", "quiz"), schema="pme-quiz/1", words=words)
    if form is None:
        return None
    passing, shuffle, key = form.form("pass"), form.form("shuffle", required=False), form.form("key")
    language = form.one_of("language", LANGUAGES)
    usual = form.one_of("confidence", CONFIDENCES, "none")
    reader = ItemReader(slug, language, bibliography, usual)
    module = form.slug("module")
    own = reader.read_all(form, required=not form.has("blueprint"))
    drawn = blueprint(form, banks, own, module=module, language=language, usual=usual)
    quiz = Quiz(
        slug=slug,
        title=form.text("title"),
        summary=form.told("summary"),
        language=language,
        module=module,
        minutes=form.whole("minutes", low=1, high=LONGEST_LIMIT),
        pass_rule=_pass_rule(passing),
        attempts=attempts_allowed(form, "attempts"),
        time_limit_minutes=_time_limit(form),
        blueprint=drawn.lines,
        shuffle_items=shuffle.yes("items", default=True) if shuffle else True,
        shuffle_options=shuffle.yes("options", default=True) if shuffle else True,
        keyed_by=key.one_of("by", ("author", "panel")) if key else "author",
        panel=parse_panel(form),
        outcomes=outcomes.get(module, ()),
        items=(*own, *drawn.items),
    )
    for part in (passing, shuffle, key, form):
        if part:
            part.finish()
    refuse_twins(form)
    return Parsed(
        findings.file, quiz, {findings.file: text} | drawn.source, places(form), tuple(book.passages)
    )


def _time_limit(form: Form) -> int | None:
    if not form.has("time_limit_minutes"):
        return None
    return form.whole("time_limit_minutes", low=1, high=LONGEST_LIMIT)


def _pass_rule(form: Form | None) -> QuizPass:
    if form is None:
        return QuizPass(min_percent=100)
    least = form.whole("min_percent", low=1, high=100)
    success = form.whole("success_percent", low=1, high=100) if form.has("success_percent") else None
    if success is not None and success <= least:
        form.error(
            "success_percent",
            _("“success_percent” has to be over “min_percent”, which is {least}.", least=least),
        )
    return QuizPass(
        min_percent=least,
        critical=form.texts("critical"),
        min_by_outcome=_least_by_outcome(form),
        success_percent=success,
        standard=parse_standard(form),
    )


def _least_by_outcome(form: Form) -> dict[str, int]:
    inner = form.form("min_by_outcome", required=False)
    if inner is None:
        return {}
    return {key.value: inner.whole(key.value, low=1, high=100) for key, _unused in inner.fields.entries}
