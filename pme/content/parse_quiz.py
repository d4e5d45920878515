"""A quiz: its pass rule and its items. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Literal

from pme.content.inline_text import inline_html
from pme.content.parse_course import LANGUAGES, attempts_allowed, open_file, places
from pme.content.parse_fields import Book, Form
from pme.content.parse_sources import Bibliography, refs
from pme.content.parsed import Parsed
from pme.content.problems import Findings
from pme.content.shapes import (
    AnyItem,
    Citation,
    Difficulty,
    Distractor,
    MatchingItem,
    MultipleItem,
    Option,
    OrderingItem,
    Outcome,
    Pair,
    Quiz,
    QuizPass,
    Scoring,
    SequenceStep,
    SingleItem,
)

TYPES = ("single", "multiple", "true-false", "matching", "ordering")
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
WHOLE_OR_PART: tuple[Literal["all-or-nothing", "per-option"], ...] = ("all-or-nothing", "per-option")
SCORINGS: tuple[Scoring, ...] = (*WHOLE_OR_PART, "right-minus-wrong")
WORDS_FOR_TRUE_FALSE = {
    "en": ("True", "False"),
    "fr": ("Vrai", "Faux"),
    "uk": ("Правда", "Неправда"),
    "ar": ("صحيح", "خطأ"),
}
RIGHT_ID = 12
LISTS = ("options", "pairs", "sequence")


def parse_quiz(
    slug: str,
    text: str,
    findings: Findings,
    *,
    bibliography: Bibliography,
    outcomes: Mapping[str, tuple[Outcome, ...]],
) -> Parsed[Quiz] | None:
    """The quiz of a `<slug>.quiz.yaml`, or None when the file cannot be read.

    `outcomes` are those of each module, by the module's slug.
    """
    book = Book(findings)
    form = open_file(text, book, what="quiz", schema="pme-quiz/1")
    if form is None:
        return None
    passing, shuffle, key = form.form("pass"), form.form("shuffle", required=False), form.form("key")
    language = form.one_of("language", LANGUAGES)
    reader = _Items(slug, language, bibliography)
    module = form.slug("module")
    quiz = Quiz(
        slug=slug,
        title=form.text("title"),
        summary=form.told("summary"),
        language=language,
        module=module,
        minutes=form.whole("minutes", low=1, high=600),
        pass_rule=QuizPass(
            min_percent=passing.whole("min_percent", low=1, high=100) if passing else 100,
            critical=passing.texts("critical") if passing else (),
        ),
        attempts=attempts_allowed(form, "attempts"),
        shuffle_items=shuffle.yes("items", default=True) if shuffle else True,
        shuffle_options=shuffle.yes("options", default=True) if shuffle else True,
        keyed_by=key.one_of("by", ("author", "panel")) if key else "author",
        outcomes=outcomes.get(module, ()),
        items=tuple(item for each in form.forms("items", "item") if (item := reader.read(each))),
    )
    for part in (passing, shuffle, key, form):
        if part:
            part.finish()
    _refuse_twins(form)
    return Parsed(findings.file, quiz, {findings.file: text}, places(form), tuple(book.passages))


def right_id(quiz: str, item: str, text: str) -> str:
    """An id for a right-hand side that tells nothing about its pair."""
    return hashlib.sha256(f"{quiz}/{item}/{text}".encode()).hexdigest()[:RIGHT_ID]


class _Items:
    """Reads the items of one quiz by their type."""

    def __init__(self, quiz: str, language: str, bibliography: Bibliography) -> None:
        self.quiz = quiz
        self.language = language
        self.bibliography = bibliography

    def read(self, form: Form) -> AnyItem | None:
        """The item, or None when its type is unknown."""
        if not form.has("type") or form.maybe("type") not in TYPES:
            form.one_of("type", TYPES)
            return None
        kind = form.one_of("type", TYPES)
        if kind in ("single", "true-false"):
            item: AnyItem = self._single(form, is_statement=kind == "true-false")
        elif kind == "multiple":
            item = self._multiple(form)
        elif kind == "matching":
            item = self._matching(form)
        else:
            item = self._ordering(form)
        form.finish()
        return item

    def _single(self, form: Form, *, is_statement: bool) -> SingleItem:
        options = self._statement(form) if is_statement else self._options(form)
        if sum(option.correct for option in options) != 1 and not is_statement:
            form.error("options", "exactly one option has to be “correct: yes”.")
        return SingleItem(
            id=form.identifier("id"),
            type="true-false" if is_statement else "single",
            outcome=form.text("outcome"),
            difficulty=form.one_of("difficulty", DIFFICULTIES),
            stem_html=form.inline("stem"),
            options=options,
            refs=self._refs(form),
        )

    def _multiple(self, form: Form) -> MultipleItem:
        options = self._options(form)
        if not any(option.correct for option in options):
            form.error("options", "at least one option has to be “correct: yes”.")
        return MultipleItem(
            id=form.identifier("id"),
            type="multiple",
            scoring=form.one_of("scoring", SCORINGS),
            outcome=form.text("outcome"),
            difficulty=form.one_of("difficulty", DIFFICULTIES),
            stem_html=form.inline("stem"),
            options=options,
            refs=self._refs(form),
        )

    def _matching(self, form: Form) -> MatchingItem:
        item = form.identifier("id")
        pairs = []
        for each in form.forms("pairs", f"{form.what}, pair"):
            right = each.inline("right")
            pairs.append(
                Pair(
                    id=each.identifier("id"),
                    left_html=each.inline("left"),
                    right_html=right,
                    right_id=right_id(self.quiz, item, right),
                    feedback_html=each.inline("feedback"),
                )
            )
            each.finish()
        others = []
        for text in form.items("distractors"):
            form.book.told(text.line, text.value)
            html = inline_html(text.value)
            others.append(Distractor(right_id=right_id(self.quiz, item, html), right_html=html))
        rights = [pair.right_id for pair in pairs] + [other.right_id for other in others]
        if len(set(rights)) < len(rights):
            form.error("pairs", "two right-hand sides are the same; each has to differ from the others.")
        _enough(form, "pairs", len(pairs))
        return MatchingItem(
            id=item,
            type="matching",
            scoring=form.one_of("scoring", WHOLE_OR_PART),
            outcome=form.text("outcome"),
            difficulty=form.one_of("difficulty", DIFFICULTIES),
            stem_html=form.inline("stem"),
            pairs=tuple(pairs),
            distractors=tuple(sorted(others, key=lambda other: other.right_id)),
            refs=self._refs(form),
        )

    def _ordering(self, form: Form) -> OrderingItem:
        steps = []
        for each in form.forms("sequence", f"{form.what}, step"):
            steps.append(
                SequenceStep(
                    id=each.identifier("id"),
                    text_html=each.inline("text"),
                    feedback_html=each.inline("feedback"),
                )
            )
            each.finish()
        _enough(form, "sequence", len(steps))
        return OrderingItem(
            id=form.identifier("id"),
            type="ordering",
            scoring=form.one_of("scoring", WHOLE_OR_PART),
            outcome=form.text("outcome"),
            difficulty=form.one_of("difficulty", DIFFICULTIES),
            stem_html=form.inline("stem"),
            sequence=tuple(steps),
            refs=self._refs(form),
        )

    def _options(self, form: Form) -> tuple[Option, ...]:
        options = []
        for each in form.forms("options", f"{form.what}, option"):
            options.append(
                Option(
                    id=each.identifier("id"),
                    text_html=each.inline("text"),
                    correct=each.yes("correct", default=False),
                    feedback_html=each.inline("feedback"),
                )
            )
            each.finish()
        _enough(form, "options", len(options))
        return tuple(options)

    def _statement(self, form: Form) -> tuple[Option, ...]:
        answer = form.one_of("answer", ("true", "false"))
        feedback = form.form("feedback")
        told = {each: feedback.inline(each) if feedback else "" for each in ("true", "false")}
        if feedback:
            feedback.finish()
        yes, no = WORDS_FOR_TRUE_FALSE[self.language]
        return (
            Option(id="true", text_html=yes, correct=answer == "true", feedback_html=told["true"]),
            Option(id="false", text_html=no, correct=answer == "false", feedback_html=told["false"]),
        )

    def _refs(self, form: Form) -> tuple[Citation, ...]:
        found = refs(form, self.bibliography)
        if not form.texts("refs"):
            form.error("refs", "no source is cited; name at least one in refs.")
        return found


def _enough(form: Form, name: str, number: int) -> None:
    if form.has(name) and number < len(("one", "another")):
        form.error(name, f"“{name}” has to hold at least two entries.")


def _refuse_twins(form: Form) -> None:
    # Read a second time, into a book that is thrown away: only what is new here is kept.
    aside = Form(form.fields, Book(Findings(form.book.findings.file)), form.what)
    items = aside.forms("items", "item", required=False)
    lists = [items, *(each.forms(name, each.what) for each in items for name in LISTS if each.has(name))]
    for forms in lists:
        first: dict[str, int] = {}
        for each in forms:
            name = each.maybe("id")
            if name in first:
                form.book.findings.error(
                    each.line, f"{each.what}: this id is already taken at line {first[name]}."
                )
            elif name:
                first[name] = each.line
