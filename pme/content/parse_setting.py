"""What stands around a situation of a scenario: its place, the people there, the radio. Pure.

People and radio are lists of texts, `who: what is seen` and `call sign: words`, so that they are written, translated
and compared line by line.
"""

import re

from pme.content.parse_fields import Form
from pme.content.shapes import Person, RadioLine, Setting
from pme.content.yaml_tree import Text
from pme.words.speech import _

LONGEST_PLACE, LONGEST_PERSON, LONGEST_CALL = 80, 120, 24
MOST_PEOPLE, MOST_LINES, MOST_WORDS = 6, 8, 25
_SIGN = re.compile(r"\s*:\s+")
_WORD = re.compile(r"[^\W\d_]\w+")


def parse_setting(entry: Form) -> Setting | None:
    """What stands around a node, or None where its author says nothing of it."""
    place = _place(entry)
    people = tuple(_people(entry))
    radio = tuple(_radio(entry))
    if not (place or people or radio):
        return None
    _mention_names(entry, people, radio)
    return Setting(place=place, people=people, radio=radio)


def _place(entry: Form) -> str:
    if not entry.has("place"):
        return ""
    place = " ".join(entry.told("place").split())
    if len(place) > LONGEST_PLACE:
        entry.error(
            "place",
            _(
                "the place has {n} characters; at most {most} fit on its line.",
                n=len(place),
                most=LONGEST_PLACE,
            ),
        )
    return place


def _people(entry: Form) -> list[Person]:
    found = _lines(entry, "people", MOST_PEOPLE)
    people = []
    for line, text in found:
        who, seen = _parted(text)
        if len(text) > LONGEST_PERSON:
            says = _(
                "{what}: say in at most {most} characters who “{who}” is.",
                what=entry.what,
                most=LONGEST_PERSON,
                who=who[:30],
            )
            entry.book.findings.error(line, says)
        people.append(Person(who=who, seen=seen))
    return people


def _radio(entry: Form) -> list[RadioLine]:
    lines = []
    for line, text in _lines(entry, "radio", MOST_LINES):
        call, says = _parted(text)
        if not says:
            says_so = _(
                "{what}: “{text}” has no call sign; write “call sign: words” on the radio.",
                what=entry.what,
                text=text[:40],
            )
            entry.book.findings.error(line, says_so)
        elif len(call) > LONGEST_CALL:
            says_so = _(
                "{what}: the call sign “{call}” is longer than {most} characters.",
                what=entry.what,
                call=call[:40],
                most=LONGEST_CALL,
            )
            entry.book.findings.error(line, says_so)
        elif len(says.split()) > MOST_WORDS:
            says_so = _(
                "{what}: a line of the radio has {n} words; keep it under {most}.",
                what=entry.what,
                n=len(says.split()),
                most=MOST_WORDS,
            )
            entry.book.findings.warn(line, says_so)
        lines.append(RadioLine(call=call, says=says))
    return lines


def _lines(entry: Form, name: str, most: int) -> list[tuple[int, str]]:
    found = [(item, " ".join(item.value.split())) for item in entry.items(name)]
    if len(found) > most:
        entry.error(
            name,
            _(
                "“{name}” has {n} entries; readers cannot take in more than {most} at a glance.",
                name=name,
                n=len(found),
                most=most,
            ),
        )
    for item, text in found:
        _tell(entry, item, text)
    return [(item.line, text) for item, text in found]


def _tell(entry: Form, item: Text, text: str) -> None:
    entry.book.told(item.line, _parted(text)[1] or text)


def _parted(text: str) -> tuple[str, str]:
    """What stands before the first colon, and what stands behind it."""
    first, *rest = _SIGN.split(text, maxsplit=1)
    return first.strip(), rest[0].strip() if rest else ""


def _mention_names(entry: Form, people: tuple[Person, ...], radio: tuple[RadioLine, ...]) -> None:
    """On the radio everybody hears a name: a person of the scene is told of by role there."""
    heard = {word for line in radio for word in _WORD.findall(line.says) if word[0].isupper()}
    for person in people:
        if person.who in heard:
            says = _(
                "{what}: the radio names “{who}”, and all on the net hear it. Say who it is by role.",
                what=entry.what,
                who=person.who,
            )
            entry.book.findings.warn(entry.line_of("radio"), says)
