"""What `pme check` and publishing cost at 12 and at 500 modules: each with two pages, a picture, a quiz and a scenario.

Run in a process of its own for each size, so that its memory is its own: it prints one JSON object.

    python -m tests.bench.contents 12 500
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pme import schema
from pme.content import catalogue
from pme.content.check import check_tree
from pme.content.publish import publish
from pme.db import Database
from tests.bench.curves import exponent
from tests.bench.exports import memory
from tests.content.small_library import COURSE, FILES

SIZES = (12, 500)
A_COURSE = 20
"""Modules of each course."""
Figures = dict[str, float]
NAMES = {"listening-check": "check", "listening": "module", "gate": "gate"}
STEPS = ("check", "publish", "publish again", "catalogue")


def measure(modules: int) -> Figures:
    """Seconds of the processor for each step, and MB of memory at the most beyond what was there before."""
    with TemporaryDirectory(prefix="pme-bench-contents-") as folder:
        root, database = Path(folder), Database(f"sqlite:///{Path(folder) / 'contents.sqlite3'}")
        write(root, modules)
        schema.upgrade(database)
        found: Figures = {"files": float(sum(path.is_file() for path in root.rglob("*.*")))}
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
        began, at = busy(), datetime.now(UTC)
        library = check_tree(root / "modules", root / "quizzes").require()
        found["check"] = busy() - began
        for step in ("publish", "publish again"):
            began = busy()
            with database.writing() as session:
                publish(session, library, by_id=None, at=at, note="")
            found[step] = busy() - began
        catalogue._newest.clear()  # as a process finds it that has just started
        catalogue._parsed.clear()
        began = busy()
        with database.session() as session:
            assert len(catalogue.current(session).modules_by_slug) == modules
        found["catalogue"] = busy() - began
        found["memory"] = memory("VmHWM") - before
        database.dispose()
    return found


def write(root: Path, modules: int) -> None:
    """So many modules on disk, in courses of twenty."""
    for path, text in FILES.items():
        if path == COURSE:
            continue
        copies = range(1, modules + 1) if any(name in path for name in NAMES) else (0,)
        for number in copies:
            _put(root / _numbered(path, number), _numbered(text, number))
    for first in range(1, modules + 1, A_COURSE):
        slugs = ", ".join(f"module-{n}" for n in range(first, min(modules + 1, first + A_COURSE)))
        text = FILES[COURSE].replace("modules: [listening]", f"modules: [{slugs}]")
        _put(
            root / f"modules/course-{first}.course.yaml",
            text.replace("title: Core", f"title: Course {first}"),
        )


def describe(found: Mapping[int, Figures]) -> str:
    """The figures as some lines of the bench."""
    lines = [f"\nContent, seconds of the processor:{'':8}" + "".join(f"{size:>14} modules" for size in found)]
    for step in STEPS:
        costs = {size: one[step] for size, one in found.items()}
        told = "".join(f"{cost:20.2f} s" for cost in costs.values())
        lines.append(f"  {step:38}{told}   exponent {exponent(costs):.2f}")
    lines.append(
        f"  {'memory at the most, MB':38}" + "".join(f"{one['memory']:22.0f}" for one in found.values())
    )
    return "\n".join(lines)


def run(of: Sequence[int] = SIZES) -> dict[int, Figures]:
    """The figures of each size, each in a process of its own."""
    found = {}
    for size in of:
        command = [sys.executable, "-m", "tests.bench.contents", "--one", str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[size] = json.loads(done.stdout)
    return found


def busy() -> float:
    """Seconds of the processor that this process has taken, with those of its children that have ended."""
    return sum(os.times()[:4])


def _numbered(text: str, number: int) -> str:
    if number:
        for name, ours in NAMES.items():
            text = text.replace(name, f"{ours}-{number}")
    return text


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(measure(int(sys.argv[2]))))
    else:
        print(describe(run([int(each) for each in sys.argv[1:]] or SIZES)))
