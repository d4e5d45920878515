"""The little language of conditions: names, whole numbers, comparisons, and / or / not.

Pure. Parsed with `ast` against a whitelist and walked by hand; nothing is ever evaluated by Python.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

from pme.errors import Invalid
from pme.words.speech import _

COMPARE: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
LONGEST = 200


def names_in(condition: str) -> frozenset[str]:
    """The names that a condition reads. Raises Invalid when it is outside the grammar."""
    return frozenset(node.id for node in ast.walk(_tree(condition)) if isinstance(node, ast.Name))


def holds(condition: str | None, values: Mapping[str, int]) -> bool:
    """Whether a condition is true of these values; no condition always holds.

    Raises Invalid when the condition is outside the grammar or reads a name without a value.
    """
    return True if condition is None else bool(_value(_tree(condition), values))


Told = int | list["Told | str"]
"""A condition as lists: `["and", …]`, `["not", x]`, `["value", 2]`, `["compare", a, "<", b, "<=", c]`
and whole numbers."""


def told(condition: str | None, numbered: Mapping[str, int]) -> Told:
    """A condition for a player that has no parser: names by their number; none is 1, which holds.

    Raises Invalid as `holds` does.
    """
    return 1 if condition is None else _told(_tree(condition), numbered)


@lru_cache(maxsize=4096)
def _tree(condition: str) -> ast.expr:
    if len(condition) > LONGEST:
        raise Invalid(_("A condition has at most {longest} characters.", longest=LONGEST))
    try:
        body = ast.parse(condition, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Invalid(_("The condition “{condition}” cannot be read.", condition=condition)) from None
    _check(body, condition)
    return body


def _check(node: ast.expr, condition: str) -> None:
    match node:
        case ast.Name():
            return
        case ast.Constant(value=int()) if not isinstance(node.value, bool):
            return
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            _check(operand, condition)
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, condition)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            if any(type(op) not in COMPARE for op in ops):
                raise _outside(condition)
            for part in (left, *comparators):
                _check(part, condition)
        case _:
            raise _outside(condition)


def _outside(condition: str) -> Invalid:
    return Invalid(
        _(
            "The condition “{condition}” uses more than names, whole numbers, comparisons and and / or / not.",
            condition=condition,
        )
    )


def _value(node: ast.expr, values: Mapping[str, int]) -> int:
    match node:
        case ast.Name(id=name):
            if name not in values:
                raise Invalid(_("A condition reads “{name}”, which is neither state nor flag.", name=name))
            return values[name]
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return int(not _value(operand, values))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.BoolOp(op=ast.And(), values=parts):
            return int(all(_value(part, values) for part in parts))
        case ast.BoolOp(values=parts):
            return int(any(_value(part, values) for part in parts))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            numbers = [_value(part, values) for part in (left, *comparators)]
            pairs = zip(ops, numbers, numbers[1:], strict=False)
            return int(all(COMPARE[type(op)](before, after) for op, before, after in pairs))
    raise AssertionError(f"unchecked condition: {ast.dump(node)}")  # pragma: no cover


SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def _told(node: ast.expr, numbered: Mapping[str, int]) -> Told:
    match node:
        case ast.Name(id=name):
            if name not in numbered:
                raise Invalid(_("A condition reads “{name}”, which is neither state nor flag.", name=name))
            return ["value", numbered[name]]
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=op, operand=operand):
            return ["not" if isinstance(op, ast.Not) else "minus", _told(operand, numbered)]
        case ast.BoolOp(op=op, values=parts):
            return ["and" if isinstance(op, ast.And) else "or", *(_told(part, numbered) for part in parts)]
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            pairs = zip(ops, comparators, strict=True)
            rest = [each for op, part in pairs for each in (SIGNS[type(op)], _told(part, numbered))]
            return ["compare", _told(left, numbered), *rest]
    raise AssertionError(f"unchecked condition: {ast.dump(node)}")  # pragma: no cover
