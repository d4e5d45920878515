"""Runs the bench and prints it: rates, percentiles, ratios to the references, bytes, memory, Lighthouse.

`python -m tests.bench lighthouse` runs that part alone.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.bench import (
    contents,
    curves,
    hot,
    lighthouse,
    load,
    papers,
    quality,
    reference,
    regrades,
    rosters,
    sheets,
    stage,
)
from tests.bench.load import Load
from tests.bench.serving import served

CONCURRENCY = 16
SECONDS = float(os.environ.get("PME_BENCH_SECONDS", "6"))
ROUNDS = int(os.environ.get("PME_BENCH_ROUNDS", "3"))
PAGES = {"dashboard": "/learn", "first page": "/"}
REGRADED = 10_000
PORT, OTHER = 8791, 8792
Clients = list[Callable[[], Iterator[bytes]]]


def main() -> int:
    """Measure everything once more than once, in turns, and print medians."""
    with tempfile.TemporaryDirectory(prefix="pme-bench-") as folder:
        environment = _environment(Path(folder))
        decisions = CONCURRENCY * ROUNDS * max(40, int(SECONDS * 12))
        staged = stage.build(environment, players=decisions)
        reference.prepare(environment["PME_BENCH_REFERENCE_URL"])
        with (
            served("pme.upkeep:serving", PORT, environment) as pid,
            served("tests.bench.reference:create_app", OTHER, environment),
        ):
            hot.print_idle(pid)
            _print_load(staged)
            _print_visit()
            _print_memory(pid)
        hot.print_start(environment)
        hot.print_statements(staged, environment)
        hot.print_exam()
        _print_certificate()
        _print_quality(environment)
        _print_regrade(Path(folder))
        print(curves.describe(curves.measure(curves.sizes())))
        print(contents.describe(contents.run()))
        _print_rosters(environment)
    return lighthouse.main()


def _print_load(staged: stage.Stage) -> None:
    cookie = staged.players[0].cookie
    plans: dict[str, tuple[int, Callable[[int], Clients], tuple[int, ...]]] = {
        "reference: hello": (OTHER, lambda _: _same("GET", "/hello", OTHER), (200,)),
        "reference: page, one query": (OTHER, lambda _: _same("GET", "/page", OTHER), (200,)),
        "reference: page, template kept": (OTHER, lambda _: _same("GET", "/kept", OTHER), (200,)),
        "reference: durable insert": (OTHER, lambda _: _same("POST", "/insert", OTHER), (200,)),
        "first page, signed out": (PORT, lambda _: _same("GET", "/", PORT), (200,)),
        "dashboard": (PORT, lambda _: _same("GET", "/learn", PORT, cookie), (200,)),
        "module page": (PORT, lambda _: _same("GET", staged.page, PORT, cookie), (200,)),
        "scenario decision, durable": (PORT, lambda n: _deciding(staged, n), (303,)),
    }
    runs: dict[str, list[Load]] = {name: [] for name in plans}
    for port, clients, statuses in plans.values():  # unmeasured: a process opens its doors at the first visit
        if statuses == (200,):  # a decision is there only once
            load.run(port, clients(0), seconds=1).require(*statuses)
    for number in range(ROUNDS):
        for name, (port, clients, statuses) in plans.items():
            runs[name].append(load.run(port, clients(number), seconds=SECONDS).require(*statuses))
    print(f"\nLoad at concurrency {CONCURRENCY}, {ROUNDS} rounds of {SECONDS:g} s in turns (medians):")
    print(f"{'':32}{'req/s':>9}{'spread':>16}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}")
    page = median(r.rate for r in runs["reference: page, one query"])
    insert = median(r.rate for r in runs["reference: durable insert"])
    for name, loads in runs.items():
        rates = sorted(r.rate for r in loads)
        beside = insert if "durable" in name else page
        ratio = "" if name.startswith("reference") else f"{median(rates) / beside:.2f}"
        spread = f"{rates[0]:.0f}-{rates[-1]:.0f}"
        p50, p95 = median(r.p50 for r in loads), median(r.p95 for r in loads)
        print(f"{name:32}{median(rates):9.0f}{spread:>16}{p50:9.1f}{p95:9.1f}{ratio:>8}")
    kept = median(r.rate for r in runs["module page"]) / median(
        r.rate for r in runs["reference: page, template kept"]
    )
    print("Aims: module page at least 0.60 of the reference page; decision at least 0.50 of the insert.")
    print(
        f"Beside a reference that does not compile its template for each request, the module page: {kept:.2f}."
    )


def _print_visit() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    sizes: dict[str, int] = {}
    queue = ["/"]
    while queue:
        path = queue.pop()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        sizes[path] = len(body) + len(str(answer.headers))
        if path == "/":
            import gzip  # noqa: PLC0415

            html = gzip.decompress(body).decode()
            queue = [part.split('"')[0] for part in html.split('"/static/')[1:]]
            queue = [f"/static/{part}" for part in dict.fromkeys(queue)]
    print(f"\nFirst visit: {len(sizes)} requests, {sum(sizes.values()):,} bytes (aim: 4 and 50,000).")
    for path, size in sizes.items():
        print(f"  {size:8,}  {path}")


def _print_memory(pid: int) -> None:
    workers = stage.resident(stage.children(pid))
    said = ", ".join(f"{size:.0f} MB" for size in workers)
    print(f"\nResident memory of each server process after the load: {said} (aim: under 150 MB).")


def _print_certificate() -> None:
    by = papers.signer()
    size = len(papers.signed(by))
    bare, ours = [], []
    for _ in range(15):
        bare.append(_timed(sheets.bare))
        ours.append(_timed(lambda: papers.signed(by)))
    print(
        f"\nCertificate PDF of two pages, signed, with its credential, warm: {median(ours):.0f} ms median "
        f"({min(ours):.0f}-{max(ours):.0f}; aim: under 150), {size / 1000:.0f} kB (aim: under 300); reference, "
        f"a bare one-line WeasyPrint page: {median(bare):.0f} ms; ratio {median(ours) / median(bare):.1f}. "
        f"Two processes together: {papers.rate(2, 40):.1f} a second (aim: at least 10)."
    )


def _print_quality(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.bench.quality"]  # of its own, so that its memory is its own
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(quality.describe(json.loads(run.stdout)))


def _print_regrade(folder: Path) -> None:
    cost = regrades.cost_of(f"sqlite:///{folder / 'regrade.sqlite'}", attempts=REGRADED)
    print(
        f"\nRegrade of {REGRADED:,} attempts of {regrades.ITEMS} questions, {cost.changed:,} of them changed: "
        f"dry run {cost.seconds:.1f} s, {cost.statements} statements, {cost.megabytes:.0f} MB more; "
        f"applied in {cost.applying:.1f} s."
    )


def _print_rosters(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.bench.rosters"]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(rosters.describe(json.loads(run.stdout)))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _same(method: str, path: str, port: int, cookie: str = "") -> Clients:
    sent = load.request(method, path, port=port, cookie=cookie)
    return [lambda: repeat(sent)] * CONCURRENCY


def _deciding(staged: stage.Stage, number: int) -> Clients:
    share = len(staged.players) // (CONCURRENCY * ROUNDS)

    def client(index: int) -> Callable[[], Iterator[bytes]]:
        begins = (number * CONCURRENCY + index) * share
        return lambda: _decisions(staged.players[begins : begins + share])

    return [client(index) for index in range(CONCURRENCY)]


def _decisions(players: tuple[stage.Player, ...]) -> Iterator[bytes]:
    for player in players:
        for step, position in enumerate(player.positions, start=1):
            body = urlencode({"csrf_token": player.token, "step": step, "choice": position})
            path = f"/attempts/scenario/{player.attempt_id}"
            yield load.request("POST", path, port=PORT, cookie=player.cookie, body=body)


def _environment(folder: Path) -> dict[str, str]:
    given = os.environ.get("PME_BENCH_DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    other = os.environ.get("PME_BENCH_REFERENCE_URL", f"sqlite:///{folder / 'reference.sqlite3'}")
    return {
        **os.environ,
        "PME_INSTANCE_DIR": str(folder),
        "PME_DATABASE_URL": given,
        "PME_BENCH_REFERENCE_URL": other,
        "PME_SECRET_KEY": "bench" * 10,
        "PME_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "PME_WORKER": "off",
    }


if __name__ == "__main__":
    sys.exit(lighthouse.main(sys.argv[2:]) if sys.argv[1:2] == ["lighthouse"] else main())
