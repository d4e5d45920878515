"""A quiz or bank as the author's door edits it: read from the draft with what it names, and saved in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pme.authoring.item_forms import Entry
from pme.authoring.item_problems import Inspection, inspect
from pme.authoring.naming import FileKind, FileName
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.author.yaml_files import Removal, YamlFile, as_text, draft_tree, load_yaml, save_yaml
from pme.web.loaders import UNKNOWN

__all__ = ["KINDS", "QuestionFile", "draft_tree", "load_file", "save", "skeleton"]
KINDS = (FileKind.QUIZ, FileKind.BANK)


@dataclass(frozen=True)
class QuestionFile(YamlFile):
    """A quiz or bank as the draft has it."""

    @cached_property
    def items(self) -> list[Entry]:
        """Its questions; what is none is an empty one, so that the others keep their numbers."""
        items = self.content.get("items")
        found = items if isinstance(items, list) else []
        return [each if isinstance(each, dict) else {} for each in found]

    @cached_property
    def inspection(self) -> Inspection:
        """What is wrong with it."""
        return inspect(self.name, self.tree)

    def item(self, number: int) -> Entry:
        """A question by its number from 1. Raises NotFound."""
        if not 1 <= number <= len(self.items):
            raise NotFound(UNKNOWN)
        return self.items[number - 1]

    def ids(self) -> list[str]:
        """The ids that are taken."""
        return [str(item["id"]) for item in self.items if "id" in item]


def load_file(can: Can, draft_id: int, path: str) -> QuestionFile:
    """A quiz or bank of a draft, else as it is published; 404 where there is none.

    One that is no readable YAML goes to the editor of texts.
    """
    return load_yaml(can, draft_id, path, QuestionFile, KINDS)


def save(
    draft_id: int,
    path: str,
    edit: Callable[[QuestionFile], str],
    is_still: Callable[[QuestionFile], bool] | None = None,
    *,
    removal: Removal | None = None,
) -> QuestionFile:
    """Save what an edit makes of the file, which is handed to it. Gives the file as it was.

    Raises Conflict as `save_yaml` does.
    """
    return save_yaml(draft_id, path, edit, QuestionFile, KINDS, is_still, removal=removal)


def skeleton(name: FileName, *, title: str, module: str) -> str:
    """The text of a new quiz or bank."""
    first = {"schema": f"pme-{name.kind.value}/1", "title": title}
    last: Entry = {"language": "en", "module": module}
    if name.kind is FileKind.QUIZ:
        of_quiz: Entry = {
            "minutes": "10",
            "pass": {"min_percent": "80"},
            "attempts": "unlimited",
            "shuffle": {"items": "yes", "options": "yes"},
            "key": {"by": "author"},
        }
        return as_text({**first, "summary": title, **last, **of_quiz, "items": []}) + "\n"
    return as_text({**first, **last, "items": []}) + "\n"
