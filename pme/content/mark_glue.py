"""Keeping a citation or footnote mark on the line of its word, and punctuation on the line of its mark.

Pure and linear in time. The joiners stand inside the mark, where the style sheet allows no break:
browsers break at both ends of a mark that is a box of its own, joiner or not.
"""

import re

JOINER = "\u2060"
"""The word joiner: nothing to see, and no line breaks there."""
_INLINE = "(?:a|abbr|cite|code|del|em|ins|kbd|q|s|small|strong|sub|sup)"
_MARK = '<sup (?:class="cite"|id="fnref[^"]*")>'
_BEFORE = re.compile(f"((?:[^\\s>]|</{_INLINE}>))[ \\t\\n]*({_MARK})")
_AFTER = re.compile(f"(</a>)(</sup>(?:</{_INLINE}>)*)(?=[.,;:!?…)\\]}}»”’\"'])")


def glue_marks(html: str) -> str:
    """The HTML with no break, and no blank, between a word, its marks and what closes the clause."""
    return _AFTER.sub(rf"\1{JOINER}\2", _BEFORE.sub(rf"\1\2{JOINER}", html))
