"""The process that prints reports: one comes in as JSON, a PDF goes out."""

from pme.press.child import Print, serve
from pme.reports.files.paper import Sheet


def main() -> None:
    """Print report after report until the input ends."""
    serve(_load)


def _load() -> Print:
    from pme.reports.files.printer import Printer  # noqa: PLC0415  (loads system libraries)

    printer = Printer()
    return lambda job: printer.print(Sheet.from_json(job))


if __name__ == "__main__":
    main()
