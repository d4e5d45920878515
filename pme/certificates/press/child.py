"""The process that prints certificates: a sheet and its credential come in, a PDF of two pages goes out."""

import gc

from pme.certificates.press.sheet import picture_wanted, read_job
from pme.press.child import Print, serve

UNSWEPT = 90_000
"""Objects made before cycles among them are looked for; some ten printings make as many, and looking at
the usual 700 takes a tenth of its time."""


def main() -> None:
    """Print sheet after sheet until the input ends."""
    serve(_load)


def _load() -> Print:
    from pme.certificates.press.printer import Printer  # noqa: PLC0415  (loads system libraries)

    gc.set_threshold(UNSWEPT)
    printer = Printer()

    def make(job: bytes) -> bytes:
        if wanted := picture_wanted(job):
            from pme.certificates.press.picturing import picture  # noqa: PLC0415  (few processes need it)

            sheet, width = wanted
            return picture(printer.print(sheet), width)
        return printer.print(*read_job(job))

    return make


if __name__ == "__main__":
    main()
