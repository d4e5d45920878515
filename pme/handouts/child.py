"""The process that prints handouts: one comes in as JSON, a PDF goes out."""

from pme.handouts.handout import Handout
from pme.press.child import Print, serve


def main() -> None:
    """Print handout after handout until the input ends."""
    serve(_load)


def _load() -> Print:
    from pme.handouts.printer import Printer  # noqa: PLC0415  (loads system libraries)

    printer = Printer()
    return lambda job: printer.print(Handout.from_json(job))


if __name__ == "__main__":
    main()
