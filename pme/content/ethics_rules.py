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
            "Some readers are survivors. Words that doubt a person, or say what they should have done, tell"
            " them that it was their own fault, and teach others to think so."
        ),
        lazy(
            "Say what was done, and by whom. If the words are quoted in order to be criticised, give that "
            "as the reason."
        ),
    ),
    "gendered": Rule(
        lazy("Gendered wording"),
        lazy(
            "Women and men serve, command, harm, are harmed and help. A word that means one of them hides the others, "
            "and students learn not to see them."
        ),
        lazy(
            "Use the word that is suggested, “they”, or the plural. If one particular person is meant, give"
            " that as the reason."
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
            "No real person or unit may appear in a story of harm. This is a guess from the look of the "
            "words, and it may be wrong."
        ),
        lazy(
            "Invent the name and say on the page that it is invented, or leave it out. If it is invented, "
            "or is there for a good reason, give that as the reason."
        ),
    ),
    "content-note": Rule(
        lazy("Missing from the content note"),
        lazy(
            "A reader decides by the content note whether, when and where to read. What the note does not "
            "name, they meet unprepared."
        ),
        lazy("Add the theme to the content note, or write the text without it."),
    ),
    "support": Rule(
        lazy("Missing alternative or support"),
        lazy("A content note that offers no other way and no help leaves a reader alone with it."),
        lazy(
            "Say what may be done instead for equal credit, with whom it is arranged, and where support is found."
        ),
    ),
    "uncited-number": Rule(
        lazy("Number without a source"),
        lazy(
            "Students quote figures. A figure without a source cannot be checked, and nobody learns when it"
            " is out of date."
        ),
        lazy(
            "Cite the source in the same paragraph. If the number is the course's own (a plan, an invented "
            "example), give that as the reason."
        ),
    ),
    "reading-grade": Rule(
        lazy("Hard to read"),
        lazy(
            "Many read in a second or third language, and under stress. The grade counts words a sentence and "
            "syllables a word."
        ),
        lazy(
            "Split sentences, and use the shorter word. If technical terms make it hard, give that as the "
            "reason."
        ),
    ),
    "long-sentence": Rule(
        lazy("Long sentence"),
        lazy(
            "The reader has to hold more than 20 words in mind at once, which is hard in a second language."
        ),
        lazy("Make it two sentences."),
    ),
}
