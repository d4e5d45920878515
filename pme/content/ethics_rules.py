"""What the check of ethics and language looks for: each rule with why it matters and what to do. Pure.

Each of its warnings can be answered with a reason (`answers`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pme.words.lazily import lazy


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for, for people: its name, why it matters, what to do about it."""

    title: str
    why: str
    do: str


RULES: Mapping[str, Rule] = {
    "blame": Rule(
        lazy("Blame or stigma"),
        lazy(
            "Some readers are survivors. Words that doubt a person, or say what they should have done, tell them that "
            "it was their own doing, and teach others to think so."
        ),
        lazy(
            "Say what was done, and by whom. Where the words are quoted in order to be criticised, answer with that."
        ),
    ),
    "gendered": Rule(
        lazy("Gendered wording"),
        lazy(
            "Women and men serve, command, harm, are harmed and help. A word that means one of them hides the others, "
            "and students learn not to see them."
        ),
        lazy(
            "Use the word that is suggested, “they”, or the plural. Where a certain person is meant, answer with that."
        ),
    ),
    "graphic": Rule(
        lazy("Graphic description"),
        lazy(
            "Detail of violence can bring a reader's own experience back, and teaches nothing that a plain word "
            "does not."
        ),
        lazy("Say that it happened, not how."),
    ),
    "real-name": Rule(
        lazy("Perhaps a real person or unit"),
        lazy(
            "Nobody real may stand in a story of harm: not a person, not a unit. This is a guess by the look of the "
            "words; it knows nobody."
        ),
        lazy(
            "Invent the name and say on the page that it is invented, or leave it out. Where it is invented, or stands "
            "there for a good reason, answer with that."
        ),
    ),
    "content-note": Rule(
        lazy("Missing from the content note"),
        lazy(
            "A reader decides by the content note whether, when and where to read. What it does not name meets them "
            "unprepared."
        ),
        lazy("Add the theme to the content note, or say it without."),
    ),
    "support": Rule(
        lazy("Missing alternative or support"),
        lazy("A content note that offers no way around and no help leaves a reader alone with it."),
        lazy(
            "Say what may be done instead for equal credit, with whom it is arranged, and where support is found."
        ),
    ),
    "uncited-number": Rule(
        lazy("Number without a source"),
        lazy(
            "Figures are what students quote. One that says nowhere what it is from cannot be checked, and nobody "
            "learns when it is out of date."
        ),
        lazy(
            "Cite the source in the same paragraph. Where the number is the course's own (a plan, an invented "
            "example), answer with that."
        ),
    ),
    "reading-grade": Rule(
        lazy("Hard to read"),
        lazy(
            "Many read in a second or third language, and under stress. The grade counts words a sentence and "
            "syllables a word."
        ),
        lazy(
            "Split sentences, and use the shorter word. Where the terms of the trade make it hard, answer with that."
        ),
    ),
    "long-sentence": Rule(
        lazy("Long sentence"),
        lazy("More than 20 words have to be held in mind at once, which is hard in a second language."),
        lazy("Make it two sentences."),
    ),
}
