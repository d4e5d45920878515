"""The items of a quiz or a bank, each read by its type; here those that are answered by choosing. Pure."""

from dataclasses import dataclass, field

from pme.content.parse_fields import Form
from pme.content.parse_item_parts import Head, enough, head
from pme.content.parse_items_judged import essay, rating
from pme.content.parse_items_sets import matching, ordering
from pme.content.parse_items_typed import numeric, short_text
from pme.content.parse_sources import Bibliography
from pme.content.shapes import AnyItem, Confidence, MultipleItem, Option, Scoring, SingleItem
from pme.words.speech import _, _p

TYPES = (
    "single",
    "multiple",
    "true-false",
    "matching",
    "ordering",
    "numeric",
    "short-text",
    "rating",
    "essay",
)
SCORINGS: tuple[Scoring, ...] = ("all-or-nothing", "per-option", "right-minus-wrong")
WORDS_FOR_TRUE_FALSE = {
    "en": ("True", "False"),  # not words
    "fr": ("Vrai", "Faux"),  # not words
    "uk": ("Правда", "Неправда"),
    "ar": ("صحيح", "خطأ"),
}


@dataclass
class ItemReader:
    """Reads the items of one file, whose slug is `owner`. `usual` is the confidence of those that do not say.

    `silent` gathers the ids of the items that did not say.
    """

    owner: str
    language: str
    bibliography: Bibliography
    usual: Confidence = "none"
    silent: set[str] = field(default_factory=set)

    def read_all(self, form: Form, *, required: bool = True) -> tuple[AnyItem, ...]:
        """Every item of the field `items` that can be read."""
        read = (
            self.read(each) for each in form.forms("items", _p("part of a file", "item"), required=required)
        )
        return tuple(item for item in read if item is not None)

    def read(self, form: Form) -> AnyItem | None:
        """The item, or None when its type is unknown."""
        if not form.has("type") or form.maybe("type") not in TYPES:
            form.one_of("type", TYPES)
            return None
        kind = form.one_of("type", TYPES)
        usual: Confidence = "none" if kind == "essay" else self.usual
        first = head(form, self.bibliography, usual)
        if not form.has("confidence") and kind != "essay":
            self.silent.add(first["id"])
        item = self._rest(kind, form, first)
        form.finish()
        return item

    def _rest(self, kind: str, form: Form, first: Head) -> AnyItem:
        match kind:
            case "single":
                return _single(form, first)
            case "true-false":
                return _statement(form, first, self.language)
            case "multiple":
                return _multiple(form, first)
            case "matching":
                return matching(form, first, self.owner)
            case "ordering":
                return ordering(form, first)
            case "numeric":
                return numeric(form, first)
            case "short-text":
                return short_text(form, first)
            case "rating":
                return rating(form, first)
            case _:
                return essay(form, first)


def _single(form: Form, first: Head) -> SingleItem:
    options = _options(form)
    if sum(option.correct for option in options) != 1:
        form.error("options", _("exactly one option has to be “correct: yes”."))
    return SingleItem(**first, type="single", options=options)


def _multiple(form: Form, first: Head) -> MultipleItem:
    options = _options(form)
    if not any(option.correct for option in options):
        form.error("options", _("at least one option has to be “correct: yes”."))
    return MultipleItem(**first, type="multiple", scoring=form.one_of("scoring", SCORINGS), options=options)


def _options(form: Form) -> tuple[Option, ...]:
    options = []
    for each in form.forms("options", _("{what}, option", what=form.what)):
        options.append(
            Option(
                id=each.identifier("id"),
                text_html=each.inline("text"),
                correct=each.yes("correct", default=False),
                feedback_html=each.inline("feedback"),
            )
        )
        each.finish()
    enough(form, "options", len(options))
    return tuple(options)


def _statement(form: Form, first: Head, language: str) -> SingleItem:
    answer = form.one_of("answer", ("true", "false"))
    feedback = form.form("feedback")
    told = {each: feedback.inline(each) if feedback else "" for each in ("true", "false")}
    if feedback:
        feedback.finish()
    yes, no = WORDS_FOR_TRUE_FALSE[language]
    options = (
        Option(id="true", text_html=yes, correct=answer == "true", feedback_html=told["true"]),
        Option(id="false", text_html=no, correct=answer == "false", feedback_html=told["false"]),
    )
    return SingleItem(**first, type="true-false", options=options)
