"""What names an outcome, a module or a page, and so is touched when it goes or gets another name. Pure."""

import re
from collections.abc import Iterator

from pme.authoring.loose_library import LooseLibrary, entries_in, fields_in, names_of, text_in, texts_in
from pme.authoring.naming import FileKind, FileName
from pme.content.files import Tree
from pme.words.speech import _, _n


def uses_of_outcome(tree: Tree, library: LooseLibrary, owner: FileName, outcome: str) -> list[str]:
    """A sentence for each thing that names an outcome of a course or module."""
    is_course = owner.kind is FileKind.COURSE
    found = (_of_course_outcome if is_course else _of_outcome)(library, owner.slug, outcome)
    named = re.compile(rf"^ *outcomes\.{re.escape(outcome)}(?:\.\w+)?:", re.MULTILINE)
    translated = [
        _("The translation {path} has its words in another language; remove them there.", path=name.path)
        for name in names_of(tree.files)
        if name.language
        and (name.kind, name.slug) == (owner.kind, owner.slug)
        and named.search(tree.text(name.path))
    ]
    return [*found, *translated]


def uses_of_module(library: LooseLibrary, course: str, module: str) -> list[str]:
    """What follows when a module leaves a course."""
    return list(_of_module(library, course, module))


def uses_of_page(tree: Tree, library: LooseLibrary, module: str, page: str) -> list[str]:
    """A sentence for each place that leads to a page, or counts it."""
    return list(_of_page(tree, library, module, page))


def links_to_page(module: str, page: str) -> re.Pattern[str]:
    """What a link to a page looks like in a text; its group is the slug."""
    return re.compile(rf"(?<=page:{re.escape(module)}/){re.escape(page)}(?![a-z0-9-])")


def _of_course_outcome(library: LooseLibrary, course: str, outcome: str) -> Iterator[str]:
    for slug in texts_in(library.courses.get(course), "modules"):
        for name, value in fields_in(library.modules.get(slug), "outcomes").items():
            if outcome in texts_in(value, "serves"):
                yield (
                    _(
                        "{name} of the module “{title}” serves it. Remove that there, or the course cannot "
                        "be published.",
                        name=name,
                        title=library.module_title(slug),
                    )
                )


def _of_outcome(library: LooseLibrary, module: str, outcome: str) -> Iterator[str]:
    for page, named in fields_in(library.modules.get(module), "teaches").items():
        if isinstance(named, list) and outcome in named:
            yield _("The page “{page}” teaches it; that line goes with it.", page=page)
    for shelf, what in (("banks", _("The bank {slug}")), ("quizzes", _("The quiz {slug}"))):
        for slug, content in library.of_module(shelf, module).items():
            file = what.format(slug=slug)
            items = [item for item in entries_in(content, "items") if item.get("outcome") == outcome]
            of = [text_in(item, "id") or "one" for item in items]
            if of:
                yield _(
                    "{file} has {questions} for it; give each another outcome, or delete it.",
                    file=file,
                    questions=_questions(of),
                )
            if any(line.get("outcome") == outcome for line in entries_in(content, "blueprint")):
                yield _(
                    "{file} draws questions for it; change that line of its blueprint.",
                    file=file,
                )
            if outcome in fields_in(fields_in(content, "pass"), "min_by_outcome"):
                yield _(
                    "{file} asks for a minimum percentage in it; remove that.",
                    file=file,
                )
    for slug, content in library.of_module("scenarios", module).items():
        nodes = fields_in(content, "nodes").items()
        decisions = [name for name, node in nodes if outcome in texts_in(node, "outcomes")]
        if decisions or outcome in fields_in(content, "learning_outcomes"):
            at = ", ".join(decisions)
            yield (
                _("The scenario {slug} exercises it, at {at}; remove it there.", slug=slug, at=at)
                if at
                else _("The scenario {slug} exercises it; remove it there.", slug=slug)
            )


def _questions(ids: list[str]) -> str:
    return _n("{n} question ({ids})", "{n} questions ({ids})", len(ids), ids=", ".join(ids))


def _of_module(library: LooseLibrary, course: str, module: str) -> Iterator[str]:
    content = library.courses.get(course, {})
    others = [slug for slug in texts_in(content, "modules") if slug != module]
    served = set(_serves(library, module))
    still = {name for slug in others for name in _serves(library, slug)}
    for name in fields_in(content, "outcomes"):
        if name in served - still:
            yield _(
                "No other module of this course serves {name}: it would be taught and assessed nowhere.",
                name=name,
            )
    for slug in others:
        if module in texts_in(library.modules.get(slug), "prerequisites"):
            yield _(
                "“{title}” builds on it; students of this course would not have it first.",
                title=library.module_title(slug),
            )
    elsewhere = [
        slug
        for slug, each in library.courses.items()
        if slug != course and module in texts_in(each, "modules")
    ]
    if elsewhere:
        yield _("It stays in: {courses}.", courses=", ".join(elsewhere))
    else:
        yield _(
            "No other course has it: students cannot reach it any more. Its files stay, and it can be added again."
        )
    if module in texts_in(fields_in(content, "completion"), "modules"):
        yield _("It is one of the modules that complete the course; that goes with it.")


def _serves(library: LooseLibrary, module: str) -> Iterator[str]:
    for value in fields_in(library.modules.get(module), "outcomes").values():
        yield from texts_in(value, "serves")


def _of_page(tree: Tree, library: LooseLibrary, module: str, page: str) -> Iterator[str]:
    link = links_to_page(module, page)
    for name in names_of(tree.files):
        if name.kind in (FileKind.PAGE, FileKind.MODULE):
            is_itself = name.slug == module and name.part.partition("-")[2] == page
            number = len(link.findall(tree.text(name.path)))
            if number and not is_itself:
                yield _n("{path} links to it.", "{path} links to it {n} times.", number, path=name.path)
    content = library.modules.get(module)
    if page in fields_in(content, "teaches"):
        yield _(
            "It is listed as teaching {outcomes}.",
            outcomes=", ".join(texts_in(fields_in(content, "teaches"), page)),
        )
    if page in texts_in(fields_in(content, "completion"), "pages"):
        yield _("It is one of the pages that complete the module.")
