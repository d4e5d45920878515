"""Compiled templates, kept in the instance folder, so that a process that starts need not compile them again.

What is kept is run: it is taken only where this installation's own secret signed it, and only for the very files that
it was compiled from and by, in the very language.
"""

import hashlib
import hmac
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from pme.config import Settings
from pme.web.assets import Asset
from pme.words import folding
from pme.words.compiling import TRANSLATED, compiled
from pme.words.languages import SOURCE

FOLDER = ".templates"
"""Hidden, so that no backup holds it."""
SIGNED = hashlib.sha256().digest_size
CODE = Path(__file__).resolve().parent.parent
MADE_BY = ("web", "words")
"""The rooms whose files say what a template is compiled to: extensions, filters, and how words are put into it."""


def install(app: Flask, settings: Settings) -> None:
    """Let the app's templates be kept, compiled, in the instance folder."""
    app.jinja_env.bytecode_cache = CompiledTemplates(
        settings.instance_dir / FOLDER, settings.secret_key, app.extensions["pme_assets"]
    )


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates by name and language."""

    def __init__(self, folder: Path, secret: str, assets: dict[str, Asset]) -> None:
        self._folder = folder
        self._key = hashlib.sha256(f"compiled templates {secret}".encode()).digest()
        self._made_from: Callable[[str], bytes] = cache(lambda language: _made_from(language, assets))

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Which file keeps a template in the language that it is compiled for."""
        told = f"{folding.compiled_for() or ''}|{name}|{filename or ''}"
        return hashlib.sha256(told.encode()).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """What a kept template must have been compiled from."""
        known = self._made_from(folding.compiled_for() or SOURCE)
        return hashlib.sha256(known + source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is ours and whole."""
        with suppress(OSError):
            kept = (self._folder / bucket.key).read_bytes()
            code = kept[SIGNED:]
            if hmac.compare_digest(kept[:SIGNED], self._signature(bucket, code)):
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, where the folder can be written; readers see the old file or the whole new one."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
                part.write(self._signature(bucket, code) + code)
            Path(part.name).replace(self._folder / bucket.key)

    def _signature(self, bucket: Bucket, code: bytes) -> bytes:
        return hmac.digest(self._key, bucket.key.encode() + code, "sha256")


def _made_from(language: str, assets: dict[str, Asset]) -> bytes:
    known = hashlib.sha256(f"{sys.version} {version('jinja2')} {language}".encode())
    for name in sorted(assets):
        known.update(f"{name} {assets[name].digest} ".encode())
    for path in sorted(path for room in MADE_BY for path in (CODE / room).glob("*.py")):
        known.update(hashlib.sha256(path.read_bytes()).digest())
    if language in TRANSLATED:
        with compiled(language) as words:
            known.update(words.read())
    return known.digest()
