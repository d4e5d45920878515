"""Whether texts can be read by officers who read English as a second language.

Pure. The reading grade is that of Flesch and Kincaid (Kincaid et al., 1975, Navy Research Branch
Report 8-75): .39 x words per sentence + 11.8 x syllables per word - 15.59.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pme.content.parse_fields import Passage, block_of
from pme.content.problems import Problem, Severity
from pme.words.numbers import decimal
from pme.words.speech import _, _n

LONGEST_SENTENCE = 20
FEWEST_WORDS = 100
"""Below this a reading grade says nothing."""
NAMED = 3

_SHORTENED = re.compile(
    r"\b(e\.g|i\.e|etc|cf|vs|Mr|Mrs|Ms|Dr|St|No|art|arts|ch|para|paras|p|pp)\.", re.IGNORECASE
)
_INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z]\.|\s[a-z])")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûü]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^laeiouy]es|[^dtaeiouy]ed)$")


def language(passages: Iterable[Passage], *, most_grade: int) -> Iterator[Problem]:
    """One warning a file for long sentences, and one for its reading grade.

    `most_grade` is the highest reading grade that is easy enough.
    """
    ordered = sorted(passages, key=lambda passage: (passage.file, passage.line))
    for file, group in groupby(ordered, key=lambda passage: passage.file):
        told = list(group)
        yield from _long_sentences(file, told)
        yield from _grade(file, told, most_grade)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    safe = _INITIALS.sub(r"\1", _SHORTENED.sub(r"\1", text))
    return [part for part in _SENTENCE_END.split(safe.strip()) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a text; a number is one word, and so is a hyphenated one."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """About how many syllables an English word has: groups of vowels, less a silent ending."""
    lowered = word.lower()
    count = len(_VOWELS.findall(lowered))
    return max(1, count - bool(_SILENT.search(lowered)))


def reading_grade(text_sentences: list[str]) -> float:
    """The school grade (United States) that these sentences ask for."""
    counted = [words(sentence) for sentence in text_sentences]
    number = sum(map(len, counted))
    if not number:
        return 0.0
    spoken = sum(syllables(word) for sentence in counted for word in sentence)
    return 0.39 * number / len(counted) + 11.8 * spoken / number - 15.59


def _long_sentences(file: str, told: list[Passage]) -> Iterator[Problem]:
    found = [
        (passage.line, count, sentence)
        for passage in told
        for sentence in sentences(passage.text)
        if (count := len(words(sentence))) > LONGEST_SENTENCE
    ]
    if not found:
        return
    lines = list(dict.fromkeys(line for line, _count, _sentence in found))
    shown = ", ".join(map(str, lines[:NAMED]))
    if len(lines) > NAMED:
        shown = _("{first} and on", first=shown)
    says = _n(
        "One sentence has more than {most} words (line {lines}; the longest has {longest}); split them.",
        "{n} sentences have more than {most} words (line {lines}; the longest has {longest}); split them.",
        len(found),
        most=LONGEST_SENTENCE,
        lines=shown,
        longest=max(count for _line, count, _sentence in found),
    )
    block = block_of(" ".join(sentence for _line, _count, sentence in found))
    yield Problem(file, found[0][0], says, Severity.WARNING, "long-sentence", block)


def _grade(file: str, told: list[Passage], most_grade: int) -> Iterator[Problem]:
    all_sentences = [sentence for passage in told for sentence in sentences(passage.text)]
    if sum(len(words(sentence)) for sentence in all_sentences) < FEWEST_WORDS:
        return
    grade = reading_grade(all_sentences)
    if grade > most_grade:
        says = _(
            "The reading grade is {grade} (Flesch-Kincaid); aim for {most_grade} or less.",
            grade=decimal(grade, 1),
            most_grade=most_grade,
        )
        block = block_of(" ".join(passage.text for passage in told))
        yield Problem(file, told[0].line, says, Severity.WARNING, "reading-grade", block)
