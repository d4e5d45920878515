"""The media of a module as its author keeps them: names, what is said of each file, and where each is used. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pme.content.attachments import Attachment, ending_of, is_attachment, read_text
from pme.content.parse_recording import CAPTIONS, TRANSCRIPT, About, abouts
from pme.content.problems import Findings
from pme.content.yaml_edit import insert, put, read, remove, value_at
from pme.content.yaml_write import Plain
from pme.errors import Conflict
from pme.words.speech import _

FIELDS = ("says", "licence", "source", "captions", "transcript")
LONGEST_NAME = 50
EMPTY = "schema: pme-media/1\nfiles: []\n"


@dataclass(frozen=True)
class Row:
    """A file of the library: `uses` are the paths of the pages that show it, `holds` what stands beside it."""

    path: str
    name: str
    size: int
    about: About
    uses: tuple[str, ...]
    state: str
    attachment: Attachment | None = None

    @property
    def kind(self) -> str:
        """`picture`, `audio`, `video` or `document`."""
        return self.attachment.kind if self.attachment else "picture"

    @property
    def insert(self) -> str:
        """What to write into a page to show it."""
        alt = " ".join(self.about.says.replace("[", "(").replace("]", ")").split())
        return f'![{alt or _("What it shows")}](media/{self.name} "Caption")'


def media_folder(module: str) -> str:
    """Where the media of a module stand."""
    return f"modules/{module}/media/"


def list_path(module: str) -> str:
    """The file that says what each medium is."""
    return f"modules/{module}/media.yaml"


def name_for(given: str, ending: str, taken: Iterable[str]) -> str:
    """A name for a file that was sent: of its own name only letters, digits and hyphens stay."""
    stem = re.split(r"[/\\]", given)[-1].rpartition(".")[0] or given
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-") or "file"
    known, name, number = set(taken), f"{slug}{ending}", 2
    while name in known:
        name, number = f"{slug}-{number}{ending}", number + 1
    return name


def with_about(text: str, name: str, about: Mapping[str, str]) -> str:
    """The list of media with what is said of one file. Raises Conflict where the list cannot be read."""
    text = text if text.strip() else EMPTY
    written = {field: about[field].strip() for field in FIELDS if about.get(field, "").strip()}
    entry: dict[str, Plain] = {"id": name, **written}
    if value_at(text, ("files",)) is None:
        text = put(text, ("files",), [])
    if value_at(text, ("files", name)) is None:
        files = read(text)
        count = len(files["files"]) if isinstance(files, dict) else 0
        return put(text, ("files",), [entry]) if not count else insert(text, ("files",), count, entry)
    for field in FIELDS:
        known = value_at(text, ("files", name, field))
        if field in written and known != written[field]:
            text = put(text, ("files", name, field), written[field])
        elif field not in written and known is not None:
            text = remove(text, ("files", name, field))
    return text


def without(text: str, name: str) -> str:
    """The list of media without one file."""
    try:
        return remove(text, ("files", name)) if value_at(text, ("files", name)) is not None else text
    except Conflict:
        return text


def rows(
    module: str, published: Mapping[str, bytes], edits: Mapping[str, bytes | None]
) -> tuple[list[Row], dict[str, About]]:
    """Every medium of a module with a draft in it, and what is said of each by its name."""
    files = {path: content for path, content in {**published, **edits}.items() if content is not None}
    own = {path: c for path, c in files.items() if path.startswith(f"modules/{module}/")}
    listed = list_path(module)
    about = abouts(own, listed, Findings) if listed in own else {}
    pages = {path: c.decode("utf-8", "replace") for path, c in own.items() if path.endswith(".md")}
    found = []
    for path, content in sorted(own.items()):
        name = path.removeprefix(media_folder(module))
        if name == path or ending_of(name) in (CAPTIONS, TRANSCRIPT):
            continue
        attachment = read_text(content) if is_attachment(name) else None
        state = "" if path not in edits else "new" if path not in published else "changed"
        found.append(
            Row(
                path=path,
                name=name,
                size=attachment.size if attachment else len(content),
                about=about.get(name, About(name)),
                uses=tuple(page for page, text in sorted(pages.items()) if _shows(text, name)),
                state=state,
                attachment=attachment,
            )
        )
    return found, about


def _shows(text: str, name: str) -> bool:
    return re.search(rf"\(\s*media/{re.escape(name)}(?:\s|\))", text) is not None


def beside(about: About) -> tuple[str, ...]:
    """The files that stand with a recording: its captions and its transcript."""
    return tuple(
        each for each in (about.captions, about.transcript) if ending_of(each) in (CAPTIONS, TRANSCRIPT)
    )
