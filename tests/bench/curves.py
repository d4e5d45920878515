"""How the cost of a report grows with its rows: processor and memory at 1,000 to 1,000,000 completions.

Each size runs in a process of its own, each form beside a plain SELECT of the same cells in the same process. The
largest takes some minutes and takes no spreadsheet: set PME_BENCH_MILLION=1 for it.

    python -m tests.bench.curves 1000 10000 100000 1000000
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from math import log

from tests.bench.exports import Figures
from tests.bench.exports import describe as detailed

SIZES, MILLION = (1_000, 10_000, 100_000), 1_000_000
FORMS, FAST = ("first page", "csv", "json", "xlsx"), ("first page", "csv", "json")
DETAILED = 100_000
SLACK = 1.3
"""How much a busy machine may add to what n log n allows."""


def sizes() -> tuple[int, ...]:
    """The sizes that are measured."""
    return (*SIZES, MILLION) if os.environ.get("PME_BENCH_MILLION") else SIZES


def measure(of: Sequence[int]) -> dict[int, dict[str, Figures]]:
    """The figures of each form at each size."""
    found = {}
    for rows in of:
        forms = FAST if rows >= MILLION else FORMS
        command = [sys.executable, "-m", "tests.bench.exports", str(rows), *forms]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[rows] = json.loads(run.stdout)
    return found


def exponent(costs: Mapping[int, float]) -> float:
    """The slope of cost over size, both by their logarithms, as least squares have it: 1 is in proportion."""
    points = [(log(size), log(max(cost, 1e-4))) for size, cost in costs.items()]
    n, x, y = len(points), sum(p[0] for p in points), sum(p[1] for p in points)
    return (n * sum(a * b for a, b in points) - x * y) / (n * sum(a * a for a, _ in points) - x * x)


def is_held(costs: Mapping[int, float]) -> bool:
    """Whether the cost from the second size to the last grew no more than n log n does."""
    first, last = sorted(costs)[-2:]
    allowed = last * log(last) / (first * log(first))
    return costs[last] / costs[first] <= allowed * SLACK


def describe(found: Mapping[int, Mapping[str, Figures]]) -> str:
    """The curves as some lines of the bench."""
    lines = ["\nReports of completions by their rows: processor, seconds (memory beyond what was there, MB)"]
    lines.append(f"{'':14}" + "".join(f"{size:>20,}" for size in found) + f"{'exponent':>12}")
    for form in (*FORMS, "plain"):
        told = [found[size].get(form) for size in found]
        cells = "".join(f"{_cell(one):>20}" for one in told)
        costs = {size: one["cpu"] for size, one in zip(found, told, strict=True) if one}
        # What a small report costs to begin with would make its curve look flatter than it is.
        steep = {size: cost for size, cost in costs.items() if size > min(costs) or len(costs) < 3}
        held = "" if is_held(costs) else "  grows worse than n log n"
        lines.append(f"{'plain SELECT' if form == 'plain' else form:14}{cells}{exponent(steep):12.2f}{held}")
    lines.append("The exponent is from 10,000 rows on: n log n has 1.1 there, n 1.0.")
    if DETAILED in found:
        lines.append(detailed(found[DETAILED], DETAILED))
    return "\n".join(lines)


def _cell(one: Figures | None) -> str:
    return f"{one['cpu']:.3f} ({one['memory']:.0f})" if one else "-"


if __name__ == "__main__":
    print(describe(measure([int(each) for each in sys.argv[1:]] or sizes())))
