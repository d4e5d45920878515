"""How long a course takes, told from what it holds: reading, quizzes and scenarios, module by module. Pure."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pme.authoring.loose_library import LooseLibrary, fields_in, text_in, texts_in
from pme.content.parse_module import WORDS_PER_MINUTE
from pme.content.parse_prose import plain

_NO_WORDS = re.compile(r"^\s*(?:\{check:.*\}|:?-{3,}.*|\|[\s|:-]+\|)\s*$")
_MARKS = re.compile(r"[|#>*_`]+|!\[|\]\([^)]*\)")


@dataclass(frozen=True)
class ModuleLoad:
    """Minutes of one module. `is_said` tells that its author said how long it takes to read."""

    slug: str
    title: str
    reading: int
    quizzes: int
    scenarios: int
    is_said: bool = False

    @property
    def minutes(self) -> int:
        """All of it."""
        return self.reading + self.quizzes + self.scenarios


def workload_of(library: LooseLibrary, course: str) -> tuple[ModuleLoad, ...]:
    """The modules of a course in their order."""
    return tuple(_of_module(library, slug) for slug in texts_in(library.courses.get(course), "modules"))


def hours_of(loads: Iterable[ModuleLoad]) -> float:
    """The whole in hours, to the next half hour."""
    return math.ceil(sum(load.minutes for load in loads) / 30) / 2


def _of_module(library: LooseLibrary, slug: str) -> ModuleLoad:
    module = library.modules.get(slug, {})
    done = fields_in(module, "completion")
    said = _minutes(text_in(module, "minutes"))
    words = sum(_words(page.text) for page in library.pages.get(slug, ()))
    return ModuleLoad(
        slug=slug,
        title=library.module_title(slug),
        reading=said or math.ceil(words / WORDS_PER_MINUTE),
        quizzes=sum(
            _minutes(text_in(library.quizzes.get(each), "minutes")) for each in texts_in(done, "quizzes")
        ),
        scenarios=sum(
            _minutes(text_in(library.scenarios.get(each), "estimated_minutes"))
            for each in texts_in(done, "scenarios")
        ),
        is_said=bool(said),
    )


def _words(text: str) -> int:
    lines = (line for line in text.split("\n") if not _NO_WORDS.match(line))
    return sum(len(_MARKS.sub(" ", plain(line)).split()) for line in lines)


def _minutes(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < len("10000") else 0
