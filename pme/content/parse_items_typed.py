"""Items that are answered by typing a number or a few words. Pure."""

from decimal import Decimal

from pme.content.parse_fields import Form
from pme.content.parse_item_parts import Head, feedback_for
from pme.content.shapes import Folding, NumericItem, ShortTextItem
from pme.content.typed import as_written, decimal_of, folded, is_ambiguous, number_and_unit
from pme.words.speech import _

FOLDINGS: tuple[Folding, ...] = ("case", "accents", "spaces", "punctuation")
USUAL_FOLDING: tuple[Folding, ...] = ("case", "spaces", "punctuation")
LONGEST_UNIT = 20
LONGEST_ACCEPTED = 100


def numeric(form: Form, first: Head) -> NumericItem:
    """A number with its tolerance and unit."""
    right, wrong = feedback_for(form)
    answer = _decimal(form, "answer")
    tolerance, is_percent = _tolerance(form, answer)
    unit = form.maybe("unit") or ""
    accepted = form.texts("accepted_units")
    if accepted and not unit:
        form.error(
            "accepted_units", _("“accepted_units” are other ways to write the “unit”, which is missing.")
        )
    for name, units in (("unit", (unit,)), ("accepted_units", accepted)):
        if any(len(each) > LONGEST_UNIT or number_and_unit(f"1{each}")[1] != each for each in units):
            form.error(
                name,
                _(
                    "a unit is at most {longest_unit} characters and begins with no digit or sign.",
                    longest_unit=LONGEST_UNIT,
                ),
            )
    return NumericItem(
        **first,
        type="numeric",
        answer=as_written(answer),
        tolerance=as_written(tolerance),
        tolerance_is_percent=is_percent,
        unit=unit,
        accepted_units=accepted,
        right_feedback_html=right,
        wrong_feedback_html=wrong,
    )


def short_text(form: Form, first: Head) -> ShortTextItem:
    """A word or a few, with every answer that is accepted."""
    right, wrong = feedback_for(form)
    folding = _folding(form)
    accepted = form.items("accepted", required=True)
    seen: dict[str, str] = {}
    for text in accepted:
        plain = folded(text.value, folding)
        if not plain:
            says = _("“{what}” is empty once differences that do not matter are removed.", what=text.value)
            form.book.findings.error(text.line, _("{what}: {says}", what=form.what, says=says))
        elif len(text.value) > LONGEST_ACCEPTED:
            says = _(
                "an accepted answer is at most {longest_accepted} characters; ask for an essay instead.",
                longest_accepted=LONGEST_ACCEPTED,
            )
            form.book.findings.error(text.line, _("{what}: {says}", what=form.what, says=says))
        elif plain in seen:
            says = _(
                "“{what}” differs from “{seen}” only in what does not matter; leave it out.",
                what=text.value,
                seen=seen[plain],
            )
            form.book.findings.warn(text.line, _("{what}: {says}", what=form.what, says=says))
        seen.setdefault(plain, text.value)
    return ShortTextItem(
        **first,
        type="short-text",
        accepted=tuple(text.value.strip() for text in accepted),
        folding=folding,
        right_feedback_html=right,
        wrong_feedback_html=wrong,
    )


def _decimal(form: Form, name: str) -> Decimal:
    text = form.text(name)
    number = decimal_of(text)
    if text and number is None:
        form.error(
            name, _("“{name}” is “{text}”, but has to be a number such as 72 or 0.5.", name=name, text=text)
        )
    elif text and is_ambiguous(text):
        says = _(
            "“{name}” is “{what}”, which may be read as thousands or as a fraction; write 1000 or 1.0.",
            name=name,
            what=text,
        )
        form.error(name, says)
    return Decimal(0) if number is None else number


def _tolerance(form: Form, answer: Decimal) -> tuple[Decimal, bool]:
    text = form.maybe("tolerance")
    if text is None:
        return Decimal(0), False
    is_percent = text.endswith("%")
    number = decimal_of(text.removesuffix("%"))
    if number is None or number < 0:
        form.error(
            "tolerance", _("“tolerance” is “{text}”, but has to be a number such as 2, or “5 %”.", text=text)
        )
        return Decimal(0), False
    if is_ambiguous(text.removesuffix("%")):
        form.error(
            "tolerance",
            _("“tolerance” is “{text}”, which may be read in two ways; write 1000 or 1.0.", text=text),
        )
    if is_percent and answer == 0:
        form.error("tolerance", _("a percentage of 0 is 0; write the tolerance as a number."))
    return number, is_percent


def _folding(form: Form) -> tuple[Folding, ...]:
    if not form.has("folding"):
        return USUAL_FOLDING
    found: list[Folding] = []
    for text in form.items("folding"):
        known = next((word for word in FOLDINGS if word == text.value.strip()), None)
        if known is None or known in found:
            says = _(
                "“folding” names each difference that does not matter once, of: {join}.",
                join=", ".join(FOLDINGS),
            )
            form.book.findings.error(text.line, _("{what}: {says}", what=form.what, says=says))
        else:
            found.append(known)
    return tuple(found)
