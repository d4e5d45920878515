"""`python -m tests.manual.translated students.fr ...`: a guide's translation is right for the English as it is now.

What each section of the English was when somebody last put its translation right stands in
docs/guides/translated.json, so that a test can tell which sections have changed since.
"""

import hashlib
import json
import sys

from pme.manual.guides import FOLDER, read_guide

KEPT = FOLDER / "translated.json"
Digests = dict[str, str]


def translations() -> list[str]:
    """Every translation of a guide that there is, such as `students.fr`."""
    return sorted(path.stem for path in FOLDER.glob("*.*.md"))


def digests_of(guide: str, text: str) -> Digests:
    """What tells a section of a guide from what it was or will be, by its address; that of the beginning is ""."""
    read = read_guide(guide, text)
    said = {"": f"{read.title}\n{read.lead}"} | {s.anchor: f"{s.title}\n{s.html}" for s in read.sections}
    return {anchor: hashlib.sha256(told.encode()).hexdigest()[:12] for anchor, told in said.items()}


def kept() -> dict[str, Digests]:
    """The English that each translation was last right for."""
    found: dict[str, Digests] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    return found


def changed_since(then: Digests, now: Digests) -> list[str]:
    """The sections that were changed, added or taken out since."""
    return sorted(
        anchor or "its beginning" for anchor in {*then, *now} if then.get(anchor) != now.get(anchor)
    )


def now_of(translation: str) -> Digests:
    """The English of a translation as it is."""
    guide = translation.partition(".")[0]
    return digests_of(guide, (FOLDER / f"{guide}.md").read_text(encoding="utf-8"))


def stale() -> list[str]:
    """What is to be done: a sentence for each translation that the English has left behind."""
    then = kept()
    return [
        f"docs/guides/{name}.md: the English has changed in {', '.join(changed)}. "
        f"Put it right there, then: python -m tests.manual.translated {name}"
        for name in translations()
        if (changed := changed_since(then.get(name, {}), now_of(name)))
    ]


def main(names: list[str]) -> None:
    """Keep the English as it is for some translations."""
    if not names or (unknown := set(names) - set(translations())):
        sys.exit(f"Name translations: {', '.join(translations())}" + (f"; not {unknown}" if names else ""))
    then = kept() | {name: now_of(name) for name in names}
    there = {name: then[name] for name in translations() if name in then}
    KEPT.write_text(json.dumps(there, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
