"""The recordings and documents of a module, and `media.yaml`: what each file tells, whose it is, its captions.

Pure. A film or a sound needs words for those who cannot hear it, a document words for those who cannot open it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from pme.content.attachments import (
    ENDINGS,
    Attachment,
    ending_of,
    is_attachment,
    length_told,
    read_text,
    size_told,
)
from pme.content.captions import NotCaptions, read_captions, written
from pme.content.library import Media
from pme.content.parse_course import open_file
from pme.content.parse_fields import Book
from pme.content.parse_picture import Picture, read_picture
from pme.content.problems import Findings, near
from pme.words.languages import SOURCE
from pme.words.speech import _, _p, speaking

CAPTIONS, TRANSCRIPT, IN_PAGE = ".vtt", ".txt", "in-page"
LONGEST_TRANSCRIPT = 100_000
CALLED = {"audio": "Recording", "video": "Film", "document": "Document"}  # not words
Collector = Callable[[str], Findings]


@dataclass(frozen=True)
class About:
    """What `media.yaml` says of one file."""

    name: str
    line: int = 1
    says: str = ""
    licence: str = ""
    source: str = ""
    captions: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Recording:
    """A film, a sound or a document that a page shows, with its captions and the text in its place."""

    path: str
    media: Media
    attachment: Attachment
    captions: Media | None = None
    captions_path: str = ""
    transcript: str = ""
    language: str = "en"
    says: str = ""

    drawing = None
    """It is no drawing."""

    @property
    def every(self) -> tuple[Media, ...]:
        """All files that a page needs to show it."""
        return (self.media, self.captions) if self.captions else (self.media,)

    @property
    def places(self) -> tuple[tuple[Media, str], ...]:
        """The same, each with the path it is made from."""
        return tuple(zip(self.every, (self.path, self.captions_path), strict=False))

    def html(self, *, alt: str) -> str:
        """The recording in a page: played there, its words below, and a link that paper keeps too."""
        kind, address = self.attachment.kind, f"/media/{self.media.sha256}/{self.media.name}"
        with speaking(SOURCE):  # what is published says the same to everybody
            facts = [ending_of(self.path)[1:].upper(), size_told(self.attachment.size)]
            facts += [length_told(self.attachment.seconds)] if self.attachment.seconds else []
        name = escape(self.path.rpartition("/")[2])
        link = f'<p><a href="{address}" download="{name}">{CALLED[kind]}: {name}</a> ({", ".join(facts)})</p>'
        if kind == "document":
            return f"{link}<p>{escape(alt)}</p>"
        size = (
            f' width="{self.attachment.width}" height="{self.attachment.height}"'
            if kind == "video" and self.attachment.width and self.attachment.height
            else ""
        )
        track = (
            f'<track kind="captions" src="/media/{self.captions.sha256}/{self.captions.name}"'
            f' srclang="{self.language}" label="Captions" default>'
            if self.captions
            else ""
        )
        player = (
            f'<{kind} controls preload="metadata" aria-label="{escape(alt)}"{size}>'
            f'<source src="{address}" type="{self.media.mime}">{track}</{kind}>'
        )
        return f"{player}{self._words()}{link}"

    def _words(self) -> str:
        if not self.transcript:
            return ""
        paragraphs = "".join(
            f"<p>{escape(' '.join(part.split()))}</p>"
            for part in self.transcript.split("\n\n")
            if part.strip()
        )
        return f"<details><summary>Transcript</summary><div>{paragraphs}</div></details>"


Medium = Picture | Recording


def every_medium(files: Mapping[str, bytes], findings: Collector) -> dict[str, Medium | None]:
    """Everything in the media folders of these files that a page can show; None is a file that cannot be."""
    facts: dict[str, Mapping[str, About]] = {}
    found: dict[str, Medium | None] = {}
    for path in files:
        if path.endswith("/media.yaml"):
            facts[path.removesuffix("/media.yaml")] = abouts(files, path, findings)
    for path, content in files.items():
        folder, _unused, name = path.rpartition("/media/")
        if not folder or ending_of(path) in (CAPTIONS, TRANSCRIPT):
            continue
        about = facts.get(folder, {}).get(name, About(name))
        medium: Medium | None
        if is_attachment(path):
            medium = _recording(path, content, about, files, findings)
        else:
            medium = read_picture(path, content, findings(path))
        found[path] = replace(medium, says=about.says) if medium else None
    for folder, about_files in facts.items():
        _refuse_strangers(folder, about_files, files, findings(f"{folder}/media.yaml"))
    return found


def abouts(files: Mapping[str, bytes], path: str, findings: Collector) -> dict[str, About]:
    """What `media.yaml` says of each file of a module, by its name."""
    text = files[path].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    form = open_file(
        text, Book(findings(path)), what=_p("kind of file", "list of media"), schema="pme-media/1"
    )
    if form is None:
        return {}
    found = {}
    for each in form.forms("files", _p("part of a file", "file"), required=False):
        name = each.text("id")
        found[name] = About(
            name,
            each.line,
            **{
                field: each.maybe(field) or ""
                for field in ("says", "licence", "source", "captions", "transcript")
            },
        )
        each.finish()
    form.finish()
    return found


def _refuse_strangers(
    folder: str, facts: Mapping[str, About], files: Mapping[str, bytes], findings: Findings
) -> None:
    names = [path.rpartition("/")[2] for path in files if path.startswith(f"{folder}/media/")]
    for about in facts.values():
        if about.name not in names:
            says = _(
                "There is no file media/{name} in this module.{near}",
                name=about.name,
                near=near(about.name, names),
            )
            findings.error(about.line, says)
        elif not (about.licence and about.source):
            findings.warn(about.line, _("{name}: say its licence and where it comes from.", name=about.name))


def _recording(
    path: str,
    content: bytes,
    about: About,
    files: Mapping[str, bytes],
    findings: Collector,
) -> Recording | None:
    attachment = read_text(content)
    if attachment is None or ENDINGS[ending_of(path)] != attachment.mime:
        findings(path).error(1, _("This file is not what its name says, or is damaged. Send it again."))
        return None
    listed = findings(path.rpartition("/media/")[0] + "/media.yaml")
    media = Media(attachment.sha256, attachment.name, attachment.mime, b"", attachment.size)
    made = Recording(path, media, attachment)
    if attachment.kind == "document":
        return made
    if not about.captions and not about.transcript:
        says = _(
            "{name} has neither captions nor a transcript in media.yaml; those who cannot hear it would "
            "miss it. Add one, or “transcript: {in_page}” where the page tells all of it.",
            name=about.name,
            in_page=IN_PAGE,
        )
        listed.error(about.line, says)
    if about.captions:
        made = _with_captions(made, about, files, listed)
    if about.transcript and about.transcript != IN_PAGE:
        made = _with_transcript(made, about, files, listed)
    return made


def _with_captions(made: Recording, about: About, files: Mapping[str, bytes], listed: Findings) -> Recording:
    path = f"{made.path.rpartition('/')[0]}/{about.captions}"
    if ending_of(path) != CAPTIONS or path not in files:
        listed.error(
            about.line,
            _("The captions {captions} are not a .vtt file of this module's media.", captions=about.captions),
        )
        return made
    try:
        clean = written(read_captions(files[path]))
    except NotCaptions as reason:
        listed.error(
            about.line,
            _("The captions {captions} cannot be used: {reason}", captions=about.captions, reason=reason),
        )
        return made
    captions = Media(hashlib.sha256(clean).hexdigest(), "captions.vtt", "text/vtt", clean)
    return replace(made, captions=captions, captions_path=path)


def _with_transcript(
    made: Recording, about: About, files: Mapping[str, bytes], listed: Findings
) -> Recording:
    path = f"{made.path.rpartition('/')[0]}/{about.transcript}"
    if ending_of(path) != TRANSCRIPT or path not in files:
        listed.error(
            about.line,
            _(
                "The transcript {transcript} is not a .txt file of this module's media.",
                transcript=about.transcript,
            ),
        )
        return made
    try:
        text = files[path].decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or len(text) > LONGEST_TRANSCRIPT:
        listed.error(
            about.line,
            _(
                "The transcript {transcript} is empty, too long, or not text in UTF-8.",
                transcript=about.transcript,
            ),
        )
        return made
    return replace(made, transcript=text)
