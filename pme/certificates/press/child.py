"""The process that prints certificates: a sheet and its credential come in, a PDF of two pages goes out."""

from pme.certificates.press.sheet import read_job
from pme.press.child import Print, serve


def main() -> None:
    """Print sheet after sheet until the input ends."""
    serve(_load)


def _load() -> Print:
    from pme.certificates.press.printer import Printer  # noqa: PLC0415  (loads system libraries)

    printer = Printer()
    return lambda job: printer.print(*read_job(job))


if __name__ == "__main__":
    main()
