"""The child process of the intake: one task for one file, within its own limits of time, memory and output."""

import json
import mmap
import os
import resource
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from pme.intake.made import Made, Refused
from pme.words.speech import _, speaking

MEMORY = 1_200 * 1024 * 1024
OUTPUT = 700 * 1024 * 1024
FILES = 64
LATER = {
    "return": "pme.returns.checking:take_return",
    "design": "pme.certificates.designs.pictures:take_picture",
    "proof": "pme.proving.reading:take_proof",
}
"""Tasks of rooms that stand above this one, by where their function is."""


def main() -> None:
    """Do the task that the first argument names, with the options of the second."""
    task, options = sys.argv[1], json.loads(sys.argv[2])
    # The modules are found before the limits stand: a task loads only what it needs.
    does = _task(task)
    cpu = int(options["seconds"]) + 1
    for what, most in (
        (resource.RLIMIT_AS, options.get("memory", MEMORY)),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    with mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_READ) as data, speaking(options.get("language")):
        try:
            made = does(data, options)
            answer, bodies = made.told, made.bodies
        except Refused as reason:
            answer, bodies = {"refused": str(reason)}, []
        except (MemoryError, RecursionError):
            answer, bodies = {"refused": _("This file needs more memory to read than is allowed.")}, []
        with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as out:
            out.write(json.dumps(answer).encode() + b"\n")
            out.writelines(bodies)


def _task(name: str) -> Callable[[Any, Mapping[str, Any]], Made]:
    if name == "medium":
        from pme.intake.medium import take_medium  # noqa: PLC0415

        return take_medium
    if name in LATER:
        room, _unused, task = LATER[name].partition(":")
        found: Callable[[Any, Mapping[str, Any]], Made] = getattr(import_module(room), task)
        return found
    if name == "table":
        from pme.intake.table import take_table  # noqa: PLC0415

        return take_table
    from pme.intake.package import take_package  # noqa: PLC0415

    return take_package


if __name__ == "__main__":
    main()
