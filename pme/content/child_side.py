"""The child's side of a BoundedChild: requests in, answers out, one JSON line each.

The child limits its own memory and processor time too, in case its parent dies first.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from pme.words.speech import _, speaking

MEMORY = 1_024 * 1024 * 1024
SECONDS = "seconds"
Answer = dict[str, Any]


def limit_memory() -> None:
    """Take no more memory than a child may."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def serve(work: Callable[[Answer], Answer], library: str) -> None:
    """Say that everything has loaded, then answer each request line until the input ends.

    `library` is what is named where the work stops at something that nobody foresaw.
    """
    _say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        _allow(request[SECONDS])
        with speaking(request.get("language")):
            try:
                answer = work(request)
            except (RecursionError, MemoryError):
                answer = {"error": _("it is nested too deeply or needs too much memory")}
            except Exception as error:  # noqa: BLE001  (whatever a library trips over is the text's problem)
                answer = {
                    "error": _("{library} stopped at it ({name})", library=library, name=type(error).__name__)
                }
        _say(answer)


def _say(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _allow(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    _unused, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
