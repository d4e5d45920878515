"""What Lighthouse says of the pages that people see most, on a phone with a slow line: medians of several runs.

Run by itself with `python -m tests.bench lighthouse`; names of pages after it narrow the run.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from pme.certificates.models import Certificate
from tests.bench.serving import served
from tests.browser import shipped
from tests.support.browser import ARGUMENTS, SYSTEM
from tests.support.client import Visit
from tests.support.html import NODE, ROOT

PROGRAM = ROOT / "node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SKIPPED = "is-crawlable"
"""Pages behind a sign-in are not for search engines, and say so."""
AIM = 99
TIMES = int(os.environ.get("PME_LIGHTHOUSE_RUNS", "3"))
PATIENCE = 300
TRIES = 3
MODULE = f"{shipped.COURSE}/first-response"
QUIZ = f"{MODULE}/quiz/first-response-check"
REPORT = "/academy/reports/progress"


@dataclass(frozen=True)
class Seen:
    """One page, where it is served, and whose cookie opens it."""

    origin: str
    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Verdict:
    """The scores of a page from 0 to 100 by category, each the median of its runs, and what cost points in any."""

    name: str
    scores: Mapping[str, float]
    lacks: Sequence[str] = ()
    versions: str = ""

    @property
    def is_good(self) -> bool:
        """Whether every category reaches the aim."""
        return all(score >= AIM for score in self.scores.values())


@dataclass
class _Runs:
    scores: dict[str, list[float]] = field(default_factory=dict)
    lacks: dict[str, None] = field(default_factory=dict)
    versions: str = ""

    def add(self, report: Mapping[str, Any]) -> None:
        """Note the scores of a run, and each audit that took points from one."""
        self.versions = f"Lighthouse {report['lighthouseVersion']}, {_chromium(report)}"
        for name in CATEGORIES:
            category = report["categories"][name]
            self.scores.setdefault(name, []).append(round(100 * category["score"]))
            for audit in category["auditRefs"]:
                found = report["audits"][audit["id"]]
                if audit["weight"] and found["score"] is not None and found["score"] < AIM / 100:
                    self.lacks[f"{audit['id']}: {found.get('displayValue') or found['title']}"] = None


def main(names: Sequence[str] = ()) -> int:
    """Let Lighthouse look at each page, and print what it says; 1 where a page misses the aim."""
    with tempfile.TemporaryDirectory(prefix="pme-lighthouse-") as folder, staged(Path(folder)) as pages:
        wanted = {name: page for name, page in pages.items() if not names or name in names}
        verdicts = [judged(name, page, Path(folder)) for name, page in wanted.items()]
    print(describe(verdicts))
    return 0 if all(verdict.is_good for verdict in verdicts) else 1


def describe(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as a table, with what cost points below."""
    first = verdicts[0].versions if verdicts else ""
    lines = [
        f"\n{first}: mobile, slow 4G, median of {TIMES}, without {SKIPPED} (aim: {AIM} everywhere):",
        f"{'':24}" + "".join(f"{name:>16}" for name in CATEGORIES),
    ]
    for verdict in verdicts:
        lines.append(f"{verdict.name:24}" + "".join(f"{verdict.scores[name]:16.0f}" for name in CATEGORIES))
        lines += [f"    {lack}" for lack in verdict.lacks]
    return "\n".join(lines)


def judged(name: str, page: Seen, folder: Path) -> Verdict:
    """The median of several looks at one page."""
    runs = _Runs()
    for _time in range(TIMES):
        runs.add(_looked_at(page, folder))
    scores = {category: median(values) for category, values in runs.scores.items()}
    return Verdict(name, scores, tuple(runs.lacks), runs.versions)


def _looked_at(page: Seen, folder: Path) -> dict[str, Any]:
    """One report. On a busy machine a trace may be cut short: it is tried again before that is told."""
    for _try in range(TRIES - 1):
        with suppress(RuntimeError):
            return looked_at(page, folder)
    return looked_at(page, folder)


def looked_at(page: Seen, folder: Path) -> dict[str, Any]:
    """One report. A browser that cannot be driven is told with what Lighthouse said."""
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": page.cookie} if page.cookie else {}), encoding="utf-8")
    profile = Path(tempfile.mkdtemp(dir=folder))
    flags = ["--headless=new", *ARGUMENTS, f"--user-data-dir={profile}"]
    command: list[str | Path] = [
        NODE, PROGRAM, f"{page.origin}{page.path}", "--output=json", "--quiet",
        f"--only-categories={','.join(CATEGORIES)}", f"--skip-audits={SKIPPED}",
        f"--extra-headers={headers}", f"--chrome-flags={' '.join(flags)}",
    ]  # fmt: skip
    chrome = {"CHROME_PATH": SYSTEM} if shutil.which(SYSTEM) else {}
    run = subprocess.run(
        command, env={**os.environ, **chrome}, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if run.returncode:
        raise RuntimeError(f"Lighthouse did not look at {page.path}:\n{run.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(run.stdout)
    if report.get("runtimeError"):
        raise RuntimeError(f"Lighthouse did not look at {page.path}: {report['runtimeError']['message']}")
    if report["finalDisplayedUrl"] != f"{page.origin}{page.path}":
        raise RuntimeError(f"{page.path} led to {report['finalDisplayedUrl']}")
    return report


@contextmanager
def staged(folder: Path) -> Iterator[dict[str, Seen]]:
    """The shipped content with a student in the midst of it, served as in production."""
    home = shipped.installed(folder)
    adams = home.visit("adams")
    page = adams.get(f"{MODULE}/scenario/checkpoint-disclosure").press("Begin the scenario")
    decision = page.path
    taken = home.visit("baker")
    debrief = next(
        address
        for address in (f"{decision.rpartition('/')[0]}/{number}/debrief" for number in range(1, 99))
        if taken.fetch(address).status_code == 200
    )
    quiz = adams.get(QUIZ).press("Begin").path
    with home.database.session() as session:
        code = session.scalars(select(Certificate.code).order_by(Certificate.id)).first()
    one, other, staff = _cookie_of(adams), _cookie_of(taken), _cookie_of(home.visit("evans"))
    port = _free_port()
    origin = f"http://127.0.0.1:{port}"
    pages = {
        "first page": Seen(origin, "/"),
        "sign in": Seen(origin, "/sign-in"),
        "student's first page": Seen(origin, "/learn", one),
        "course": Seen(origin, shipped.COURSE, one),
        "page of a module": Seen(origin, f"{MODULE}/first-hour", one),
        "question of a quiz": Seen(origin, quiz, one),
        "scenario decision": Seen(origin, decision, one),
        "debrief": Seen(origin, debrief, other),
        "certificates": Seen(origin, "/certificates", other),
        "search": Seen(origin, "/search?q=consent", one),
        "verify": Seen(origin, "/verify"),
        "a certificate verified": Seen(origin, f"/verify/{code}"),
        "page, in Arabic": Seen(origin, f"{MODULE}/first-hour?lang=ar", one),
        "report of staff": Seen(origin, REPORT, staff),
        "report, in Arabic": Seen(origin, f"{REPORT}?lang=ar", staff),
    }
    settings = home.app.extensions["pme_settings"]
    environment = {
        **os.environ,
        "PME_INSTANCE_DIR": str(folder),
        "PME_SECRET_KEY": settings.secret_key,
        "PME_PUBLIC_URL": origin,
        "PME_WORKER": "off",
    }
    home.database.dispose()
    with served("pme.upkeep:serving", port, environment):
        yield pages


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    return port


def _cookie_of(visit: Visit) -> str:
    cookie = visit.http.get_cookie("pme")
    assert cookie is not None
    return f"pme={cookie.value}"


def _chromium(report: Mapping[str, Any]) -> str:
    agent = str(report["environment"]["hostUserAgent"])
    return next((part for part in agent.split() if "Chrome/" in part), agent)
