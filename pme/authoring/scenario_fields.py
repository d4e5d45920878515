"""Which fields the parts of a scenario have in forms: its nodes, its endings and the scenario itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pme.authoring.item_fields import REFS, Choices, Field, Fields, Rows
from pme.content.parse_course import DETAILS, LANGUAGES
from pme.content.parse_debrief import SHOWN

KINDS = {
    "decision": "Decision",
    "brief": "Text to read",
    "resolve": "Fork, by how things stand",
    "outcome": "Ending",
}
"""What a story is made of, in the words of its authors."""
STRONGEST = 3
_TONGUES = {"en": "English", "fr": "French", "uk": "Ukrainian", "ar": "Arabic"}
_CONDITION = "Such as: trust >= 2 and not helped. The first one that holds is taken."
_EFFECTS = "What it changes"
_MARKS = "Critical actions and marks"


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
        return (*_told("Text", "What students read here. An empty line begins a new paragraph."), _GOTO)
    if kind == "resolve":
        return _FORK
    return _ENDING


def of_the_scenario(known: Known) -> Fields:
    """The form of everything around the nodes; `known` holds the outcomes of its module."""
    return (
        *_HEAD,
        Field(
            "learning_outcomes",
            "Learning outcomes that it exercises",
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
        Field("story_time", "Time in the story", hint="Such as 14:05.", is_optional=True),
        Field("text", label, "text", hint, rows=6),
        Rows(
            "variants",
            "Other texts, by how things stand",
            "Other text",
            (Field("when", "When", hint=_CONDITION), Field("text", "Text instead", "text", rows=5)),
            "Shown instead of the text above where their condition holds.",
            has_id=False,
            at_first=0,
        ),
    )


_GOTO = Field("goto", "Leads to", "choice")


def _decision(known: Known) -> Fields:
    said = _told("Situation", "What has happened before the question. It may be empty.")
    return (
        *(replace(each, is_optional=True) if isinstance(each, Field) else each for each in said),
        Field("prompt", "Question", hint="Such as: What should you do first?"),
        Field("outcomes", "Learning outcomes", "several", choices=known.outcomes),
        Rows(
            "choices",
            "Choices",
            "Choice",
            _choice(known),
            "Three to five choices, one of them best.",
            at_first=4,
        ),
        Field(
            "expert",
            "What experts do here",
            "choice",
            "The debrief shows the way of the experts.",
            choices=(("", "–"), *known.options),
        ),
    )


def _choice(known: Known) -> Fields:
    changes = tuple(
        (f"{number:+d}" if number else "", f"{number:+d}" if number else "no change")
        for number in (*range(STRONGEST, 0, -1), 0, *range(-1, -STRONGEST - 1, -1))
    )
    flags = Field("set", "Flags that it raises", "several", choices=known.flags, fold="Flags")
    return (
        Field("text", "What the student does", "text", "One sentence."),
        Field(
            "key.rating",
            "How well it serves",
            "choice",
            choices=(("", "–"), ("4", "4, best"), ("3", "3"), ("2", "2"), ("1", "1, harmful")),
        ),
        Field("feedback", "What is told of it", "text", "Say why it serves, or what it costs.", rows=3),
        replace(_GOTO, hint="Any of them may lead to the same place."),
        *(
            Field(f"effects.{name}", label, "choice", choices=changes, fold=_EFFECTS)
            for name, label in known.state
        ),
        *((flags,) if known.flags else ()),
        Field(
            "critical",
            "It does what must not be done",
            "choice",
            choices=(("", "–"), *known.must_not),
            fold=_MARKS,
        ),
        Field(
            "satisfies",
            "It does what must be done",
            "choice",
            choices=(("", "–"), *known.must_do),
            fold=_MARKS,
        ),
        Field(
            "irreversible",
            "It cannot be taken back, and students see so before they choose",
            "yes",
            fold=_MARKS,
        ),
        REFS,
    )


_FORK: Fields = (
    Rows(
        "rules",
        "Ways, by how things stand",
        "Way",
        (Field("when", "When", hint=_CONDITION), Field("to", "Leads to", "choice")),
        "From the first to the last.",
        has_id=False,
        at_first=1,
    ),
    Field("otherwise", "In all other cases it leads to", "choice"),
)
_ENDING: Fields = (
    Field("label", "Name of the ending", hint="Students read it above the text."),
    Field("text", "Text", "text", rows=5),
    Field("harm", "Somebody comes to harm here; nobody who comes here passes", "yes"),
)
_HEAD: Fields = (
    Field("title", "Title"),
    Field("module", "Module", "choice"),
    Field("language", "Language", "choice", choices=tuple((each, _TONGUES[each]) for each in LANGUAGES)),
    Field("estimated_minutes", "Minutes it takes", hint="A whole number."),
    Field(
        "mode",
        "How it is played",
        "choice",
        choices=(
            ("summative", "Feedback at the end; a choice stays"),
            ("formative", "Feedback after each decision; a choice can be taken back"),
        ),
    ),
    Field(
        "length",
        "Length",
        "choice",
        choices=(
            ("", "A case of several decisions"),
            ("case", "A case"),
            ("snap", "A snap situation of one decision"),
        ),
        is_optional=True,
    ),
    Field("start", "Begins at", "choice"),
    Field("audience.role", "For whom", hint="Such as: section commander."),
    Field("audience.level", "Level", hint="Such as: junior leader."),
)
_STORY: Fields = (
    Field(
        "role.you_are", "Who the student is in the story", "text", "Never a survivor and never a perpetrator."
    ),
    Field("role.mission", "Their task", "text"),
    Field("role.resources", "What they have at hand", "lines", "One a line.", rows=4, is_optional=True),
    Field(
        "display.clock",
        "Time of the story",
        "choice",
        choices=(("", "Shown"), ("story_time", "Shown"), ("none", "Not shown")),
        is_optional=True,
    ),
)
_NOTE: Fields = (
    Field(
        "content_note.themes",
        "Content note: themes",
        "lines",
        "One a line, such as: violence (mentioned).",
        rows=3,
    ),
    Field(
        "content_note.detail",
        "Content note: detail",
        "choice",
        choices=tuple((each, each.capitalize()) for each in DETAILS),
    ),
    Field("content_note.text", "Content note: what students read before they begin", "text", rows=3),
    Field(
        "content_note.equivalent",
        "Content note: what counts the same instead",
        "text",
        "What may be done instead, and with whom.",
        rows=3,
    ),
)
_STATE: Fields = (
    Rows(
        "state",
        "How things stand",
        "State",
        (
            Field("label", "Name", hint="Such as: Trust."),
            Field("min", "Least"),
            Field("max", "Most"),
            Field("start", "At the beginning"),
            Field(
                "id",
                "Short name in conditions",
                hint="Small letters, digits and _. Changed everywhere when you change it here.",
                is_optional=True,
            ),
        ),
        "Small whole numbers that choices change and conditions read. Students see them in the debrief.",
        at_first=0,
        is_short=True,
    ),
    Field(
        "flags",
        "Flags",
        "lines",
        "One a line, in small letters, digits and _. A choice raises a flag; it stays raised.",
        rows=3,
        is_optional=True,
    ),
    Rows(
        "critical_actions",
        "Critical actions",
        "Critical action",
        (
            Field(
                "kind",
                "Kind",
                "choice",
                choices=(("must_not", "It must not be done"), ("must_do", "It must be done")),
            ),
            Field("text", "What", "text", "Points cannot make up for it."),
            Field("id", "Short name", hint="Such as CA1.", is_optional=True),
            REFS,
        ),
        "Choices name them.",
        at_first=0,
    ),
)
_RULE: Fields = (
    Field("scoring.pass.min_percent", "Percentage to pass", hint="From 1 to 100. No critical error passes."),
    Field("scoring.retake.max", "Attempts", hint="A whole number, or unlimited.", is_optional=True),
)
_SHOWN = {
    "path_taken": "The path that was taken",
    "state_over_time": "How things stood over time",
    "panel_ratings": "The ratings of the panel",
    "expert_path": "The way of the experts",
    "sources": "Sources",
    "reflection": "A reflection",
}
_DEBRIEF: Fields = (
    Field("debrief.structure", "Debrief: questions to look back with", "lines", "One a line.", rows=4),
    Field(
        "debrief.prompts",
        "Debrief: questions to think about alone",
        "lines",
        "One a line.",
        rows=3,
        is_optional=True,
    ),
    Field(
        "debrief.show",
        "Debrief: what it shows",
        "several",
        choices=tuple((name, _SHOWN[name]) for name in SHOWN),
        is_optional=True,
    ),
    Field(
        "debrief.expert_path",
        "Debrief: the way of the experts",
        "lines",
        "One step a line: the decision, a full stop, the choice, such as d1.a.",
        rows=5,
    ),
)
