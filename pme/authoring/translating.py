"""A translation as its translator works on it: text by text beside the source, with what changed there. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pme.authoring.naming import FileKind, file_name
from pme.authoring.word_diff import Piece, pieces
from pme.content.files import Tree
from pme.content.problems import Findings
from pme.content.translation import Matched, Stand, State, source_of
from pme.content.translation_compare import differences
from pme.content.translation_edit import Change
from pme.content.translation_files import kind_of, matched_in, parts_of, translation_path
from pme.content.written_in import LANGUAGES
from pme.errors import Invalid
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _

TRANSLATED = (
    FileKind.COURSE,
    FileKind.MODULE,
    FileKind.PAGE,
    FileKind.QUIZ,
    FileKind.BANK,
    FileKind.SCENARIO,
)
"""The kinds of files that hold texts for readers."""
LONG = 100
_NAMES = {
    "nodes": lazy("situation"),
    "choices": lazy("choice"),
    "items": lazy("question"),
    "options": lazy("answer"),
    "pairs": lazy("pair"),
    "sequence": lazy("step"),
    "rubric": lazy("criterion"),
    "levels": lazy("level"),
    "outcomes": lazy("learning outcome"),
    "state": lazy("state"),
    "critical_actions": lazy("critical action"),
    "variants": lazy("variant"),
}
_WORDS = {
    "content_note": lazy("content note"),
    "you_are": lazy("who the student is"),
    "accepted": lazy("accepted answers"),
    "accepted_units": lazy("accepted units"),
    "structure": lazy("questions"),
    "title": lazy_p("field", "title"),
    "summary": lazy_p("field", "summary"),
    "level": lazy_p("field", "level"),
    "text": lazy_p("field", "text"),
    "label": lazy_p("field", "label"),
    "themes": lazy_p("field", "themes"),
    "equivalent": lazy_p("field", "equivalent"),
    "support": lazy_p("field", "support"),
    "stem": lazy_p("field", "stem"),
    "unit": lazy_p("field", "unit"),
    "distractors": lazy_p("field", "distractors"),
    "model": lazy_p("field", "model"),
    "feedback": lazy_p("field", "feedback"),
    "right": lazy_p("field", "right"),
    "wrong": lazy_p("field", "wrong"),
    "true": lazy_p("field", "true"),
    "false": lazy_p("field", "false"),
    "left": lazy_p("field", "left"),
    "role": lazy_p("field", "role"),
    "mission": lazy_p("field", "mission"),
    "resources": lazy_p("field", "resources"),
    "place": lazy_p("field", "place"),
    "people": lazy_p("field", "people"),
    "radio": lazy_p("field", "radio"),
    "prompt": lazy_p("field", "prompt"),
    "debrief": lazy_p("field", "debrief"),
    "prompts": lazy_p("field", "prompts"),
}


@dataclass(frozen=True)
class Row:
    """One text: the source, what is written, how it stands. `was` is what changed in the source since."""

    stand: Stand
    label: str
    problems: tuple[str, ...] = ()
    was: tuple[Piece, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands in the source."""
        return self.stand.block.place

    @property
    def written(self) -> str:
        """The translation as it is."""
        return self.stand.written.text if self.stand.written else ""

    @property
    def can_be_confirmed(self) -> bool:
        """Whether its translator may say that it is right as it is."""
        return self.stand.state in (State.STALE, State.UNMARKED)

    @property
    def rows(self) -> int:
        """How high its field is."""
        lines = max(self.stand.block.text.count("\n"), self.written.count("\n")) + 1
        return min(14, lines + len(self.stand.block.text) // LONG + 1)


@dataclass(frozen=True)
class Progress:
    """How far the translation of a file is; `lost` are texts whose source is gone."""

    path: str
    language: str
    total: int
    current: int
    stale: int
    unmarked: int
    lost: int

    @property
    def missing(self) -> int:
        """How many texts are not translated."""
        return self.total - self.current - self.stale - self.unmarked

    @property
    def is_begun(self) -> bool:
        """Whether there is anything of it."""
        return self.total > self.missing


def label_of(place: str) -> str:
    """A place in plain words: “Situation tower, choice a, feedback”."""
    if place.isdigit():
        return _("Paragraph {place}", place=place)
    said: list[str] = []
    parts = iter(place.split("."))
    for part in parts:
        if part in _NAMES:
            name = next(parts, "")
            number = str(int(name) + 1) if name.isdigit() and part in ("variants", "levels") else name
            said.append(f"{_NAMES[part]} {number}".strip())
        else:
            said.append(str(_WORDS.get(part, part.replace("_", " "))))
    label = ", ".join(said)
    return label[:1].upper() + label[1:]


def source_paths(paths: Iterable[str]) -> list[str]:
    """The files that can be translated, in their order."""
    return [path for path in paths if _is_source(path)]


def other_languages(source: str) -> tuple[str, ...]:
    """The languages that something may be translated into, the first target first."""
    return tuple(language for language in LANGUAGES if language != source)


def progress_of(tree: Tree, path: str, language: str) -> Progress:
    """How far the translation of a file is."""
    matched = standing(tree, path, language)
    return Progress(
        path=path,
        language=language,
        total=len(matched.stands),
        current=matched.count(State.CURRENT),
        stale=matched.count(State.STALE),
        unmarked=matched.count(State.UNMARKED),
        lost=len(matched.lost),
    )


def standing(tree: Tree, path: str, language: str) -> Matched:
    """Every text of a file with its translation in a language."""
    return matched_in(tree, path, translation_path(path, language), Findings(""))


def rows_of(matched: Matched, earlier: Mapping[str, str]) -> tuple[Row, ...]:
    """Every text as its translator sees it; `earlier` are texts of the source before, by their hash."""
    return tuple(_row(stand, earlier) for stand in matched.stands)


def _row(stand: Stand, earlier: Mapping[str, str]) -> Row:
    written, label = stand.written, label_of(stand.block.place)
    if written is None or stand.state is State.MISSING:
        return Row(stand, label)
    before = earlier.get(written.source) if stand.state is State.STALE else None
    return Row(
        stand,
        label,
        problems=tuple(differences(stand.block, written)),
        was=pieces(before, stand.block.text) if before is not None else (),
    )


def texts_by_digest(kind: str, text: str) -> dict[str, str]:
    """Every text of a source file by its hash."""
    return {block.digest: block.text for block in source_of(kind, text).blocks}


def changes_in(
    matched: Matched, sent: Mapping[str, str], seen: Mapping[str, str], confirmed: str = ""
) -> dict[str, Change]:
    """What of the texts that were sent is another wording than what is there, and what is said to be right.

    `sent` are texts by place; `seen` are the hashes of the source that their writer had before them.
    """
    found: dict[str, Change] = {}
    for stand in matched.stands:
        place = stand.block.place
        if place not in sent:
            continue
        of = seen.get(place, "") or stand.block.digest
        wording = sent[place].strip()
        if wording != (stand.written.text.strip() if stand.written else ""):
            found[place] = Change(wording, of)
        elif place == confirmed and wording:
            found[place] = Change(None, of)
    return found


def newly_stale(before: Tree, after: Tree) -> list[Progress]:
    """The translations of which more texts are stale or without their source than before, with how many more."""
    found = []
    for path in sorted(after.files):
        parts = parts_of(path)
        if parts is None or parts[0] not in after.files:
            continue
        source, language = parts
        if before.files.get(source) == after.files[source] and before.files.get(path) == after.files[path]:
            continue
        now = progress_of(after, source, language)
        was = progress_of(before, source, language) if {source, path} <= before.files.keys() else None
        more = now.stale + now.lost - (was.stale + was.lost if was else 0)
        if more > 0:
            found.append(Progress(path, language, now.total, now.current, more, now.unmarked, now.lost))
    return found


def language_of(tree: Tree, path: str) -> str:
    """The language in which a file is written; that of its module for a page."""
    if kind_of(path) == "page":
        path = f"{path.rpartition('/')[0]}/module.md"
    if path not in tree.files:
        return LANGUAGES[0]
    for line in tree.text(path).split("\n"):
        name, colon, value = line.partition(":")
        if colon and name == "language":
            return value.partition("#")[0].strip().strip("\"'")
    return LANGUAGES[0]


def _is_source(path: str) -> bool:
    try:
        name = file_name(path)
    except Invalid:
        return False
    return name.kind in TRANSLATED and not name.language
