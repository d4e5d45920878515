"""The fields at the head of a Markdown file, and the text below them. Pure."""

_FENCE = "---"


def split_front(text: str) -> tuple[str | None, str, int]:
    """Front matter, body, and the line of the file where the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text, 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return None, text, 1
