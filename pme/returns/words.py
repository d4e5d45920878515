"""What a return says of itself: how to check it, and the shape of its JSON. Pure."""

from collections.abc import Iterable
from typing import Any

from pme.reports.datasets.column import Kind, Shape

README = """A sealed completion return
==========================

completions.csv and .json   the completions of the period, the same rows twice
changes.csv and .json       what became of completions since the last return: new, amended, revoked, restored
summary.csv and .json       how many completed each course, by unit
report.pdf                  the summary, to be printed
data-dictionary.csv         what each column means
schema.json                 the shape of the JSON files (JSON Schema 2020-12)
manifest.json               what this return is, and every file by its SHA-256
manifest.sig                the Ed25519 signature (RFC 8032) of the bytes of manifest.json, in hexadecimal
public-key.txt              the public key that it fits, in hexadecimal, and its fingerprint

To check it: "pme verify FILE.zip", or the page "Verify a return" of the platform that sealed it. Both find one
changed cell. Whether the key is that of the academy, only the academy can tell: compare the fingerprint with one
that you had from it another way.
"""
TYPES = {
    Kind.TEXT: "string",
    Kind.WHOLE: "integer",
    Kind.NUMBER: "number",
    Kind.YES: "boolean",
    Kind.DAY: "string",
    Kind.MOMENT: "string",
}


def schema_of(shapes: Iterable[Shape]) -> dict[str, Any]:
    """The JSON Schema of the files: one definition a table."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {
            shape.name: {
                "type": "object",
                "required": ["dataset", "schema_version", "rows", "count"],
                "properties": {
                    "dataset": {"const": shape.name},
                    "schema_version": {"const": shape.version},
                    "count": {"type": "integer"},
                    "rows": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": list(shape.keys),
                            "properties": {
                                column.key: {
                                    "type": [TYPES[column.kind], "null"],
                                    "description": column.means,
                                }
                                for column in shape.columns
                            },
                        },
                    },
                },
            }
            for shape in shapes
        },
    }
