"""An academy's text made safe to show: the Markdown of pages without what only a page may have.

Takes a renderer, which runs in a bounded child, and is pure beside it.
"""

import re

from pme.content.parse_page import Surroundings, compose
from pme.content.parse_sources import Bibliography, Terms
from pme.content.problems import Findings, Severity
from pme.content.render import Renderer
from pme.errors import Invalid

LONGEST_TEXT = 8_000
_ANCHOR = re.compile(r'\b(id|aria-labelledby)="(table-\d+)"')
_FOOTNOTE = re.compile(r'class="footnote|id="fn')


def rendered(text: str, place: str, renderer: Renderer) -> str:
    """The HTML of a text for this place. Raises Invalid with everything that is wrong in it."""
    if not text.strip():
        raise Invalid("Write the text first, or say that this does not apply.", field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"Keep the text under {LONGEST_TEXT:,} characters.", field="text")
    findings = Findings("")
    around = Surroundings(
        module="", language="", bibliography=Bibliography(), terms=Terms(), pictures={}, pages={}
    )
    shown = compose(text, around, renderer=renderer, findings=findings, is_intro=True)
    says = [
        _worded(problem.line, problem.says)
        for problem in findings.problems
        if problem.severity is Severity.ERROR or problem.says.startswith("HTML ")
    ]
    if _FOOTNOTE.search(shown.html):
        says.append("Notes at the foot of a page are not possible here; write it in the text.")
    if "<aside" in shown.html:
        says.append("Boxes are not possible here: the text stands in one already.")
    if says:
        raise Invalid(" ".join(dict.fromkeys(says)), field="text")
    if not shown.words:
        raise Invalid("Nothing of this text can be shown. Write it in plain words.", field="text")
    return _ANCHOR.sub(lambda match: f'{match[1]}="local-{place}-{match[2]}"', shown.html)


def _worded(line: int, says: str) -> str:
    if says.startswith("HTML "):
        says = "HTML is not possible here; write plain words and Markdown."
    elif "sources.yaml" in says:
        says = "Sources cannot be cited here; name the law or the order in the text."
    elif "glossary.yaml" in says:
        says = "Terms cannot be marked here; write the word."
    elif "introduction has no headings" in says:
        says = "Headings are not possible here; begin with bold words."
    elif "leads to no page" in says:
        says = "Links to pages are not possible here."
    elif "check" in says.lower() and "introduction" in says:
        says = "Questions cannot be asked here."
    elif "figure" in says or "picture" in says:
        says = "Pictures are not possible here."
    return f"Line {line}: {says}"
