"""Which fields the parts of a scenario have in forms: its nodes, its endings and the scenario itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pme.authoring.item_fields import REFS, Choices, Field, Fields, Rows
from pme.authoring.setting_fields import SETTING
from pme.content.parse_course import DETAILS
from pme.content.parse_debrief import SHOWN
from pme.content.written_in import LANGUAGES
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _

KINDS = {
    "decision": lazy("Decision"),
    "brief": lazy("Text to read"),
    "resolve": lazy("Fork, by state"),
    "outcome": lazy("Ending"),
}
"""What a story is made of, in the words of its authors."""
STRONGEST = 3
_DETAILS = {
    "none": lazy_p("detail", "None"),
    "mentioned": lazy("Mentioned"),
    "summarised": lazy("Summarised"),
}
_TONGUES = {"en": lazy("English"), "fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}
_CONDITION = lazy("Such as: trust >= 2 and not helped. The first condition that is true is used.")
_EFFECTS = lazy("What it changes")
_MARKS = lazy("Critical actions and marks")


@dataclass(frozen=True)
class Known:
    """What the nodes of a scenario may name: state, flags, outcomes and critical actions, with their words."""

    state: Choices = ()
    flags: Choices = ()
    outcomes: Choices = ()
    must_not: Choices = ()
    must_do: Choices = ()
    options: Choices = field(default=())


def fields_of(kind: str, known: Known) -> Fields:
    """The form of a node of a kind, or of an ending."""
    if kind == "decision":
        return _decision(known)
    if kind == "brief":
        return (*_told(_("Text"), _("What students read here. An empty line begins a new paragraph.")), _GOTO)
    if kind == "resolve":
        return _FORK
    return _ENDING


def of_the_scenario(known: Known) -> Fields:
    """The form of everything around the nodes; `known` holds the outcomes of its module."""
    return (
        *_HEAD,
        Field(
            "learning_outcomes",
            _("Learning outcomes that it exercises"),
            "several",
            choices=known.outcomes,
        ),
        *_STORY,
        *_NOTE,
        *_STATE,
        *_RULE,
        *_DEBRIEF,
    )


def _told(label: str, hint: str) -> Fields:
    return (
        Field("story_time", _("Time in the story"), hint=_("Such as 14:05."), is_optional=True),
        *SETTING,
        Field("text", label, "text", hint, rows=6),
        Rows(
            "variants",
            _("Other texts, by state"),
            _("Other text"),
            (Field("when", _("When"), hint=_CONDITION), Field("text", _("Text instead"), "text", rows=5)),
            _("Shown instead of the text above when their condition is true."),
            has_id=False,
            at_first=0,
        ),
    )


_GOTO = Field("goto", lazy("Leads to"), "choice")


def _decision(known: Known) -> Fields:
    said = _told(_("Situation"), _("What has happened before the question. It may be empty."))
    return (
        *(replace(each, is_optional=True) if isinstance(each, Field) else each for each in said),
        Field("prompt", _("Question"), hint=_("Such as: What should you do first?")),
        Field(
            "outcomes",
            _("Learning outcomes"),
            "several",
            _("What this decision tests; results are shown by learning outcome."),
            known.outcomes,
        ),
        Rows(
            "choices",
            _("Choices"),
            _("Choice"),
            _choice(known),
            _("Three to five choices, one of them best."),
            at_first=4,
        ),
        Field(
            "expert",
            _("What experts do here"),
            "choice",
            _("The debrief shows the expert path."),
            choices=(("", "–"), *known.options),
        ),
    )


def _choice(known: Known) -> Fields:
    changes = tuple(
        (f"{number:+d}" if number else "", f"{number:+d}" if number else _("no change"))
        for number in (*range(STRONGEST, 0, -1), 0, *range(-1, -STRONGEST - 1, -1))
    )
    flags = Field("set", _("Flags that it raises"), "several", choices=known.flags, fold=_("Flags"))
    return (
        Field("text", _("What the student does"), "text", _("One sentence.")),
        Field(
            "key.rating",
            _("How appropriate it is"),
            "choice",
            _("How an expert would rate this choice. The credit is worked out from it."),
            choices=(("", "–"), ("4", _("4, best")), ("3", "3"), ("2", "2"), ("1", _("1, harmful"))),
        ),
        Field(
            "feedback",
            _("Feedback on it"),
            "text",
            _("Say why it is a good choice, or what is wrong with it."),
            rows=3,
        ),
        replace(_GOTO, hint=_("Any of them may lead to the same place.")),
        *(
            Field(f"effects.{name}", label, "choice", choices=changes, fold=_EFFECTS)
            for name, label in known.state
        ),
        *((flags,) if known.flags else ()),
        Field(
            "critical",
            _("It is an action that must not be taken"),
            "choice",
            _("Whoever chooses it does not pass, whatever the points."),
            choices=(("", "–"), *known.must_not),
            fold=_MARKS,
        ),
        Field(
            "satisfies",
            _("It is an action that must be taken"),
            "choice",
            _("Whoever does not choose any such action on the way does not pass."),
            choices=(("", "–"), *known.must_do),
            fold=_MARKS,
        ),
        Field(
            "irreversible",
            _("It cannot be taken back, and students see so before they choose"),
            "yes",
            fold=_MARKS,
        ),
        REFS,
    )


_FORK: Fields = (
    Rows(
        "rules",
        lazy("Ways, by state"),
        lazy_p("path", "Way"),
        (Field("when", lazy("When"), hint=_CONDITION), Field("to", lazy("Leads to"), "choice")),
        lazy("From the first to the last."),
        has_id=False,
        at_first=1,
    ),
    Field(
        "otherwise",
        lazy("In all other cases it leads to"),
        "choice",
        lazy("Used when none of the conditions above is true."),
    ),
)
_ENDING: Fields = (
    Field("label", lazy("Name of the ending"), hint=lazy("Students read it above the text.")),
    Field("text", lazy("Text"), "text", rows=5),
    Field("harm", lazy("Somebody is harmed here; nobody who reaches this ending passes"), "yes"),
)
_HEAD: Fields = (
    Field("title", lazy("Title")),
    Field("module", lazy("Module"), "choice"),
    Field(
        "language", lazy("Language"), "choice", choices=tuple((each, _TONGUES[each]) for each in LANGUAGES)
    ),
    Field("estimated_minutes", lazy("Minutes it takes"), hint=lazy("A whole number.")),
    Field(
        "mode",
        lazy("How it is played"),
        "choice",
        lazy("The first is for assessment, the second for practice."),
        choices=(
            ("summative", lazy("Feedback at the end; a choice stays")),
            ("formative", lazy("Feedback after each decision; a choice can be taken back")),
        ),
    ),
    Field(
        "length",
        lazy("Length"),
        "choice",
        choices=(
            ("", lazy("A case of several decisions")),
            ("case", lazy("A case")),
            ("snap", lazy("A snap situation of one decision")),
        ),
        is_optional=True,
    ),
    Field("start", lazy("Begins at"), "choice", lazy("The part that students meet first.")),
    Field("audience.role", lazy("For whom"), hint=lazy("Such as: section commander.")),
    Field("audience.level", lazy("Level"), hint=lazy("Such as: junior leader.")),
)
_STORY: Fields = (
    Field(
        "role.you_are",
        lazy("Who the student is in the story"),
        "text",
        lazy("Never a survivor and never a perpetrator."),
    ),
    Field("role.mission", lazy("Their task"), "text"),
    Field(
        "role.resources",
        lazy("What they have at hand"),
        "lines",
        lazy("One per line."),
        rows=4,
        is_optional=True,
    ),
    Field(
        "display.clock",
        lazy("Time of the story"),
        "choice",
        choices=(("", lazy("Shown")), ("story_time", lazy("Shown")), ("none", lazy("Not shown"))),
        is_optional=True,
    ),
)
_NOTE: Fields = (
    Field(
        "content_note.themes",
        lazy("Content note: themes"),
        "lines",
        lazy("One per line, such as: violence (mentioned)."),
        rows=3,
    ),
    Field(
        "content_note.detail",
        lazy("Content note: detail"),
        "choice",
        choices=tuple((each, _DETAILS[each]) for each in DETAILS),
    ),
    Field("content_note.text", lazy("Content note: what students read before they begin"), "text", rows=3),
    Field(
        "content_note.equivalent",
        lazy("Content note: alternative of equal value"),
        "text",
        lazy("What may be done instead, and with whom."),
        rows=3,
    ),
)
_STATE: Fields = (
    Rows(
        "state",
        lazy("State"),
        lazy("State"),
        (
            Field("label", lazy("Name"), hint=lazy("Such as: Trust.")),
            Field("min", lazy("Minimum")),
            Field("max", lazy("Maximum")),
            Field("start", lazy("At the beginning")),
            Field(
                "id",
                lazy("Short name in conditions"),
                hint=lazy("Lower-case letters, digits and _. Changed everywhere when you change it here."),
                is_optional=True,
            ),
        ),
        lazy(
            "Small whole numbers that choices change and conditions read. Students see them in the debrief."
        ),
        at_first=0,
        is_short=True,
    ),
    Field(
        "flags",
        lazy("Flags"),
        "lines",
        lazy("One per line, in lower-case letters, digits and _. A choice raises a flag; it stays raised."),
        rows=3,
        is_optional=True,
    ),
    Rows(
        "critical_actions",
        lazy("Critical actions"),
        lazy("Critical action"),
        (
            Field(
                "kind",
                lazy("Kind"),
                "choice",
                choices=(("must_not", lazy("It must not be done")), ("must_do", lazy("It must be done"))),
            ),
            Field("text", lazy("What"), "text", lazy("Points cannot compensate for it.")),
            Field("id", lazy("Short name"), hint=lazy("Such as CA1."), is_optional=True),
            REFS,
        ),
        lazy("Choices name them."),
        at_first=0,
    ),
)
_RULE: Fields = (
    Field(
        "scoring.pass.min_percent",
        lazy("Percentage to pass"),
        hint=lazy("From 1 to 100. Nobody passes with a critical error."),
    ),
    Field(
        "scoring.retake.max", lazy("Attempts"), hint=lazy("A whole number, or unlimited."), is_optional=True
    ),
)
_SHOWN = {
    "path_taken": lazy("The path that was taken"),
    "state_over_time": lazy("How the situation changed over time"),
    "panel_ratings": lazy("The ratings of the panel"),
    "expert_path": lazy("The expert path"),
    "sources": lazy("Sources"),
    "reflection": lazy("A reflection"),
}
_DEBRIEF: Fields = (
    Field(
        "debrief.structure",
        lazy("Debrief: questions to look back with"),
        "lines",
        lazy("One per line."),
        rows=4,
    ),
    Field(
        "debrief.prompts",
        lazy("Debrief: questions to think about alone"),
        "lines",
        lazy("One per line."),
        rows=3,
        is_optional=True,
    ),
    Field(
        "debrief.show",
        lazy("Debrief: what it shows"),
        "several",
        choices=tuple((name, _SHOWN[name]) for name in SHOWN),
        is_optional=True,
    ),
    Field(
        "debrief.expert_path",
        lazy("Debrief: the expert path"),
        "lines",
        lazy("One step per line: the decision, a full stop, the choice, such as d1.a."),
        rows=5,
    ),
)
