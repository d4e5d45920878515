"""Whose judgement a key and a pass mark are, in words that every result and debrief can show. Pure."""

from collections.abc import Sequence
from datetime import date

from pme.content.shapes import DecisionNode, Key, PanelRecord, Quiz, RatingItem, Scenario
from pme.words.speech import _, _n
from pme.words.times import month

UNKEYED = Key(by="author", rating=1)


def rated_keys(content: Scenario | Quiz) -> dict[str, tuple[Key, ...]]:
    """The keys of every decision (or rating item) by its id: what a panel can rate."""
    if isinstance(content, Scenario):
        return {
            node.id: tuple(choice.key for choice in node.choices)
            for node in content.nodes.values()
            if isinstance(node, DecisionNode)
        }
    return {
        item.id: tuple(option.key for option in item.options)
        for item in content.items
        if isinstance(item, RatingItem)
    }


def is_by_panel(keys: Sequence[Key]) -> bool:
    """Whether every option of a decision carries a panel's ratings."""
    return bool(keys) and all(key.by == "panel" for key in keys)


def words_of(content: Scenario | Quiz) -> Scenario | Quiz:
    """The content as if nobody had keyed it or set its pass mark: equal where readers meet the same words."""
    if isinstance(content, Quiz):
        items = tuple(
            item.model_copy(
                update={"options": tuple(o.model_copy(update={"key": UNKEYED}) for o in item.options)}
            )
            if isinstance(item, RatingItem)
            else item
            for item in content.items
        )
        rule = content.pass_rule.model_copy(update={"min_percent": 1, "standard": None})
        return content.model_copy(update={"items": items, "panel": None, "pass_rule": rule})
    nodes = {
        name: node.model_copy(
            update={"choices": tuple(c.model_copy(update={"key": UNKEYED}) for c in node.choices)}
        )
        if isinstance(node, DecisionNode)
        else node
        for name, node in content.nodes.items()
    }
    return content.model_copy(update={"nodes": nodes, "panel": None, "version": ""})


def whose_key(content: Scenario | Quiz) -> str:
    """Whose judgement the key is, such as “keyed by its author” or “keyed by a panel of 12 (3 legal, 9
    medical), March 2026”; says so where only a part of the decisions carries the panel's ratings.
    """
    keys = rated_keys(content)
    by_panel = sum(is_by_panel(each) for each in keys.values())
    if not by_panel:
        return _("keyed by its author")
    count = max(len(key.panel) for each in keys.values() if is_by_panel(each) for key in each)
    panel = _panel(content.panel, count)
    if isinstance(content, Quiz):
        if by_panel == len(content.items):
            return _("keyed by a {panel}", panel=panel)
        if by_panel == len(keys):
            return _("rating questions keyed by a {panel}; the others by their author", panel=panel)
        return _(
            "{some} of {all} rating questions keyed by a {panel}; the others by their author",
            some=by_panel,
            all=len(keys),
            panel=panel,
        )
    if by_panel == len(keys):
        return _("keyed by a {panel}", panel=panel)
    return _(
        "{some} of {all} decisions keyed by a {panel}; the others by their author",
        some=by_panel,
        all=len(keys),
        panel=panel,
    )


def whose_standard(quiz: Quiz) -> str:
    """How the pass mark was set, such as “set by its author” or “set by 12 judges (mastery-angoff), March 2026”."""
    standard = quiz.pass_rule.standard
    if standard is None or standard.judges is None:
        return _("set by its author")
    said = _n(
        "set by {n} judge ({method})", "set by {n} judges ({method})", standard.judges, method=standard.method
    )
    return said + _when(standard.date)


def _panel(record: PanelRecord | None, count: int) -> str:
    if record is None:
        return _("panel of {number}", number=count)
    roles = ", ".join(f"{each.count} {each.role}" for each in record.composition)
    said = (
        _("panel of {number} ({roles})", number=record.n, roles=roles)
        if roles
        else _("panel of {number}", number=record.n)
    )
    return said + _when(record.date)


def _when(day: str | None) -> str:
    return _(", {month}", month=month(date.fromisoformat(day))) if day else ""
