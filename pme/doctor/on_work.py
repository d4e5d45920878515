"""Whether what goes on by itself goes on: workers, letters, keys, content, backups, the journal of erasures. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pme.doctor.facts import Backups, Content, Erasures, Signing, Unnamed, Work
from pme.doctor.finding import Finding, count, fine, look, wrong

MISSED = timedelta(minutes=2)
"""A worker does some duty every fifteen seconds."""
WAITS, WAITS_LONG = timedelta(minutes=10), timedelta(hours=1)
DUE, LATE = timedelta(days=2), timedelta(days=7)
SOON = timedelta(days=90)
SHOWN = 5
BACK_UP = "Run pme backup DIR --keep 14 every night (docs/operate.md)."


def check_work(seen: Work) -> Iterator[Finding]:
    """The worker, its jobs and duties, and letters."""
    if seen.silent is None or seen.silent > MISSED:
        since = "was ever seen" if seen.silent is None else f"was seen for {told(seen.silent)}"
        yield wrong(
            "Worker",
            f"No worker {since}: no big file is made, no letter goes out.",
            "Start the platform with PME_WORKER=yes, or pme work beside it.",
        )
    else:
        yield fine("Worker", f"Seen {told(seen.silent)} ago.")
    if seen.duties:
        named = "; ".join(f"{name}: {problem}" for name, problem in sorted(seen.duties.items())[:SHOWN])
        yield look(
            "Duties", f"The last run broke down: {named}.", "It is tried again by itself; the log says why."
        )
    if seen.oldest_job is not None and seen.oldest_job > WAITS:
        yield look(
            "Jobs",
            f"The oldest has waited for {told(seen.oldest_job)}.",
            "Look at the worker; start another.",
        )
    elif seen.failed_jobs:
        failed = count(seen.failed_jobs, "job")
        yield look("Jobs", f"{failed} failed within a day.", "Whoever asked sees why; the log has more.")
    else:
        yield fine("Jobs", "None waits for long, none failed within a day.")
    if seen.oldest_letter is not None and seen.oldest_letter > WAITS_LONG:
        yield look(
            "Letters",
            f"The oldest has waited for {told(seen.oldest_letter)}.",
            "See Mail here; the page “Letters by e-mail” of each academy says what keeps each.",
        )
    elif seen.failed_letters:
        found = f"{count(seen.failed_letters, 'letter')} of the last day could not be delivered."
        yield look("Letters", found, "The page “Letters by e-mail” says why.")
    else:
        yield fine("Letters", "None waits for long, none failed within a day.")


def check_mail(host: str, problem: str) -> Finding:
    """The mail server: `problem` is why it cannot be used. Nothing was sent."""
    if not host:
        return look(
            "Mail",
            "No mail server is set: letters wait for five days and are shown in the log only.",
            "Set PME_SMTP_HOST (docs/settings.md).",
        )
    if problem:
        return wrong("Mail", problem, "Correct the settings PME_SMTP_..., or ask who runs the mail server.")
    return fine("Mail", f"{host} answers and lets the platform in; nothing was sent.")


def check_signing(seen: Signing, *, at: datetime) -> Iterator[Finding]:
    """Whether each academy can sign, and for how long its certificates hold."""
    about = "Keys"
    for slug, kinds in sorted(seen.lacking.items()):
        yield wrong(
            about, f"{slug} has no key for {kinds}: these are not signed.", f"Run: pme keys new {slug}"
        )
    if seen.unopened:
        yield wrong(
            about,
            f"Cannot be opened: {', '.join(seen.unopened[:SHOWN])}.",
            "Set PME_KEYS_SECRET to the secret that they were sealed with (docs/keys.md).",
        )
    for slug, ends in sorted(seen.ends.items()):
        if ends <= at:
            found = f"The certificate chain of {slug} ended on {ends:%Y-%m-%d}: PDF files are not signed."
            yield wrong(about, found, f"Run: pme keys rotate {slug} --kind p256, or import a new chain.")
        elif ends <= at + SOON:
            found = f"The certificate chain of {slug} ends on {ends:%Y-%m-%d}, in {(ends - at).days} days."
            yield look(about, found, f"Run pme keys rotate {slug} --kind p256, or import a new chain before.")
    is_well = not seen.lacking and not seen.unopened
    if is_well and all(ends > at + SOON for ends in seen.ends.values()):
        yield fine(about, f"{count(seen.academies, 'academy', 'academies')} can sign, for 90 days at least.")


def check_content(seen: Content) -> Finding:
    """Whether what is published is what the folders hold."""
    about = "Content"
    if not seen.published:
        return wrong(about, "Nothing is published.", "Run: pme check, then pme publish")
    if seen.conflicts:
        found = f"Edited both in the browser and in the folder: {_listed(seen.conflicts)}."
        return look(about, found, "Run: pme drift; then pme publish --take folder (or published).")
    if seen.edited:
        found = f"Edited in the browser and not in the folder: {_listed(seen.edited)}."
        return look(about, found, "Run: pme export --back")
    if seen.waiting:
        found = f"Changed in the folder and not published: {_listed(seen.waiting)}."
        return look(about, found, "Run: pme check, then pme publish")
    return fine(about, f"{count(seen.published, 'file')}, the same in the folders and as published.")


def check_unnamed(seen: Unnamed) -> Finding:
    """Whether the store holds recordings and documents that are nobody's."""
    about = "Recordings"
    if not seen.number:
        return fine(about, "The store holds none that nothing names.")
    files = f"{count(seen.number, 'file')} in the store ({seen.size / 1e6:,.1f} MB)"
    found = f"{files} that no row of this database names, such as {', '.join(seen.some)}."
    do = "They do no harm. If no other installation uses this store, they can be deleted there by hand."
    return look(about, found, do)


def check_backups(seen: Backups) -> Finding:
    """How much would be lost."""
    about = "Backups"
    if seen.age is None:
        return wrong(about, "No backup is known.", BACK_UP)
    when = f"The last is {told(seen.age)} old ({seen.file})"
    if seen.age > LATE:
        return wrong(about, f"{when}.", BACK_UP)
    if seen.age > DUE:
        return look(about, f"{when}.", BACK_UP)
    if not seen.is_there:
        return look(
            about, f"{when}, and is not there any more.", "If it was moved to a safe place, all is well."
        )
    return fine(about, f"{when}.")


def check_erasures(seen: Erasures) -> Finding:
    """Whether a restored backup would forget again whom the platform forgot."""
    about = "Erasures"
    if seen.refuses:
        return wrong(about, seen.refuses, "Bring erasures.jsonl back from the copy that you keep elsewhere.")
    if seen.missing:
        found = f"{count(seen.missing, 'erasure')} of the database is not in the journal."
        return look(about, found, "Run: pme erasures replay")
    return fine(about, f"The journal is whole: {count(seen.lines, 'line')}. Keep a copy elsewhere.")


def told(time: timedelta) -> str:
    """A length of time in its largest unit."""
    seconds = int(time.total_seconds())
    for size, one in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(seconds // size, one)
    return count(max(seconds, 0), "second")


def _listed(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more
