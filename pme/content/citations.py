"""Where each source is cited: paragraphs of pages, items, decisions and critical actions, in reading order. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pme.content.answers import first_words
from pme.content.files import Tree
from pme.content.front_matter import split_front
from pme.content.inline_text import plain_text
from pme.content.parse import Collection
from pme.content.parse_bank import Bank
from pme.content.parse_prose import plain
from pme.content.parse_sources import Bibliography
from pme.content.parsed import Parsed
from pme.content.shapes import Choice, Citation, DecisionNode, Quiz, Scenario
from pme.words.speech import _

_PAGE = re.compile(r"modules/([^/]+)/(?:\d{1,3}-[^/.]+|module)\.md\Z")
_MARK = re.compile(r"\[@([^\[\]]{1,400})\]")
_CAPTION = re.compile(r"!\[[^\]]*\]\([^\"]*(?:\"([^\"]*)\")?\)|^Table:\s*|^!!!\s*\w+\s*")
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """One place that cites a source. `what` tells it in words, `words` begin its text; `locator` is the place in
    the source. `module` is the module that the file belongs to, "" for none.
    """

    key: str
    file: str
    line: int
    title: str
    what: str
    words: str
    locator: str = ""
    module: str = ""

    @property
    def spot(self) -> tuple[str, str, str]:
        """What it is known by in two states of the same files."""
        return self.file, self.what, self.words


def citations(read: Collection, tree: Tree) -> Mapping[str, tuple[Place, ...]]:
    """Every place by the key of the source it cites, in the order of files and lines; unknown keys are left out."""
    found: dict[str, list[Place]] = {}
    for place in _places(read, tree):
        if place.key in read.bibliography.sources:
            found.setdefault(place.key, []).append(place)
    return {
        key: tuple(sorted(places, key=lambda each: (each.file, each.line))) for key, places in found.items()
    }


def _places(read: Collection, tree: Tree) -> Iterator[Place]:
    for path in tree.files:
        if match := _PAGE.match(path):
            module = read.modules.get(match[1])
            name = module.content.title if module else match[1]
            yield from _in_page(path, tree.text(path), module=match[1], name=name)
    for bank in read.banks.values():
        if bank is not None:
            yield from _in_items(bank, read.bibliography)
    for quiz in read.quizzes.values():
        yield from _in_items(quiz, read.bibliography)
    for scenario in read.scenarios.values():
        yield from _in_scenario(scenario, read.bibliography)


def _in_page(path: str, text: str, *, module: str, name: str) -> Iterator[Place]:
    is_intro = path.endswith("/module.md")
    title = _TITLE.search(text)
    first_line = split_front(text)[2] if is_intro else 1
    called = name if is_intro else title[1].strip() if title else path
    body = [(line, block) for line, block in blocks(text) if line >= first_line]
    for number, (line, block) in enumerate(body, start=1):
        for key, locator in _cited(block):
            what = (
                _("Row of a table")
                if block.lstrip().startswith("|")
                else _("Paragraph {number}", number=number)
            )
            yield Place(key, path, line, called, what, _words(block), locator, module)


def blocks(text: str) -> list[tuple[int, str]]:
    """The pieces of a page between empty lines, rows of tables each by itself, with the line where each begins.

    The front matter of a module is a piece too.
    """
    found: list[tuple[int, list[str]]] = []
    is_open, first_line = False, split_front(text)[2]
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or number == first_line:
            is_open = False
        if not line.strip():
            continue
        if is_open and not line.lstrip().startswith(("|", "!!!")):
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
            is_open = not line.lstrip().startswith(("|", "!!!"))
    return [(number, "\n".join(lines)) for number, lines in found]


def _in_items(parsed: Parsed[Bank] | Parsed[Quiz], bibliography: Bibliography) -> Iterator[Place]:
    content = parsed.content
    drawn = {name for line in content.blueprint for name in line.items} if isinstance(content, Quiz) else ()
    for item in content.items:
        # What a quiz draws stands in the file of its bank.
        if item.id in drawn:
            continue
        words = first_words(plain_text(item.stem_html))
        line = parsed.line(f"items.{item.id}")
        for key, locator in _known(item.refs, bibliography):
            yield Place(
                key,
                parsed.file,
                line,
                content.title,
                _("Question {id}", id=item.id),
                words,
                locator,
                content.module,
            )


def _in_scenario(parsed: Parsed[Scenario], bibliography: Bibliography) -> Iterator[Place]:
    content = parsed.content
    module = content.module or ""
    for action in content.critical_actions:
        line = parsed.line(f"critical_actions.{action.id}")
        for key, locator in _known(action.refs, bibliography):
            what, words = _("Critical action {id}", id=action.id), first_words(action.text)
            yield Place(key, parsed.file, line, content.title, what, words, locator, module)
    for node in content.nodes.values():
        for choice in node.choices if isinstance(node, DecisionNode) else ():
            yield from _in_choice(parsed, node.id, choice, bibliography)


def _in_choice(
    parsed: Parsed[Scenario], node: str, choice: Choice, bibliography: Bibliography
) -> Iterator[Place]:
    content = parsed.content
    line = parsed.line(f"nodes.{node}.choices.{choice.id}")
    words = first_words(plain_text(choice.text_html))
    for key, locator in _known(choice.refs, bibliography):
        what = _("Decision {node}, choice {id}", node=node, id=choice.id)
        yield Place(key, parsed.file, line, content.title, what, words, locator, content.module or "")


def _known(refs: tuple[Citation, ...], bibliography: Bibliography) -> Iterator[tuple[str, str]]:
    """The keys with their places; a source that one scenario tells by itself is none of the bibliography."""
    for citation in refs:
        if bibliography.sources.get(citation.source.key) == citation.source:
            yield citation.source.key, citation.locator or ""


def _cited(block: str) -> Iterator[tuple[str, str]]:
    for mark in _MARK.finditer(block):
        for part in mark[1].split(";"):
            key, _unused, locator = part.strip().removeprefix("@").strip().partition(" ")
            yield key, locator.strip()


def _words(block: str) -> str:
    text = _CAPTION.sub(lambda match: match[1] or "", " ".join(block.split()))
    words = plain(text.strip("|#>-* "))
    return first_words(words.replace("|", " · ") if block.lstrip().startswith("|") else words)
