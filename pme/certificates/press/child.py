"""The process that prints certificates: a sheet comes in as JSON, a PDF of one page goes out."""

from pme.certificates.press.sheet import CertificateSheet
from pme.press.child import Print, serve


def main() -> None:
    """Print sheet after sheet until the input ends."""
    serve(_load)


def _load() -> Print:
    from pme.certificates.press.printer import Printer  # noqa: PLC0415  (loads system libraries)

    printer = Printer()
    return lambda sheet: printer.print(CertificateSheet.from_json(sheet))


if __name__ == "__main__":
    main()
