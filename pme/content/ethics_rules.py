"""What the check of ethics and language looks for: each rule with why it matters and what to do. Pure.

Each of its warnings can be answered with a reason (`answers`).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for, for people: its name, why it matters, what to do about it."""

    title: str
    why: str
    do: str


RULES: Mapping[str, Rule] = {
    "blame": Rule(
        "Blame or stigma",
        "Some readers are survivors. Words that doubt a person, or say what they should have done, tell them that "
        "it was their own doing, and teach others to think so.",
        "Say what was done, and by whom. Where the words are quoted in order to be criticised, answer with that.",
    ),
    "gendered": Rule(
        "Gendered wording",
        "Women and men serve, command, harm, are harmed and help. A word that means one of them hides the others, "
        "and students learn not to see them.",
        "Use the word that is suggested, “they”, or the plural. Where a certain person is meant, answer with that.",
    ),
    "graphic": Rule(
        "Graphic description",
        "Detail of violence can bring a reader's own experience back, and teaches nothing that a plain word does not.",
        "Say that it happened, not how.",
    ),
    "real-name": Rule(
        "Perhaps a real person or unit",
        "Nobody real may stand in a story of harm: not a person, not a unit. This is a guess by the look of the "
        "words; it knows nobody.",
        "Invent the name and say on the page that it is invented, or leave it out. Where it is invented, or stands "
        "there for a good reason, answer with that.",
    ),
    "content-note": Rule(
        "Missing from the content note",
        "A reader decides by the content note whether, when and where to read. What it does not name meets them "
        "unprepared.",
        "Add the theme to the content note, or say it without.",
    ),
    "support": Rule(
        "Missing alternative or support",
        "A content note that offers no way around and no help leaves a reader alone with it.",
        "Say what may be done instead for equal credit, with whom it is arranged, and where support is found.",
    ),
    "uncited-number": Rule(
        "Number without a source",
        "Figures are what students quote. One that says nowhere what it is from cannot be checked, and nobody "
        "learns when it is out of date.",
        "Cite the source in the same paragraph. Where the number is the course's own (a plan, an invented example), "
        "answer with that.",
    ),
    "reading-grade": Rule(
        "Hard to read",
        "Many read in a second or third language, and under stress. The grade counts words a sentence and syllables "
        "a word.",
        "Split sentences, and use the shorter word. Where the terms of the trade make it hard, answer with that.",
    ),
    "long-sentence": Rule(
        "Long sentence",
        "More than 20 words have to be held in mind at once, which is hard in a second language.",
        "Make it two sentences.",
    ),
}
