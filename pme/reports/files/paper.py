"""A report on paper, as one HTML document: marking, what it is, a chart, the table. Pure.

It holds plain words only, each escaped; the printer is given nothing else and fetches nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from markupsafe import Markup, escape

from pme.reports.datasets.chart import Bar, Chart
from pme.reports.datasets.coded import cell_of
from pme.reports.datasets.column import Column, Kind, Row, Shape, Value
from pme.reports.files.form import Head
from pme.words.isolating import undivided
from pme.words.languages import direction
from pme.words.numbers import decimal
from pme.words.speech import _, current
from pme.words.times import moment

_NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document of HTML."""

    html: str

    def as_json(self) -> bytes:
        """The document as it travels to the printer."""
        return json.dumps(asdict(self)).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> "Sheet":
        """The document that `as_json` wrote."""
        return cls(**json.loads(text))


def sheet(shape: Shape, rows: Iterable[Row], head: Head, chart: Chart | None, *, count: int) -> Sheet:
    """The rows of a dataset as they are printed: the columns that people read."""
    columns = [(place, shape.columns[place]) for place in shape.shown]
    header = Markup("").join(
        Markup("<th scope=col{}>{}{}</th>").format(
            Markup(" class=num") if column.kind.is_figure else "", column.title, _unit(column)
        )
        for _place, column in columns
    )
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                _cell(column, row[place], is_first=n == 0) for n, (place, column) in enumerate(columns)
            )
        )
        for row in rows
    )
    title = head.name or shape.title
    page, of, end = around_numbers()
    facts = [
        (_("Academy"), head.academy),
        (_("Made"), moment(head.made_at)),
        (_("Rows"), str(count)),
        (_("Dataset"), _("{name}, schema version {version}", name=shape.name, version=shape.version)),
        *head.facts,
    ]
    html = Markup(
        "<!doctype html><html lang={lang} dir={dir}><head><meta charset=utf-8><title>{title}</title></head>"
        "<body data-marking='{marking}' data-foot='{foot}' data-page='{page}' data-of='{of}' data-end='{end}'>"
        "<header><h1>{title}</h1><p>{says}</p><dl>{facts}</dl></header>{chart}"
        "<table class=data><caption>{shown}</caption><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"
        "</body></html>"
    ).format(
        title=title,
        marking=head.marking,
        page=page,
        of=of,
        end=end,
        lang=current(),
        dir=direction(current()),
        foot=f"{title} · {head.academy} · {head.made_at:%Y-%m-%d}",
        says=shape.says,
        facts=Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts),
        chart=_chart(chart) if chart else "",
        shown=_order(shape, head) if count else _("No row matches."),
        header=header,
        body=body,
    )
    return Sheet(str(html))


def around_numbers() -> list[str]:
    """What stands before, between and after the number of a page and how many there are."""
    return undivided(_("Page {number} of {count}", number=_NUMBER, count=_NUMBER)).split(_NUMBER)


def _order(shape: Shape, head: Head) -> str:
    key, is_descending = shape.order(head.sort)
    column = shape.column(key)
    title = str(column.title) if column else key
    if is_descending:
        return _("Rows sorted by: {title}, descending", title=title)
    return _("Rows sorted by: {title}", title=title)


def told(column: Column, value: Value) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return decimal(value, 2 if column.unit in {"credit", "coefficient"} else 1)
    return cell_of(column, str(value))


def _unit(column: Column) -> str:
    if column.unit == "percent":
        return " (%)"
    return " (UTC)" if column.kind is Kind.MOMENT else ""


def _cell(column: Column, value: Value, *, is_first: bool) -> Markup:
    if is_first:
        return Markup("<th scope=row>{}</th>").format(told(column, value))
    kind = Markup(" class=num") if column.kind.is_figure else ""
    return Markup("<td{}>{}</td>").format(kind, told(column, value))


def _chart(chart: Chart) -> Markup:
    top = chart.most or max([1.0, *(bar.value for bar in chart.bars)])
    return Markup("<table class=chart><caption>{}</caption><tbody>{}</tbody></table>").format(
        chart.caption, Markup("").join(_bar(bar, top) for bar in chart.bars)
    )


def _bar(bar: Bar, top: float) -> Markup:
    width = round(100 * min(bar.value, top) / top, 2)
    return Markup(
        "<tr><th scope=row>{}</th><td class=num>{}</td><td class=bar>"
        "<svg viewBox='0 0 100 6' preserveAspectRatio='none' role=presentation>"
        "<rect width='{}' height='6' fill='#0b5260'/></svg></td></tr>"
    ).format(escape(bar.label), bar.told, width)
