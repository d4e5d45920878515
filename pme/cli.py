"""The command line: `pme serve`, `check`, `publish`, `drift`, `export`, `migrate`, `demo` and more.

Every command says what it did in plain sentences and exits with 1 when it could not.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from pme.config import content_settings, ensure_instance
from pme.errors import PmeError, Refused

Command = Callable[[argparse.Namespace], int]
CONTENT = "pme.commands_content"
MOST_PEOPLE = 100_000
MOST_COPIES = 1_000
PROVING = "pme.commands_proving"
TRUST = "pme.commands_trust"
BACKUP = "pme.commands_backup"
KEYS = "pme.commands_keys"
CERTIFICATES = "pme.commands_certificates"
XAPI = "pme.commands_xapi"
STORE = "pme.commands_store"
KINDS_OF_KEYS = ("ed25519", "p256")
ROLES = ("student", "instructor", "reviewer", "registrar", "director", "auditor", "administrator", "install")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except Refused as error:
        print(f"Not started. Correct this first:\n{_bullets(error.says)}", file=sys.stderr)
    except PmeError as error:
        print(error.says, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def init(_given: argparse.Namespace) -> int:
    """Make the instance folder and the secret key."""
    path = ensure_instance()
    print(f"The instance folder is ready: {path}.")
    return 0


def check(given: argparse.Namespace) -> int:
    """Say everything that is wrong with the content."""
    from pme.content.answers import to_fill_in  # noqa: PLC0415
    from pme.content.check import check_tree  # noqa: PLC0415  (takes a second that --help need not wait)
    from pme.content.proof_report import proof_report  # noqa: PLC0415

    modules, quizzes, seconds = content_settings(given.modules, given.quizzes)
    report = check_tree(modules, quizzes, page_seconds=seconds)
    if given.proofs:
        for scenario, proof in report.proofs:
            print(proof_report(scenario, proof), end="\n\n")
    if given.answers:
        print(to_fill_in(report.problems, report.words))
        return 0
    print(report.text)
    return 1 if report.errors else 0


def later(name: str, home: str = "pme.commands") -> Command:
    """A command that is loaded only when it is run."""

    def run(given: argparse.Namespace) -> int:
        command: Command = getattr(import_module(home), name)
        return command(given)

    return run


def _some(text: str) -> int:
    """A number of people or days from 1 to 100,000."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= MOST_PEOPLE):
        raise argparse.ArgumentTypeError(f"give a whole number from 1 to {MOST_PEOPLE:,}")
    return int(text)


def _copies(text: str) -> int:
    """How many backups to keep."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= MOST_COPIES):
        raise argparse.ArgumentTypeError(f"give a whole number from 1 to {MOST_COPIES:,}")
    return int(text)


def _bullets(says: str) -> str:
    return "\n".join(f"  - {line}" for line in says.splitlines())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pme", description="Human security education for academies.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, says: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=says, description=says)
        added.set_defaults(run=run)
        return added

    serving = command("serve", later("serve"), "Prepare everything that is missing, then serve.")
    serving.add_argument(
        "--prepared",
        action="store_true",
        help="change nothing; serve what `pme migrate` and `pme publish` made",
    )
    working = command(
        "work", later("work", "pme.commands_work"), "Do background jobs, reminders and e-mail, until ended."
    )
    working.add_argument("--once", action="store_true", help="do what is due now, and end")
    working.add_argument("--beside-server", action="store_true", help=argparse.SUPPRESS)
    command("init", init, "Make the instance folder and the secret key.")
    migrating = command(
        "migrate", later("migrate"), "Bring the database's schema to the newest form (or back)."
    )
    migrating.add_argument("--down-to", metavar="REVISION", help="go back instead")
    checking = command("check", check, "List everything that is wrong with the content.")
    checking.add_argument("--modules", type=Path, metavar="DIR")
    checking.add_argument("--quizzes", type=Path, metavar="DIR")
    checking.add_argument(
        "--answers",
        action="store_true",
        help="print an entry of modules/answers.yaml for each warning that a reason may answer",
    )
    checking.add_argument("--proofs", action="store_true", help="show what was proved of each scenario, too")
    publishing = command("publish", later("publish_content", CONTENT), "Publish the files as they are now.")
    publishing.add_argument("--note", default="", help="why, for the record")
    publishing.add_argument(
        "--take",
        choices=("folder", "published"),
        help="whose version counts where a file was edited both in the folder and in the browser",
    )
    command("drift", later("drift", CONTENT), "Say where the content folder and the published files differ.")
    exporting = command(
        "export", later("export", CONTENT), "Write the published files to a folder, byte for byte."
    )
    exporting.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="a folder that is not there yet"
    )
    exporting.add_argument(
        "--back", action="store_true", help="write what was edited in the browser to the content folders"
    )
    marking = command(
        "mark-translation",
        later("mark_translation", CONTENT),
        "Say of every unmarked text of a translation that it translates what its source says now.",
    )
    marking.add_argument(
        "files", nargs="+", metavar="FILE", help="such as modules/first-response/module.fr.md"
    )
    _files(command)
    demo = command(
        "demo", later("create_demo"), "Create the demo academy, once; or two academies of invented people."
    )
    demo.add_argument(
        "--people", type=_some, metavar="N", help="two academies of N people each, with two years behind them"
    )
    demo.add_argument("--seed", default="1", help="another seed gives other people (the same one the same)")
    _people(command)
    command("close-overdue", later("close_overdue"), "Hand in every attempt whose time is over, now.")
    _trust(command)
    _backup(command)
    _store(command("store", later("tell", STORE), "Say where files lie, and try it."))
    _certificates(commands.add_parser("certificates", help="Numbers of certificates, and which end soon."))
    _keys(command("keys", later("tell", KEYS), "The keys that academies sign with."))
    _xapi(command("xapi", later("status", XAPI), "What is sent to an academy's Learning Record Store."))
    return parser


def _files(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Files to take along."""
    filing = command(
        "files",
        later("write_files", "pme.commands_files"),
        "Write a module or a course as HTML, EPUB and PDF, for memory sticks.",
    )
    filing.add_argument("name", metavar="NAME", help="a module or a course, such as first-response")
    filing.add_argument("--out", type=Path, required=True, metavar="DIR")
    filing.add_argument(
        "--language", default="", metavar="LANGUAGE", help="such as fr, where it is translated"
    )
    filing.add_argument("--academy", default="", metavar="SLUG", help="with this academy's own texts")
    filing.add_argument("--course", default="", metavar="SLUG", help="of a module that several courses have")


def _store(store: argparse.ArgumentParser) -> None:
    """What can be done to the store of files."""
    acts = store.add_subparsers(metavar="ACT")
    says = "Bring all files from the instance folder to the bucket of PME_STORE_URL, or back."
    moving = acts.add_parser("move", help=says, description=says)
    moving.set_defaults(run=later("move_files", STORE))
    moving.add_argument("where", choices=("to-bucket", "to-folder"))
    moving.add_argument("--keep", action="store_true", help="copy: leave them where they are, too")


def _people(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """The commands on academies and people."""
    academy = command("academy", later("add_an_academy"), "Add an academy.")
    academy.add_argument("slug")
    academy.add_argument("--name", required=True)
    academy.add_argument("--nation", required=True)
    academy.add_argument("--signatory", default="")
    academy.add_argument("--signatory-role", default="")
    academy.add_argument("--support", default="", help="local support, shown beside sensitive content")
    person = command("person", later("add_a_person"), "Add a person with a role, and enrol or appoint them.")
    person.add_argument("email")
    person.add_argument("--academy", required=True, metavar="SLUG")
    person.add_argument("--role", required=True, choices=ROLES)
    person.add_argument("--name", default="")
    person.add_argument("--rank", default="")
    person.add_argument("--course", action="append", default=[], metavar="SLUG")
    person.add_argument("--cohort", default="", metavar="NAME", help="of the course, made if it is not there")
    resetting = command(
        "reset-second-step",
        later("reset_second_step"),
        "Remove the second factors of a person who has lost them, and sign them out.",
    )
    resetting.add_argument("email")


def _trust(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """The commands by which an installation proves what it says."""
    verifying = command(
        "audit", later("check_audit", TRUST), "Verify the audit trail: every chain, or one academy's."
    )
    verifying.add_argument("act", nargs="?", choices=("verify",), default="verify")
    verifying.add_argument("--academy", metavar="SLUG", help="its chain only")
    verifying.add_argument("--head", metavar="HEAD", help="a head kept elsewhere, to be found in that chain")
    proving = command(
        "verify",
        later("verify", PROVING),
        "Check a certificate, a QR code or a sealed return, without any account.",
    )
    proving.add_argument(
        "what",
        metavar="FILE|QR-TEXT",
        help="PDF, JSON, JWT, photo of a code, return, or the text of a code (- reads it)",
    )
    proving.add_argument(
        "--key", metavar="FINGERPRINT", help="of a return: the academy's key, as you had it another way"
    )
    proving.add_argument(
        "--keys",
        type=Path,
        action="append",
        default=[],
        metavar="KEYS.json",
        help="check by these keys alone, without a database",
    )
    proving.add_argument(
        "--status",
        type=Path,
        action="append",
        default=[],
        metavar="LIST.json",
        help="and these lists of revocations",
    )
    carried = command(
        "verifier", later("write_verifier", PROVING), "Write the page that verifies without a network."
    )
    carried.add_argument("--academy", action="append", required=True, metavar="SLUG")
    carried.add_argument("--out", type=Path, default=Path("verifier.html"), metavar="FILE")
    erasing = command(
        "erasures",
        later("erasures", TRUST),
        "Erase again whom the journal names, after a backup was restored.",
    )
    erasing.add_argument("act", choices=("replay", "verify", "export"))
    erasing.add_argument("file", nargs="?", type=Path, metavar="FILE", help="of export: where to write it")


def _backup(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """The commands that keep an installation from being lost."""
    backing = command(
        "backup", later("backup", BACKUP), "Write everything to one file, while the platform serves."
    )
    backing.add_argument("to", type=Path, metavar="DIR|FILE", help="a folder, or a new file *.pme-backup")
    backing.add_argument("--keep", type=_copies, metavar="N", help="of a folder: delete all but the newest N")
    restoring = command(
        "restore", later("restore", BACKUP), "Bring an installation back from a backup, while nothing runs."
    )
    restoring.add_argument("file", type=Path, metavar="FILE")
    restoring.add_argument("--check", action="store_true", help="only say whether the backup is whole")
    restoring.add_argument(
        "--replace", action="store_true", help="put it in the place of an installation with people in it"
    )
    restoring.add_argument(
        "--erasures", type=Path, metavar="FILE", help="a copy of erasures.jsonl that knows of later erasures"
    )
    looking = command(
        "doctor",
        later("doctor", "pme.commands_doctor"),
        "Look whether all is well, and say what to do; sends nothing.",
    )
    looking.add_argument("--json", action="store_true", help="for programs")
    looking.add_argument("--no-mail", action="store_true", help="do not call the mail server")


def _certificates(parser: argparse.ArgumentParser) -> None:
    """The commands on an academy's certificates."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    says = "List the numbers that no certificate has, and why; fails where one is not explained."
    gaps = acts.add_parser("gaps", help=says, description=says)
    gaps.set_defaults(run=later("gaps", CERTIFICATES))
    gaps.add_argument("academy", nargs="?", metavar="SLUG", help="of one academy only")
    says = "List the certificates and completions that end within some days."
    expiring = acts.add_parser("expiring", help=says, description=says)
    expiring.set_defaults(run=later("expiring", CERTIFICATES))
    expiring.add_argument("academy", metavar="SLUG")
    expiring.add_argument("--within", type=_some, default=90, metavar="DAYS", help="90 by default")


def _keys(parser: argparse.ArgumentParser) -> None:
    """The commands on signing keys."""
    acts = parser.add_subparsers(required=True, metavar="ACT")

    def act(name: str, run: str, says: str, *, academy: bool = True) -> argparse.ArgumentParser:
        added = acts.add_parser(name, help=says, description=says)
        added.set_defaults(run=later(run, KEYS))
        if academy:
            added.add_argument("academy", metavar="SLUG")
        return added

    making = act("new", "new", "Make the keys that an academy lacks: Ed25519, and P-256 with a certificate.")
    making.add_argument("--kind", choices=KINDS_OF_KEYS, help="of this kind only")
    making.add_argument("--demo", action="store_true", help="only if the academy is a demonstration")
    rotating = act("rotate", "rotate", "Make new keys; the old ones stay published and sign nothing more.")
    rotating.add_argument("--kind", choices=KINDS_OF_KEYS, help="of this kind only")
    taking = act("import", "take_in", "Sign PDF files with a P-256 key and certificates from outside.")
    taking.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key, in PEM")
    taking.add_argument("--chain", type=Path, required=True, metavar="FILE", help="its certificates, in PEM")
    revoking = act("revoke", "revoke", "Revoke a key: nothing that it signed is valid any more.")
    revoking.add_argument("label", metavar="KEY", help="such as key-1")
    revoking.add_argument("--reason", required=True, help="why; it is published")
    act("export", "export", "Print an academy's public keys: JSON with Multikey and PEM.")
    telling = act("list", "tell", "List the keys of every academy, or of one.", academy=False)
    telling.add_argument("academy", nargs="?", metavar="SLUG")
    act("check", "check", "Say which academies cannot sign, and why.", academy=False)
    act("reseal", "reseal", "Seal the private keys again, after PME_KEYS_SECRET was changed.", academy=False)


def _xapi(parser: argparse.ArgumentParser) -> None:
    """The commands on Learning Record Stores."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    for name, run, says in (
        ("status", "status", "Say how far an academy's statements are delivered."),
        ("deliver", "send", "Write what is new and deliver all that waits, now."),
        ("replay", "replay", "Send everything again from the start."),
    ):
        added = acts.add_parser(name, help=says, description=says)
        added.set_defaults(run=later(run, XAPI))
        added.add_argument("academy", metavar="SLUG")
        if name == "replay":
            added.add_argument("--yes", action="store_true", help="do it: it cannot be undone")


if __name__ == "__main__":
    raise SystemExit(main())
