"""The style that docs/translating.md settles: what nobody writes any more, and how each language is set.

The table under “Not these” is read from there, so that a word is settled in one place. Catalogues, letters and the
guides are held to it; courses are their authors'.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.words import po
from tests.words.rooms import ROOT
from tests.words.said import everything

NAMES = {"English": "en", "French": "fr", "Ukrainian": "uk", "Arabic": "ar"}
LANGUAGES = sorted(NAMES.values())
MARKS = re.compile(r"[\u064b-\u0652\u0640]")
"""Vowels and stretches of Arabic, which a word is the same without."""
NO_TEXT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|<[^>]*>|`[^`]*`|https?://\S+|\b[\w-]+\.[a-z]+\b", re.DOTALL
)
"""Places, tags, code, addresses and names of files: no words of a language."""
BLANKS = re.compile(r"(?<=\S)  +(?=\S)")
LAID_OUT = re.compile(r"^[\w.-]+[/.]\S*  ", re.MULTILINE)
"""A list of files, set in columns."""
NEW_TURN = re.compile(
    r"vous (êtes|étiez|serez|avez été|aviez été) (\w+é|inscrit|seul|prêt|sûr|absent)(?!\w|e)", re.IGNORECASE
)
SINGULAR = re.compile(
    r"(?<![ء-ي])[وف]?(?:(?:انسخ|الصق|اكتب|اختر|أدخل|اضغط|اسمح|احفظ|انقر)(?:ه|ها)?"
    r"|حاول|حسابك|أكاديميتك|مدربك|دفعتك|كلمة مرورك|جهازك|متصفحك|إجابتك|إجاباتك|يمكنك|لديك|أجبت|كنت|قرأت فيه|تقرأه)"
    r"(?![ء-ي])"
)
WRONG_SIGNS = {
    "uk": re.compile(
        r"[ыэъёЫЭЪЁ]|(?<![\w’])(?:ви|вам|вас|вами|ваш(?:а|е|і|у|ого|ому|им|их|ої|ою|ій)?)(?![\w’])"
    ),
    "ar": re.compile(
        r"[ء-ي][,;?]|\u0627\u064b|[\u0660-\u0669]|(?<!\d)\u200e(?!\d{4}-)|[\u200f\u2066-\u2069]|[کیگپچ]"
        r"|(?<![\u200e\d-])\d{4}-\d\d"
    ),
}
"""Ukrainian: letters of Russian, and a reader without a capital. Arabic: Latin signs behind its letters, the tanwin
behind its alif, digits of its own, marks of direction (the platform sets them) but around a day such as
2026-03-02, whose parts would change places without, letters of Persian."""
pytestmark = pytest.mark.database("sqlite")


@cache
def texts(language: str) -> tuple[tuple[str, str], ...]:
    """Every text of a language that somebody reads, with where it stands."""
    return tuple(_catalogues(language)) + tuple(_files(language))


def _catalogues(language: str) -> Iterator[tuple[str, str]]:
    if language == "en":
        for text, files in everything().where.items():
            yield from ((files[0], each) for each in (text.one, text.many) if each)
        return
    for text, forms in po.known(language).items():
        yield from ((text.one, form) for form in forms)


def _files(language: str) -> Iterator[tuple[str, str]]:
    ending = "" if language == "en" else f".{language}"
    names = (f"templates/email/*.{language}.txt", f"docs/guides/*{ending}.md")
    for path in (each for name in names for each in sorted(ROOT.glob(name))):
        if language != "en" or path.name.count(".") == 1 or path.suffix == ".txt":
            yield from (
                (path.name, line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
            )


def bare(text: str) -> str:
    """A text's words alone, its apostrophes and blanks of one kind."""
    words = MARKS.sub("", NO_TEXT.sub(" ", text)).replace("'", "’")
    return re.sub(r"\s+", " ", words)


def never(table: str) -> dict[str, list[str]]:
    """The words that stand on the left of the table, by language."""
    found: dict[str, list[str]] = {}
    for row in re.findall(r"^\| (\w+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE):
        found.setdefault(NAMES[row[0]], []).extend(each.strip() for each in row[1].split(","))
    return found


def settled() -> dict[str, list[str]]:
    """What docs/translating.md says is not written."""
    page = (ROOT / "docs/translating.md").read_text(encoding="utf-8")
    return never(page.partition("## Not these")[2].partition("|---|---|---|")[2])


def pattern(word: str) -> re.Pattern[str]:
    """A word or words as they stand in a sentence; `*` at the end stands for any ending."""
    stem = re.escape(word.removesuffix("*"))
    return re.compile(rf"(?<![\w’]){stem}" + ("" if word.endswith("*") else r"(?!\w)"), re.IGNORECASE)


def with_word(word: str, language: str) -> list[tuple[str, str]]:
    """Where a language says a word."""
    is_in = pattern(word).search
    return [(where, text) for where, text in texts(language) if is_in(bare(text))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_writes_what_the_table_says_is_not_written(language: str):
    words = settled()[language]
    assert len(words) > 3, "the table in docs/translating.md is not read"
    assert [(word, *found) for word in words for found in with_word(word, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_two_blanks_between_words(language: str):
    wrong = [
        (where, text) for where, text in texts(language) if BLANKS.search(text) and not LAID_OUT.search(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", WRONG_SIGNS)
def test_no_text_has_signs_of_another_language(language: str):
    wrong = WRONG_SIGNS[language]
    assert [(where, text) for where, text in texts(language) if wrong.search(NO_TEXT.sub(" ", text))] == []


def test_french_takes_no_reader_for_a_man():
    assert [(where, text) for where, text in texts("fr") if NEW_TURN.search(bare(text))] == []


def test_arabic_speaks_to_its_reader_in_the_plural():
    assert [(where, text) for where, text in texts("ar") if SINGULAR.search(bare(text))] == []


@pytest.mark.parametrize("language", ["fr", "uk", "ar"])
def test_a_text_that_ends_as_a_question_asks_one_in_every_language(language: str):
    sign = "؟" if language == "ar" else "?"
    wrong = [
        (text.one, form)
        for text, forms in po.known(language).items()
        for form in forms
        if text.one.endswith("?") and not form.endswith(sign)
    ]
    assert wrong == []


def test_the_table_is_read_word_by_word_and_stem_by_stem():
    read = never("| French | cohorte*, e-mail | promotion |\n| Arabic | يرجى | - |\n")
    assert read == {"fr": ["cohorte*", "e-mail"], "ar": ["يرجى"]}
    assert pattern("cohorte*").search("Les Cohortes d’été")
    assert not pattern("quiz").search("quizzes/")
    assert pattern("يرجى").search(bare("يُرجى الانتظار"))
    assert NEW_TURN.search("vous êtes inscrit à ce cours")
    assert not NEW_TURN.search("vous êtes inscrite")
    assert SINGULAR.search(bare("اسمح لهذا الجهاز"))
    assert not SINGULAR.search(bare("اسمحوا لهذا الجهاز"))
    assert WRONG_SIGNS["uk"].search("если вы")
