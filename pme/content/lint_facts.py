"""Numbers that say nowhere what they are from, and names that may be those of real people or units. Pure.

Both are guesses by the look of the words, for English.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pme.content.parse_fields import Passage
from pme.content.problems import Problem, Severity
from pme.words.speech import _

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")
_SPELT = (
    r"(?:ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|"
    r"hundreds?|thousands?|millions?|billions?)"
)
_PEOPLE = "women|men|people|persons|girls|boys|children|survivors|victims|soldiers"
_UNIT_WORDS = (
    f"{_PEOPLE}|hours?|minutes?|days?|weeks?|months?|years?|states|countries|nations|allies|members|cases|times|"
    "kilometres|km|metres|kilograms|kg|tonnes|litres|degrees"
)
_NAMED_BY_NUMBER = re.compile(
    r"(?:"
    r"\b\d{6}[A-Z]?\b"  # a date and time as in reports: 041530Z
    r"|(?<![\w.,])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\w)(?:\s*(?:hours|hrs?|[ap]\.?m\.?|Zulu|local))?"  # a time of day
    r"|\b\d{4}\s*(?:hours|hrs|[ZL])\b"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|(?:§+|\b(?:arts?|articles?|sections?|chapters?|parts?|rules?|principles?|paras?|paragraphs?|pages?|pp?|"
    r"annex(?:es)?|tables?|"
    r"figures?|steps?|stages?|phases?|levels?|modules?|questions?|items?|outcomes?|points?|resolutions?|UNSCRs?|numbers?|nos?|"
    r"versions?|editions?|decisions?|rooms?|posts?|routes?|channels?|teams?|platoons?|protocols?|"
    r"conventions?|forms?|cards?|lines?|days?|weeks?|boxes|box|scenarios?|grades?)\.?\s*(?:no\.?\s*)?)"
    r"\d+(?:[./-]\w+)*(?:\s*(?:,|and|or|to|-|–)\s*\d+(?:[./-]\d+)*)*"
    r"|\b\d{1,2}/\d{1,2}\b"
    r")",
    re.IGNORECASE,
)
_CAPITAL_CODE = re.compile(r"\b[A-Z]{2,}[A-Za-z]*[-/ ]?\d+(?:[./-]\w+)*")
_COUNT = re.compile(
    rf"\b(?:(?:\d+|{_SPELT})(?:[.,]\d+)?\s*(?:%|per ?cent\b|percent\b)"
    rf"|(?:1[5-9]|20)\d\d\b"
    rf"|\d{{1,3}}(?:[, ]\d{{3}})+|\d+(?:\.\d+)?\s*(?:(?:hundred|thousand|million|billion|{_UNIT_WORDS})\b)?"
    rf"|(?:one|two|three|four|five|six|seven|eight|nine) (?:in|out of) (?:\w+)(?= (?:{_PEOPLE}))"
    rf"|{_SPELT}\s+(?:thousand |million |billion )?"
    rf"(?:{_PEOPLE}|states|countries|nations|allies|cases|years|per))",
    re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-zà-ÿ]{2,}(?![\w’'-])")
SMALL = 100
"""Numbers below this, without a unit, are ages, houses and the like: what the text itself tells of."""
_RANKS = (
    "Colonel|Col|Major|Maj|Captain|Capt|Lieutenant|Lt|General|Gen|Sergeant|Sgt|Corporal|Cpl|Private|Pte|Commander|Cdr|"
    "Admiral|Adm|Brigadier|Brig|Warrant Officer|Chief|Commissioner|Inspector|Constable|Dr|Doctor|Mr|Mrs|Ms|"
    "Miss|Sir|Dame|President|Minister|Ambassador|Senator|Judge|Professor|Prof|Father|Imam|Sheikh|Nurse"
)
_PARTICLES = "(?:[A-Z][.]|de|van|von|al|el|bin|bint|ibn|le|la)[ -]"
_TITLED = re.compile(
    rf"\b(?:{_RANKS})\.?\s+(?:{_PARTICLES})?([A-ZÀ-Þ][\w’'-]+)(?:\s+(?:{_PARTICLES})?([A-ZÀ-Þ][\w’'-]+))?"
)
_PAIR = re.compile(
    r"(?<![\w’'/-])([A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?)\s+(?:(?:[A-Z]\.|de|van|von|al|el|bin|bint|ibn)[ -])?"
    r"([A-ZÀ-Þ](?:[a-zà-ÿ]+|[’'][A-ZÀ-Þ]?[a-zà-ÿ]+|[a-z]*[A-Z][a-zà-ÿ]+)(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?)(?![\w-])"
)
_UNIT = re.compile(
    r"\b(?:\d{1,4}(?:st|nd|rd|th)?|[IVX]{1,5})\s+(?:\([A-Z][\w ]+\)\s+)?(?:(?:[A-Z][\w-]+)\s+){0,3}?"
    r"(?:Brigade|Battalion|Regiment|Division|Corps|Squadron|Wing|Fleet|Army|Commando|Battlegroup)\b"
    r"|\b(?:Task Force|Battlegroup|Brigade|Battalion|Regiment|Division|Squadron)\s+(?:\d{1,4}|[A-Z][a-z]{3,})\b"
)
ORDINARY = frozenset(  # not words
    """
    a abbey academy accord action actors adviser affairs africa after agency agenda agreement all alliance
    allied allies always america an and annex any april are armed armies army article as asia ask assembly
    assistance association at august authority bank be been before being bell board book border both bridge
    bureau but by camp cell center centre chamber chapter charter chief child children city civil civilian
    civilians code command commander commission commissioner committee common commonwealth community concept
    conduct conference conflict convention conventions cooperation core council country court crescent crime
    criminal crisis cross cultural culture dear december declaration defence defense department development
    did directive district division do doctrine does during each east eastern edition eight either emergency
    europe european every executive february final first five for force forces fort foundation four
    framework free friday from fund gender general geneva give global government group guidance guide
    guideline guidelines guiding gulf had handbook has have he head headquarters health her here high hill
    him his how human humanitarian i if in independent inform information initiative institute institution
    inter internal international is island islands it its january joint july june justice keep key kingdom
    know korea labour lake landing law league leave legal leone let level life link listen local log long
    look lower manual march may medical meeting member men mental military minister ministry minors mission
    model module monday mount national nations neither network never new nine nineteen no north northern not
    note november now number ocean october of office officer on one online operation operational operations
    or organisation organization our paper parliament partners peace people please pocket point police
    policies policy port powers practice president principle principles programme project property
    protection protocol public question questions read red regional report representative republic research
    resolution response right rights river road rome rule rules safe safety saint saturday say sea second
    secretary section security see send september service services seven sexual she six social society some
    south southern special staff standard standards state statement states strategic strategies strategy
    street sudan summit sunday support supreme survivor survivors system table take task team technical tell
    ten thank that the their them then there these they think third this those three thursday timor to today
    tomorrow town trafficking training treaty tribunal tuesday two union unit united university upper use
    valley version victim victims village violence volume war was washington we wednesday were west western
    what when where which who why with without women work world write year yes yesterday you young your
    zealand zone
    """.split()
)


def uncited_numbers(passages: Iterable[Passage]) -> Iterator[Problem]:
    """A warning for each paragraph of prose with a number about the world and no citation."""
    for passage in passages:
        if not passage.needs_source:
            continue
        for sentence in _SENTENCE.split(passage.text):
            plain = _CAPITAL_CODE.sub(" ", _NAMED_BY_NUMBER.sub(" ", sentence))
            match = next((each for each in _COUNT.finditer(plain) if not _is_small(each[0])), None)
            # A question says nothing of the world yet.
            if match and not plain.rstrip("\"”’')] ").endswith("?"):
                says = _(
                    "“{words}” is a number without a source; cite one in this paragraph.",
                    words=" ".join(match[0].split()),
                )
                yield Problem(
                    passage.file, passage.line, says, Severity.WARNING, "uncited-number", passage.block
                )
                break


@dataclass(frozen=True)
class Known:
    """Names that are no finding: those in the words of the bibliography and the glossary, and those let stand."""

    words: str = ""
    allowed: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether a name is known, or let stand as a whole or by a whole word of it."""
        return name in self.words or any(
            re.search(rf"(?<!\w){re.escape(each)}(?!\w)", name) for each in self.allowed
        )


def real_names(passages: Iterable[Passage], known: Known) -> Iterator[Problem]:
    """A warning for each name that may be that of a real person or unit, at its first place in these passages."""
    told = list(passages)
    written_small = {word for passage in told for word in _SMALL_WORD.findall(passage.text)}
    met: list[str] = []
    for passage in told:
        for name in _names_in(passage.text, written_small):
            is_part = any(name in other or other in name for other in met)
            if is_part or known.has(name):
                continue
            met.append(name)
            says = _(
                "“{name}” may be a real person or unit (a guess by its look); invent a name, or leave it out.",
                name=name,
            )
            yield Problem(passage.file, passage.line, says, Severity.WARNING, "real-name", passage.block)


def _names_in(text: str, written_small: Collection[str]) -> Iterator[str]:
    for match in _UNIT.finditer(text):
        yield " ".join(match[0].split())
    for match in _TITLED.finditer(text):
        if match[1].lower() not in ORDINARY and not match[1].isupper():
            yield " ".join(match[0].split())
    for match in _PAIR.finditer(text):
        words = (match[1].lower(), match[2].lower())
        # What is written small elsewhere is a word, and begins a sentence here.
        if not any(w in ORDINARY or w.rstrip("s") in ORDINARY or w in written_small for w in words):
            yield " ".join(match[0].split())


def _is_small(number: str) -> bool:
    digits = number.strip()
    return digits.isdigit() and int(digits) < SMALL
