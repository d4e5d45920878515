"""Figures of quality as plain values that can be kept, and back: what comes back equals what went.

Pure. Importing this file imports numpy (25 MB): do so where figures of quality are kept or shown, and not before.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pme.assessment import statistics as whole
from pme.assessment import statistics_data as data
from pme.assessment import statistics_decisions as decisions
from pme.assessment import statistics_figures as figures
from pme.assessment import statistics_items as items
from pme.assessment import statistics_paths as paths
from pme.assessment import statistics_reliability as reliability
from pme.reports.quality import ScenarioQuality

CLASS, PAIRS = "is", "pairs"
KNOWN: Mapping[str, type[Any]] = {
    each.__name__: each
    for each in (
        *(whole.Analysis, whole.Bin, whole.OutcomeFigures, whole.ConfidenceFigures),
        *(whole.GroupFigures, whole.GroupingFigures),
        *(figures.Estimate, figures.TooFew, figures.Undefined),
        *(items.ItemFigures, items.PartFigures, items.GivenText, items.Times, items.Sureness),
        *(items.Remark, items.Flag, data.Item, data.Part),
        *(reliability.Reliability, decisions.Decisions, decisions.Beta),
        *(paths.PathFigures, paths.Edge, paths.Reached, ScenarioQuality),
    )
}
"""What figures of quality are made of, by name."""
SENTENCES: Mapping[str, str] = {
    each: each
    for each in (
        *(items.SAME_CREDIT, items.ALONE, items.SAME_REST),
        *(decisions.UNRELIABLE, decisions.ALL_ALIKE, decisions.TOO_SHORT),
        *(reliability.SAME_SCORE, reliability.ONE_ITEM),
    )
}
"""Why a figure does not exist: kept in English, said in the language of whoever reads it."""


def plain(value: Any) -> Any:
    """As JSON takes it."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {CLASS: type(value).__name__, **told}
    if isinstance(value, Enum):
        return {CLASS: type(value).__name__, "value": value.value}
    if isinstance(value, Mapping):
        return {PAIRS: [[plain(key), plain(each)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return "".join([value]) if isinstance(value, str) else value  # a text for a constant in English


def whole_again(value: Any) -> Any:
    """What `plain` made plain."""
    if isinstance(value, list):
        return tuple(whole_again(each) for each in value)
    if not isinstance(value, dict):
        return SENTENCES.get(value, value) if isinstance(value, str) else value
    if PAIRS in value:
        return {whole_again(key): whole_again(each) for key, each in value[PAIRS]}
    made = KNOWN[value[CLASS]]
    return made(**{key: whole_again(each) for key, each in value.items() if key != CLASS})
