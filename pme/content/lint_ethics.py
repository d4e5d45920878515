"""Wording that blames, leaves people out or describes violence, and themes that a content note leaves out. Pure.

Word lists are English. What is found is worth a look, never an error: a list knows no context.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pme.content.parse_fields import Passage
from pme.content.problems import Problem, Severity
from pme.content.shapes import ContentNote
from pme.words.lazily import lazy
from pme.words.speech import _

_SELF = "(?:her|him|them)sel(?:f|ves)"
_HURT = "(?:raped|abused|assaulted|trafficked)"
_BLAMING = {
    r"(?:alleged|so-called|supposed) (?:victim|survivor|rape)s?": "",
    r"asked for it|brought it on|provoked him|provoked the (?:attack|assault|rape)\w*": "",
    r"(?:led|lured) him on": "",
    r"(?:failed|refused) to (?:resist|fight|scream|report)": "",
    r"did(?: not|n[’']t) (?:resist|fight back|scream|struggle)": "",
    r"should have (?:fought|resisted|screamed|known better|stayed at home|left him)": "",
    rf"put {_SELF} (?:at risk|in danger)|let {_SELF} be|got {_SELF} {_HURT}": "",
    rf"(?:she|he) claims|claims? to have been {_HURT}": "",
    rf"(?:admitted|confessed) (?:to being|that (?:she|he) (?:was|had been) {_HURT})": "",
    r"promiscuous|loose morals|provocative(?:ly)? (?:dress|cloth)\w*": "",
    r"damaged goods|ruined (?:girl|woman|women)|lost (?:her|their) honou?r": "",
    r"(?:child|teenage) prostitut\w+": "a child who is sexually exploited",  # not words
    r"child porn\w*": "child sexual abuse material",  # not words
    r"prostitutes?|sex slaves?": "a person who sells sex, or who is exploited",  # not words
    r"illegal (?:im)?migrants?|illegals|illegal aliens?": "people in an irregular situation",  # not words
    r"commit(?:s|ted|ting)? suicide": "die by suicide",  # not words
}
_GENDERED = {
    r"mankind": "humankind, people",
    r"man-made": "made by people, artificial",  # not words
    r"manpower": "personnel, staff",
    r"manned": "crewed, staffed",
    r"unmanned": "uncrewed, remotely piloted",
    r"manning": "crewing, staffing",
    r"chairm[ae]n": "chair",
    r"spokesm[ae]n": "spokesperson",
    r"servicem[ae]n": "service members",
    r"policem[ae]n": "police officers",
    r"firem[ae]n": "firefighters",
    r"laym[ae]n": "people who are no specialists",  # not words
    r"businessm[ae]n": "business people",
    r"man hours?|man-hours?": "hours of work",  # not words
    r"(?:our|the) (?:boys|lads)": "our people",
    r"wom[ae]n soldiers?|lady (?:doctor|officer|soldier)s?": (  # not words
        "a soldier (who is a woman, where it matters)"
    ),
    r"opposite sex": "another sex",
    r"(?:the )?weaker sex|womenfolk|menfolk": "women, men",
    r"he/she|she/he|s/he|his/her": "they, their",
    r"both (?:sexes|genders)": "all genders, women and men",  # not words
}
_GRAPHIC = (
    r"brutal(?:ly)?|savage(?:ly)? (?:beat|attack|rape)\w*|screamed|(?:her|his|their) screams|naked|penetrat\w+|"
    r"genital\w*|gang[- ]rap\w+|mutilat\w+|blood-soaked|pools? of blood|torn clothes|tore (?:her|his)|semen|"
    r"(?:burn|cut|slash|stab)\w* (?:her|his|their) (?:face|body|breast|throat)s?|dismember\w*|behead\w*|disembowel\w*"
)
_ROLE = (
    r"soldier|commander|officer|leader|sergeant|corporal|medic|doctor|adviser|advisor|instructor|student|observer|"
    r"peacekeeper|translator|interpreter|guard|sentry|driver|victim|survivor|perpetrator|refugee|civilian|patient|"
    r"person|witness|colleague|member|planner|pilot|engineer|reader|author|worker"
)
_MEANS_ANYBODY = re.compile(
    rf"\b(?:(?:every|each|any|no)\s+(?:\w+\s+)?(?:{_ROLE})"
    rf"|(?:an?|the)\s+(?:\w+\s+)?(?:{_ROLE})\s+(?:must|should|may|can|has to|is to|needs to|will)\b"
    rf"|(?:{_ROLE})s\s+(?:must|should|may|can|have to|are to|need to|will))\b[^.?!;:]*?\b(he|him|his|himself)\b",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_OTHERS_TOO = re.compile(r"\b(?:she|her|hers|herself|they|their|them)\b", re.IGNORECASE)
_ABOUT_A_MAN = re.compile(r"\b(?:man|men|boys?|fathers?|husbands?|brothers?|sons?|male)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+")
_THEMES = {
    lazy("sexual violence"): (
        r"sexual(?:ly)? (?:violence|assault\w*|abus\w+|exploit\w+)|rap(?:e|ed|es|ing)\b",
        r"sexual|rape|gender-based",
    ),
    lazy("trafficking"): (r"traffick\w+|forced labou?r|slavery", r"traffick|slavery|exploitation"),
    lazy("torture"): (r"tortur\w+", r"tortur|violence|ill-treatment"),
    lazy("killing"): (
        r"massacr\w+|(?:were|was|been) killed|mass graves?|genocid\w+",
        r"kill|death|massacre|violence|genocid|war|armed conflict",
    ),
    lazy("suicide"): (r"suicid\w+|self-harm\w*", r"suicid|self-harm"),
    lazy("child soldiers"): (r"child soldiers?|recruit\w* (?:of )?(?:children|boys|girls)", r"child"),
    lazy("abuse of children"): (r"child (?:sexual )?abus\w+|abus\w+ (?:of )?children", r"child|abuse"),
}
_NOTHING = re.compile(
    r"\W*(?:none|no|n/?a|not applicable|to be (?:done|decided|completed)|tb[cd])?\W*\Z", re.IGNORECASE
)
FEWEST_WORDS = 2
_FOUND = {
    "blame": [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), better) for words, better in _BLAMING.items()],
    "gendered": [
        (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), better) for words, better in _GENDERED.items()
    ],
    "graphic": [(re.compile(rf"\b(?:{_GRAPHIC})\b", re.IGNORECASE), "")],
}
_ANY = {
    "blame": re.compile(rf"\b(?:{'|'.join(_BLAMING)})\b", re.IGNORECASE),
    "gendered": re.compile(rf"\b(?:{'|'.join(_GENDERED)})\b", re.IGNORECASE),
    "graphic": re.compile(rf"\b(?:{_GRAPHIC})\b", re.IGNORECASE),
}
_SAYS = {
    "blame": lazy("“{0}” can put blame on the person who was harmed; {1}."),
    "gendered": lazy("“{0}” leaves people out; {1}."),
    "graphic": lazy("“{0}…” describes violence; say that it happened, not how."),
}
_OR_ELSE = {"blame": lazy("say what was done instead")}


def wording(passages: Iterable[Passage]) -> Iterator[Problem]:
    """A warning for each word or phrase that blames, leaves people out or describes violence; once a text."""
    for passage in passages:
        for rule, patterns in _FOUND.items():
            if not _ANY[rule].search(passage.text):
                continue
            met: set[str] = set()
            for pattern, better in patterns:
                for match in pattern.finditer(passage.text):
                    words = " ".join(match[0].split())
                    # A part of what was told already is no second finding.
                    if not any(words.lower() in each for each in met):
                        met.add(words.lower())
                        advice = (
                            _("write: {better}", better=better) if better else str(_OR_ELSE.get(rule, ""))
                        )
                        yield _warning(passage, _SAYS[rule].format(words, advice), rule)
        yield from _means_men(passage)


def themes(passages: Sequence[Passage], note: ContentNote | None) -> Iterator[Problem]:
    """A warning at the first passage of each theme that the note does not name, and for a note without help.

    Nothing is said where there is no note: that is an error of its own where one is needed.
    """
    if note is None or not note.themes:
        return
    named = " ".join((*note.themes, note.text)).lower()
    for theme, (touched, covered) in _THEMES.items():
        if re.search(covered, named):
            continue
        pattern = re.compile(rf"\b(?:{touched})\b", re.IGNORECASE)
        for passage in passages:
            match = pattern.search(passage.text)
            if match:
                says = _(
                    "“{match}” speaks of {theme}, which the content note does not name; add it there.",
                    match=match[0],
                    theme=theme,
                )
                yield _warning(passage, says, "content-note")
                break


def help_offered(note: ContentNote | None, *, file: str, line: int) -> Iterator[Problem]:
    """A warning where a content note offers nothing instead, or no support."""
    if note is None:
        return
    for field, said, fewest in (
        ("equivalent", note.equivalent, FEWEST_WORDS),
        ("support", note.support, 1),
    ):
        if said and (_NOTHING.match(said) or len(said.split()) < fewest):
            says = _(
                "The content note says “{said}” for “{field}”, which helps nobody; say what a reader can do.",
                said=said,
                field=field,
            )
            written = f"{field} {said}"
            yield _warning(Passage(file, line, written), says, "support")


def _means_men(passage: Passage) -> Iterator[Problem]:
    if not _HE.search(passage.text) or _ABOUT_A_MAN.search(passage.text):
        return
    for sentence in _SENTENCE.split(passage.text):
        match = _MEANS_ANYBODY.search(sentence)
        if match and not _OTHERS_TOO.search(sentence):
            says = _(
                "“{match}” stands for anybody here, as if all were men; write “they”, or use the plural.",
                match=match[1],
            )
            yield _warning(passage, says, "gendered")


def _warning(passage: Passage, says: str, rule: str) -> Problem:
    return Problem(passage.file, passage.line, says, Severity.WARNING, rule, passage.block)
