"""Content in other languages, made of the very files of its source with other texts in them.

It is read by the same parsers, so its ids, keys and ways are those of the source. Takes a renderer, and is
pure beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pme.content.accepted_everywhere import accepting_everywhere
from pme.content.blocks import unit_of
from pme.content.files import Tree
from pme.content.front_matter import split_front
from pme.content.mixed_text import Mixed, framed, mixed, settled
from pme.content.parse_bank import parse_bank
from pme.content.parse_course import parse_course
from pme.content.parse_module import ModuleFiles, parse_module
from pme.content.parse_quiz import parse_quiz
from pme.content.parse_scenario import parse_scenario
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem
from pme.content.render import Renderer
from pme.content.shapes import AnyItem, Course, Module, Outcome, Page, PageCheck, Quiz, Scenario
from pme.content.spoken import spoken
from pme.content.translated_fields import FAR, Words
from pme.content.translation import Stand
from pme.content.translation_files import Translation, languages_of, read_translations

if TYPE_CHECKING:
    from pme.content.parse import Collection

C = TypeVar("C", Course, Module, Quiz, Scenario)
Items = Mapping[tuple[str, str], AnyItem]
"""Items by their bank and id."""


def translate(tree: Tree, read: "Collection", renderer: Renderer) -> None:
    """Put into each piece of content what it is in other languages, and into the problems what is wrong there."""
    translations = read_translations(tree, _source_languages(read), read.problems)
    for language in languages_of(translations):
        mine = {each.source_path: each for each in translations if each.language == language}
        _Language(tree, read, renderer, language, mine).build()
    for slug, module in read.modules.items():
        read.modules[slug] = replace(module, content=accepting_everywhere(module.content))
    for slug, quiz in read.quizzes.items():
        read.quizzes[slug] = replace(quiz, content=accepting_everywhere(quiz.content))


def _source_languages(read: "Collection") -> dict[str, str]:
    found = {parsed.file: parsed.content.language for parsed in read.courses.values()}
    for module in read.modules.values():
        found |= {path: module.content.language for path in module.source if path.endswith(".md")}
    found |= {bank.file: bank.content.language for bank in read.banks.values() if bank}
    found |= {parsed.file: parsed.content.language for parsed in read.quizzes.values()}
    return found | {parsed.file: parsed.content.language for parsed in read.scenarios.values()}


@dataclass(frozen=True)
class _Fields:
    """The fields of a file in a language: the texts of all that is whole, and the units that are not."""

    words: Words
    behind: tuple[str, ...]
    has_some: bool


@dataclass
class _Language:
    tree: Tree
    read: "Collection"
    renderer: Renderer
    language: str
    files: Mapping[str, Translation]
    items: dict[tuple[str, str], AnyItem] = field(default_factory=dict)
    outcomes: dict[str, tuple[Outcome, ...]] = field(default_factory=dict)

    def build(self) -> None:
        """Everything in this language."""
        self._banks()
        self._add(self.read.courses, self._course)
        self._add(self.read.modules, self._module)
        self._add(self.read.quizzes, self._quiz)
        self._add(self.read.scenarios, self._scenario)

    def _add(self, shelf: dict[str, Parsed[C]], build: Callable[[str, Parsed[C]], C | None]) -> None:
        for slug, parsed in list(shelf.items()):
            made = build(slug, parsed)
            if made is not None:
                shelf[slug] = self._joined(parsed, made)

    def _joined(self, parsed: Parsed[C], made: C) -> Parsed[C]:
        content = parsed.content
        translations = {**content.translations, self.language: made}
        paths = [each.path for path, each in self.files.items() if path in parsed.source]
        return replace(
            parsed,
            content=content.model_copy(update={"translations": translations}),
            source={**parsed.source, **{path: self.tree.text(path) for path in paths}},
        )

    def _fields(self, path: str, source_language: str) -> _Fields:
        translation = self.files.get(path)
        stands = [s for s in translation.matched.stands if not s.block.place.isdigit()] if translation else []
        return _fields(stands, Words(self.language, {}, source_language))

    def _findings(self, path: str) -> Findings:
        return Findings(self.files[path].path)

    def _keep(self, problems: Iterable[Problem], path: str, body: Sequence[int] = ()) -> None:
        """Keep the problems that come from the translation, at its lines."""
        target = self.files[path].path
        for problem in problems:
            origin = problem.line - FAR if problem.line > FAR else 0
            if not origin and 0 < problem.line <= len(body):
                origin = body[problem.line - 1]
            if origin:
                self.read.problems.append(replace(problem, file=target, line=origin))

    def _banks(self) -> None:
        for slug, bank in self.read.banks.items():
            if bank is None or bank.file not in self.files:
                continue
            fields, findings = self._fields(bank.file, bank.content.language), self._findings(bank.file)
            made = parse_bank(
                slug,
                self.tree.text(bank.file),
                findings,
                bibliography=self.read.bibliography,
                words=fields.words,
            )
            self._keep(findings.problems, bank.file)
            if made:
                self.items |= {
                    (slug, item.id): spoken(item, self.language)
                    for item in made.content.items
                    if f"items.{item.id}" not in fields.behind and bank.content.item(item.id)
                }

    def _course(self, slug: str, parsed: Parsed[Course]) -> Course | None:
        if parsed.file not in self.files:
            return None
        fields, findings = self._fields(parsed.file, parsed.content.language), self._findings(parsed.file)
        made = parse_course(slug, self.tree.text(parsed.file), findings, words=fields.words)
        self._keep(findings.problems, parsed.file)
        return self._named(made.content, parsed.content, fields.behind) if made and fields.has_some else None

    def _scenario(self, slug: str, parsed: Parsed[Scenario]) -> Scenario | None:
        if parsed.file not in self.files:
            return None
        fields, findings = self._fields(parsed.file, parsed.content.language), self._findings(parsed.file)
        made = parse_scenario(
            slug,
            self.tree.text(parsed.file),
            findings,
            bibliography=self.read.bibliography,
            module_outcomes=self.outcomes,
            words=fields.words,
        )
        self._keep(findings.problems, parsed.file)
        if made is None or not fields.has_some:
            return None
        return self._named(self._spoken(made.content, fields.behind), parsed.content, fields.behind)

    def _spoken(self, scenario: Scenario, behind: tuple[str, ...]) -> Scenario:
        """The scenario with every situation and ending that is translated saying so."""
        nodes = {
            name: node if f"nodes.{name}" in behind else spoken(node, self.language)
            for name, node in scenario.nodes.items()
        }
        endings = tuple(
            ending if f"outcomes.{ending.id}" in behind else spoken(ending, self.language)
            for ending in scenario.endings
        )
        return scenario.model_copy(update={"nodes": nodes, "endings": endings})

    def _quiz(self, slug: str, parsed: Parsed[Quiz]) -> Quiz | None:
        quiz, own = parsed.content, dict[str, AnyItem]()
        made, has_some = quiz, False
        behind: tuple[str, ...] = ("title", "summary")
        if parsed.file in self.files:
            fields, findings = self._fields(parsed.file, quiz.language), self._findings(parsed.file)
            found = parse_quiz(
                slug,
                self.tree.text(parsed.file),
                findings,
                bibliography=self.read.bibliography,
                outcomes=self.outcomes,
                banks=self.read.every_bank,
                words=fields.words,
            )
            self._keep(findings.problems, parsed.file)
            behind, has_some = tuple(p for p in fields.behind if not p.startswith("items.")), fields.has_some
            if found:
                made = found.content
                own = {
                    i.id: spoken(i, self.language) for i in made.items if f"items.{i.id}" not in fields.behind
                }
        drawn = {item_id: (line.bank, item_id) for line in quiz.blueprint for item_id in line.items}
        items, left = [], []
        for item in quiz.items:
            other = self.items.get(drawn[item.id]) if item.id in drawn else own.get(item.id)
            items.append(other.model_copy(update={"confidence": item.confidence}) if other else item)
            left += [] if other else [f"items.{item.id}"]
        if not has_some and len(left) == len(quiz.items):
            return None
        outcomes = self.outcomes.get(quiz.module, quiz.outcomes)
        made = made.model_copy(update={"items": tuple(items), "outcomes": outcomes})
        return self._named(made, quiz, (*behind, *left))

    def _module(self, slug: str, parsed: Parsed[Module]) -> Module | None:
        module = parsed.content
        fields = self._fields(parsed.file, module.language)
        intro = self._text(parsed.file, split_front(self.tree.text(parsed.file))[2])
        paths = {page.slug: _path(parsed, page) for page in module.pages}
        texts = {
            paths[page.slug]: mix
            for page in module.pages
            if (mix := self._text(paths[page.slug], 1)) is not None
        }
        made, problems = self._parsed_module(slug, parsed, fields.words, intro, texts)
        self._tell(problems, parsed.file, intro, texts)
        asked = {(c.bank, c.item.id) for page in module.pages for c in page.checks}
        has_checks = bool(asked & self.items.keys())
        if made is None or not (fields.has_some or intro or texts or has_checks):
            return None
        pages, behind = [], list(fields.behind)
        for page in module.pages:
            other = made.page(page.slug)
            shown = settled(other, page, module.language) if other else page
            pages.append(shown.model_copy(update={"checks": self._checks(shown, page, behind)}))
            behind += self._behind_page(page, paths[page.slug], is_other=other is not None)
        behind += self._behind_intro(parsed.file, is_other=intro is not None)
        if not fields.words.texts:
            behind += _all_fields(module)
        of_intro = (
            {"intro_html": framed(made.intro_html, module.language)}
            if intro
            else {name: getattr(module, name) for name in ("intro_html", "intro_citations", "intro_terms")}
        )
        update = {"pages": tuple(pages), "minutes": module.minutes, "figures": module.figures, **of_intro}
        self.outcomes[slug] = made.outcomes
        return self._named(made.model_copy(update=update), module, tuple(dict.fromkeys(behind)))

    def _parsed_module(
        self, slug: str, parsed: Parsed[Module], words: Words, intro: Mixed | None, texts: Mapping[str, Mixed]
    ) -> tuple[Module | None, list[Problem]]:
        text = self.tree.text(parsed.file)
        _unused, _unused, line = split_front(text)
        front = "\n".join(text.split("\n")[: line - 1])
        files = ModuleFiles(
            slug,
            f"{front}\n{intro.text if intro else ''}",
            {path.rpartition("/")[2]: mix.text for path, mix in texts.items()},
        )
        pictures = {p: each for p, each in self.read.pictures.items() if p.startswith(f"modules/{slug}/")}
        pages = {name: frozenset(p.slug for p in m.content.pages) for name, m in self.read.modules.items()}
        made, problems = parse_module(
            files,
            bibliography=self.read.bibliography,
            terms=self.read.terms,
            pictures=pictures,
            pages=pages,
            banks=self.read.every_bank,
            renderer=self.renderer,
            words=words,
        )
        return (made.parsed.content if made else None), problems

    def _tell(
        self, problems: Iterable[Problem], file: str, intro: Mixed | None, texts: Mapping[str, Mixed]
    ) -> None:
        before = split_front(self.tree.text(file))[2] - 1
        origins = {path: mix.origins for path, mix in texts.items()}
        origins[file] = (*[0] * before, *(intro.origins if intro else ()))
        for problem in problems:
            if problem.file in self.files:
                self._keep([problem], problem.file, origins.get(problem.file, ()))

    def _text(self, path: str, first_line: int) -> Mixed | None:
        """The Markdown of a file with what is translated of it; None where nothing is."""
        stands = self._paragraphs(path)
        if not any(stand.is_current for stand in stands):
            return None
        body = "\n".join(self.tree.text(path).split("\n")[first_line - 1 :])
        return mixed(body, stands, first_line)

    def _paragraphs(self, path: str) -> list[Stand]:
        found = self.files.get(path)
        return [stand for stand in found.matched.stands if stand.block.place.isdigit()] if found else []

    def _checks(self, shown: Page, source: Page, behind: list[str]) -> tuple[PageCheck, ...]:
        checks = []
        for check, was in zip(shown.checks, source.checks, strict=False):
            other = self.items.get((was.bank, was.item.id))
            if other is None:
                behind.append(f"pages.{source.slug}.checks.{was.bank}/{was.item.id}")
            item = other.model_copy(update={"confidence": was.item.confidence}) if other else was.item
            checks.append(check.model_copy(update={"item": item}))
        return tuple(checks)

    def _behind_page(self, page: Page, path: str, *, is_other: bool) -> list[str]:
        place, stands = f"pages.{page.slug}", self._paragraphs(path)
        if not is_other:
            return [place, f"{place}.title", f"{place}.text"]  # not words
        title = next((stand for stand in stands if stand.block.text.startswith("# ")), None)
        of_title = [f"{place}.title"] if title and not title.is_current else []  # not words
        return [*([place] if any(not stand.is_current for stand in stands) else []), *of_title]

    def _behind_intro(self, path: str, *, is_other: bool) -> list[str]:
        if not is_other:
            return ["intro", "intro.text"]
        return ["intro"] if any(not stand.is_current for stand in self._paragraphs(path)) else []

    def _named(self, made: C, source: C, behind: tuple[str, ...]) -> C:
        return made.model_copy(
            update={"language": self.language, "source_language": source.language, "behind": behind}
        )


def _fields(stands: Sequence[Stand], words: Words) -> _Fields:
    units: dict[str, list[Stand]] = {}
    for stand in stands:
        units.setdefault(unit_of(stand.block.place), []).append(stand)
    behind = tuple(unit for unit, of in units.items() if not all(stand.is_current for stand in of))
    texts = {
        stand.block.place: stand.written
        for unit, of in units.items()
        if unit not in behind
        for stand in of
        if stand.written is not None
    }
    return _Fields(replace(words, texts=texts), behind, bool(texts))


def _all_fields(module: Module) -> list[str]:
    return ["title", "summary", "level", "content_note", *(f"outcomes.{o.id}" for o in module.outcomes)]


def _path(parsed: Parsed[Module], page: Page) -> str:
    """Where a page of a module is written."""
    ending = f"-{page.slug}.md"
    folder = parsed.file.removesuffix("module.md")
    return next(
        path
        for path in parsed.source
        if path.startswith(folder)
        and path.endswith(ending)
        and path.removeprefix(folder).removesuffix(ending).isdigit()
    )
