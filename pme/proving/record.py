"""The record of a certificate as anybody may read it: every printed field, how it stands, what came of it.

It is told in the language spoken now; labels that certificates print are those that the press prints.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pme.certificates.models import Cause, Certificate
from pme.certificates.press.languages import words_for
from pme.certificates.queries import Lineage
from pme.certificates.state import State
from pme.certificates.words import GROUNDS, pairs_text
from pme.proving.words import STATES
from pme.words.speech import _, _p, current

LEAST_CORRECTION = 0.001
"""Points of a hundred by which a result has changed since."""


Line = tuple[str, str, bool]


@dataclass(frozen=True)
class Record:
    """The page in plain words. `kind` colours how it stands: success, info or problem.

    `named` says who holds what of whom, `taught` what was learned and shown, `signs` what a machine compares; each a
    label, a value, and whether the value is in the words of the certificate, whatever language the page is in.
    """

    state: str
    says: str
    kind: str
    named: tuple[Line, ...]
    taught: tuple[Line, ...]
    signs: tuple[Line, ...]
    outcomes: tuple[tuple[str, str], ...]
    signatories: str


def record_of(lineage: Lineage, *, percent: float) -> Record:
    """The record; `percent` is the result as it counts now."""
    certificate = lineage.this.certificate
    says, kind = _standing(lineage)
    return Record(
        state=str(STATES[lineage.this.state]),
        says=says,
        kind=kind,
        named=_told(_named(lineage)),
        taught=_told(_taught(lineage.this.certificate, percent)),
        signs=_told(_signs(lineage.this.certificate)),
        outcomes=tuple(
            (str(text), words_for(current()).outcome_level_named(str(level)))
            for _, text, level in certificate.outcomes
        ),
        signatories=pairs_text(certificate.signatories, ", "),
    )


def _standing(lineage: Lineage) -> tuple[str, str]:
    this, after, day = lineage.this, lineage.after, words_for(current()).day
    if this.state is State.REVOKED and this.revoked and this.revoked.ground:
        says = _(
            "This platform issued this certificate, and the academy revoked it on {day}. It is no longer "
            "valid. {ground}.",
            day=day(this.revoked.at.date()),
            ground=str(GROUNDS[this.revoked.ground]),
        )
        return says, "problem"
    if after is not None:
        on = day(after.certificate.issued_on)
        if after.certificate.cause is Cause.RENEWED:
            return _("This platform issued this certificate. It was renewed on {day}.", day=on), "info"
        says = _(
            "This platform issued this certificate and corrected it on {day}. The corrected one counts.",
            day=on,
        )
        return says, "problem"
    if this.state is State.EXPIRED and this.certificate.valid_until:
        says = _(
            "This platform issued this certificate. It was valid until {day}, and it was not renewed.",
            day=day(this.certificate.valid_until),
        )
        return says, "problem"
    if this.certificate.holder_name:
        says = _(
            "This platform issued this certificate, and it is valid. Compare each line below with the "
            "document in your hands."
        )
    else:
        says = _(
            "This platform issued this certificate, and it is valid. The holder’s data were erased at their"
            " request or when the retention period ended, so the name cannot be compared."
        )
    return says, "success"


def _told(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line[1])


def _named(lineage: Lineage) -> Iterator[Line]:
    this, printed = lineage.this.certificate, words_for(current())
    after, before = lineage.after, lineage.before
    no_name = _("The name is no longer kept. Everything else below still is.")
    no_rank = _("Not stated") if this.holder_name else _("No longer kept")
    yield printed.holder, this.holder_name or no_name, False
    yield _("Rank"), this.holder_rank or no_rank, False
    yield _("Certificate"), this.certificate_title, True
    yield printed.course, this.course_title, True
    yield _("Academy"), f"{this.academy_name}, {this.academy_nation}", False
    yield printed.issued, printed.day(this.issued_on), False
    yield printed.valid_until, printed.day(this.valid_until) if this.valid_until else "", False
    yield printed.number, this.number, False
    yield printed.replaces, before.certificate.number if before else "", False
    yield _("Replaced by"), after.certificate.number if after else "", False


def _taught(this: Certificate, percent: float) -> Iterator[Line]:
    printed = words_for(current())
    is_changed = abs(percent - this.percent) > LEAST_CORRECTION
    says = f"{this.holder_name or _('The holder')} {this.statement}"
    yield _p("of a certificate", "Statement"), says, bool(this.holder_name)
    yield printed.version, " · ".join(filter(None, (this.edition_said, this.course_sha256[:12]))), False
    yield printed.hours, printed.workload(this.hours), False
    yield printed.credits, printed.figure(this.ects) if this.ects is not None else "", False
    yield _("Levels"), pairs_text(this.frameworks), True
    yield printed.instruction, printed.language_named(this.language), False
    yield printed.result, f"{printed.figure(this.percent)} %", False
    yield _("Result after a correction"), f"{printed.figure(percent)} %" if is_changed else "", False
    yield _("Earned on"), printed.day(this.earned_on) if this.earned_on != this.issued_on else "", False


def _signs(this: Certificate) -> Iterator[Line]:
    yield _("Code"), this.code, False
    yield words_for(current()).sha256, this.course_sha256, False
