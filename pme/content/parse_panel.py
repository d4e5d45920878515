"""Where a key and a pass mark come from: the panel and the judges, as a file names them. Pure."""

import re

from pme.content.parse_fields import Form
from pme.content.shapes import PanelRecord, PanelRole, Standard
from pme.words.speech import _

_ROLE = re.compile(r"(?P<role>\S.*?)\s+(?P<count>[1-9]\d{0,2})\Z")
MOST = 999


def parse_panel(form: Form) -> PanelRecord | None:
    """Who the panel was, or None where there was none; its ratings stand at the options.

    The composition is written by trade with its number, such as [legal 3, survivor advisers 2].
    """
    panel = form.form("panel", required=False)
    if panel is None:
        return None
    roles = []
    for entry in panel.items("composition", required=True):
        match = _ROLE.match(entry.value.strip())
        if match is None:
            panel.error(
                "composition", _("“{entry}” has no number; write a trade such as legal 3.", entry=entry.value)
            )
        else:
            roles.append(PanelRole(role=match["role"], count=int(match["count"])))
    read = PanelRecord(
        n=panel.whole("n", low=1, high=MOST),
        date=panel.date("date"),
        composition=tuple(roles),
        rounds=panel.whole("rounds", 2, low=1, high=9),
        method=panel.maybe("method") or "",
    )
    named = sum(role.count for role in roles)
    if named and named != read.n:
        panel.error("composition", _("the trades add up to {named}, but n is {n}.", named=named, n=read.n))
    panel.finish()
    return read


def parse_standard(passing: Form) -> Standard | None:
    """How the pass mark was set, or None where the file does not say."""
    method = passing.maybe("method")
    judges = passing.whole("judges", 1, low=1, high=MOST) if passing.has("judges") else None
    day = passing.date("date") if passing.has("date") else None
    if method is None:
        if judges is not None or day is not None:
            passing.error("method", _("“judges” and “date” belong to a “method”; name it too."))
        return None
    return Standard(method=method, judges=judges, date=day)
