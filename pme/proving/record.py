"""The record of a certificate as anybody may read it: every printed field, how it stands, what came of it.

It is told in the language spoken now; labels that certificates print are those that the press prints.
"""

from dataclasses import dataclass

from pme.certificates.models import Cause
from pme.certificates.press.languages import words_for
from pme.certificates.queries import Lineage
from pme.certificates.state import State
from pme.certificates.words import GROUNDS, pairs_text
from pme.proving.words import STATES
from pme.words.speech import _, _p, current

LEAST_CORRECTION = 0.001
"""Points of a hundred by which a result has changed since."""


@dataclass(frozen=True)
class Record:
    """The page in plain words. `kind` colours how it stands: success, info or problem."""

    state: str
    says: str
    kind: str
    lines: tuple[tuple[str, str], ...]
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
        lines=tuple((label, value) for label, value in _lines(lineage, percent) if value),
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


def _lines(lineage: Lineage, percent: float) -> list[tuple[str, str]]:
    this, printed = lineage.this.certificate, words_for(current())
    after, before = lineage.after, lineage.before
    is_changed = abs(percent - this.percent) > LEAST_CORRECTION
    no_name = _("The name is no longer kept. Everything else below still is.")
    no_rank = _("Not stated") if this.holder_name else _("No longer kept")
    return [
        (printed.holder, this.holder_name or no_name),
        (_("Rank"), this.holder_rank or no_rank),
        (_("Certificate"), this.certificate_title),
        (_p("of a certificate", "Statement"), f"{this.holder_name or _('The holder')} {this.statement}"),
        (printed.course, this.course_title),
        (printed.version, " · ".join(filter(None, (this.edition_said, this.course_sha256[:12])))),
        (printed.hours, printed.workload(this.hours)),
        (printed.credits, printed.figure(this.ects) if this.ects is not None else ""),
        (_("Levels"), pairs_text(this.frameworks)),
        (printed.instruction, printed.language_named(this.language)),
        (printed.result, f"{printed.figure(this.percent)} %"),
        (_("Result after a correction"), f"{printed.figure(percent)} %" if is_changed else ""),
        (_("Earned on"), printed.day(this.earned_on) if this.earned_on != this.issued_on else ""),
        (printed.issued, printed.day(this.issued_on)),
        (printed.valid_until, printed.day(this.valid_until) if this.valid_until else ""),
        (_("Academy"), f"{this.academy_name}, {this.academy_nation}"),
        (printed.number, this.number),
        (printed.replaces, before.certificate.number if before else ""),
        (_("Replaced by"), after.certificate.number if after else ""),
        (_("Code"), this.code),
        (printed.sha256, this.course_sha256),
    ]
