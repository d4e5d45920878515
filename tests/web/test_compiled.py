"""Compiled templates are kept for the next process, and run only where this installation made them."""

from pathlib import Path

from flask import Flask
from jinja2 import DictLoader
from jinja2.bccache import Bucket

from pme.web.assets import Asset, make
from pme.web.compiled import SIGNED, CompiledTemplates
from pme.words import speech, templates
from pme.words.folding import SETTLED, SpeakingEnvironment

ASSETS = {"app.css": make("app.css", "text/css", b"a{}")}
SAYS = {"page.html": "{{ _('Save') }} {{ sign() }}"}


class Counting(CompiledTemplates):
    """Counts what had to be compiled."""

    compiled = 0

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Count it, and keep it."""
        self.compiled += 1
        super().dump_bytecode(bucket)


def said(
    folder: Path, *, secret: str = "s", language: str = "en", assets: dict[str, Asset] | None = None,
    says: dict[str, str] = SAYS,
) -> tuple[str, int]:  # fmt: skip
    """A page as a process that has just started shows it, and how many templates it compiled."""
    kept = Counting(folder, secret, assets or ASSETS)
    environment = SpeakingEnvironment(loader=DictLoader(says), autoescape=True, bytecode_cache=kept)
    environment.policies[SETTLED] = frozenset({"sign"})
    environment.globals["sign"] = lambda: (assets or ASSETS)["app.css"].digest[:4]
    templates.teach(environment)
    with speech.speaking(language):
        return environment.get_template("page.html").render(), kept.compiled


def test_the_next_process_compiles_nothing_and_says_the_same(tmp_path: Path):
    first, again = said(tmp_path), said(tmp_path)
    assert again == (first[0], 0)
    assert first[1] == 1


def test_what_a_template_is_made_of_is_what_it_is_kept_for(tmp_path: Path):
    said(tmp_path)
    french = said(tmp_path, language="fr")
    assert french[0].startswith("Enregistrer")
    assert said(tmp_path, says={"page.html": "Changed"}) == ("Changed", 1)
    assert said(tmp_path, language="fr") == (french[0], 0)
    other = {"app.css": make("app.css", "text/css", b"b{}")}
    shown, compiled = said(tmp_path, language="fr", assets=other)
    assert (shown.endswith(other["app.css"].digest[:4]), compiled) == (True, 1)


def test_what_others_put_into_the_folder_is_never_run(tmp_path: Path):
    first = said(tmp_path)
    (kept,) = tmp_path.iterdir()
    ours = kept.read_bytes()
    assert said(tmp_path, secret="another") == first
    theirs = kept.read_bytes()
    for body in (theirs, ours[:SIGNED] + theirs[SIGNED:-1] + b"?", ours[:-1], b""):
        kept.write_bytes(body)
        assert said(tmp_path) == first  # compiled again


def test_a_folder_that_cannot_be_written_keeps_nothing_and_harms_nothing(tmp_path: Path):
    place = tmp_path / "file"
    place.write_text("in the way", encoding="utf-8")
    assert said(place / "templates") == said(tmp_path)


def test_the_app_keeps_its_templates(app: Flask):
    assert isinstance(app.jinja_env.bytecode_cache, CompiledTemplates)
