"""Content written as YAML in the manner of its authors: block style, plain where it can be, long texts folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TypeAlias

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""What a content file holds: texts, lists and named fields, nothing else."""
WIDTH = 100
STEP = 2
_PLAIN = re.compile(r"[^\W_](?:[^\n:#\"'\\\t]|:(?=\S)|(?<=\S)#|['\"])*\Z")
_FLOW_SIGNS = re.compile(r"[,\[\]{}]")
_ESCAPED = re.compile(r"[\x00-\x1f\"\\\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SHORT = {"\n": r"\n", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def block(value: Plain, indent: int) -> str:
    """A value as it stands behind a name or a dash: on the same line, or on lines of its own below.

    Begins with a blank or a line break, and ends without one.
    """
    if isinstance(value, str):
        return f" {scalar(value, indent)}"
    if not value:
        return " []" if isinstance(value, Sequence) else " {}"
    pad = " " * indent
    if isinstance(value, Mapping):
        return "".join(f"\n{pad}{_name(name)}:{block(each, indent + STEP)}" for name, each in value.items())
    return "".join(f"\n{pad}-{_entry(each, indent + STEP)}" for each in value)


def entry(value: Plain, indent: int) -> str:
    """A list entry with its dash at this indent, without a line break at its end."""
    return f"{' ' * indent}-{_entry(value, indent + STEP)}"


def field(name: str, value: Plain, indent: int) -> str:
    """A named field at this indent, without a line break at its end."""
    return f"{' ' * indent}{_name(name)}:{block(value, indent + STEP)}"


def flow(value: Plain) -> str:
    """A value on one line, as in `{by: author, rating: 4}`."""
    if isinstance(value, str):
        return _short(value, in_flow=True)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_name(name)}: {flow(each)}" for name, each in value.items()) + "}"
    return "[" + ", ".join(flow(each) for each in value) + "]"


def scalar(value: str, indent: int) -> str:
    """A text, its further lines at this indent: plain, quoted, folded (>-) or line by line (|-)."""
    pad = " " * indent
    if "\n" in value and _can_be_literal(value):
        return "|-\n" + "\n".join(f"{pad}{line}" if line else "" for line in value.split("\n"))
    if len(value) + indent > WIDTH and _can_be_folded(value):
        lines = wrap(value, max(WIDTH - indent, WIDTH // 2), break_long_words=False, break_on_hyphens=False)
        return ">-\n" + "\n".join(f"{pad}{line}" for line in lines)
    return _short(value, in_flow=False)


def _entry(value: Plain, indent: int) -> str:
    text = block(value, indent)
    # The first field of an entry stands on the line of its dash.
    return f" {text[1 + indent :]}" if text.startswith("\n") else text


def _name(name: str) -> str:
    return _short(name, in_flow=True)


def _short(value: str, *, in_flow: bool) -> str:
    is_plain = (
        _PLAIN.match(value) is not None
        and not value.endswith((" ", ":"))
        and not (in_flow and (_FLOW_SIGNS.search(value) or ":" in value))
        and not _UNSAFE.search(value)
    )
    return value if is_plain else f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(sign: re.Match[str]) -> str:
    return _SHORT.get(sign[0]) or f"\\u{ord(sign[0]):04x}"


def _can_be_folded(value: str) -> bool:
    return "\n" not in value and value == _BLANKS.sub(" ", value).strip() and not _UNSAFE.search(value)


def _can_be_literal(value: str) -> bool:
    return (
        not value.startswith((" ", "\n", "\t"))
        and not value.endswith("\n")
        and not any(line != line.rstrip() for line in value.split("\n"))
        and "\r" not in value
        and not _UNSAFE.search(value)
    )
