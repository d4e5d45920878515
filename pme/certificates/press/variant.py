"""The form of a certificate's file: PDF/A-3a and PDF/UA-1 at once, with an empty field for a signature.

WeasyPrint knows each standard alone. This variant asks for both, says both in one description of the
file, and places the field where the seal is printed, tagged, so that signing it breaks neither. Other papers have no
seal, and no field.
"""

import zlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import pydyf
import weasyprint
from weasyprint.pdf import VARIANTS
from weasyprint.pdf.anchors import MIMETYPES
from weasyprint.pdf.metadata import NS
from weasyprint.pdf.pdfa import pdfa

from pme.certificates.press.form import SIGNATURE_FIELD

VARIANT = "pdf/a-3a+ua-1"
SEAL = "seal"
"""The id of the element that the field covers."""
POINTS = 0.75
"""Points in a CSS pixel."""
PRINTED, LOCKED = 1 << 2, 1 << 7
SIGNATURES_EXIST = 1
APPEND_ONLY = 2

BEGINS_CMAP, JOINER = b"/CIDInit /ProcSet findresource begin", b"<200d>"
COLOURS = zlib.compress((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), 9)
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">{}</x:xmpmeta>
<?xpacket end="r"?>"""
ACCESSIBLE = f"""
<rdf:Description rdf:about="" xmlns:pdfuaid="{NS["pdfuaid"]}" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NS["pdfuaid"]}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""What names PDF/UA; PDF/A asks that a property which it does not know is declared."""


def _both(
    pdf: pydyf.PDF,
    document: weasyprint.Document,
    streams: Sequence[Any],
    attachments: Sequence[weasyprint.Attachment],
    compress: bool,
) -> None:
    """What WeasyPrint calls when the pages are drawn and tagged."""
    _measure_figures(pdf, document.pages[0].height)
    if SEAL in document.pages[0].anchors:
        _place_field(pdf, document)
    pdfa(pdf, document, streams, attachments, compress, version=3, variant="A")
    _name_each_file_once(pdf)
    _name_colours(pdf)
    _give_each_shape_a_letter(pdf)
    _describe_both(pdf, document)


def _name_each_file_once(pdf: pydyf.PDF) -> None:
    """The list of associated files, which WeasyPrint writes twice for a file that it also names."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _give_each_shape_a_letter(pdf: pydyf.PDF) -> None:
    """Let shapes that only complete a letter before them, as dots in Arabic, be read as a joiner."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.stream and each.stream[0] == BEGINS_CMAP:
            each.stream = [
                line[: -len(b"<>")] + JOINER if line.endswith(b" <>") else line for line in each.stream
            ]


def _name_colours(pdf: pydyf.PDF) -> None:
    """Say that all colours are sRGB. (WeasyPrint does so too, and leaves the profile's file open.)"""
    profile = pydyf.Stream([COLOURS], {"N": 3, "Filter": "/FlateDecode"})
    pdf.add_object(profile)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String("sRGB"),
        "Info": pydyf.String("sRGB IEC61966-2.1"),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


def _describe_both(pdf: pydyf.PDF, document: weasyprint.Document) -> None:
    """The description of the file (XMP) with both standards in its one RDF."""
    rdf: bytes = document.metadata.generate_rdf_metadata("a", 3, "A")
    inside, end, _ = rdf.rpartition(b"</rdf:RDF>")
    stream = _at(pdf, pdf.catalog["Metadata"])
    stream.stream = [PACKET.format("".join((inside.decode(), ACCESSIBLE, end.decode()))).encode()]
    stream.compress = False  # readers of metadata need no decoder


def _place_field(pdf: pydyf.PDF, document: weasyprint.Document) -> None:
    """An empty signature field over the seal of the first page, in the tree of tags beside it."""
    page, first = pdf.page_references[0], document.pages[0]
    rectangle = _on_paper(first.anchors[SEAL], first.height)
    figure = next(each for each in _figures(pdf) if each["A"]["BBox"] == rectangle)
    look = pydyf.Stream([], {"Type": "/XObject", "Subtype": "/Form", "BBox": rectangle})
    pdf.add_object(look)
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    numbers = _at(pdf, root["ParentTree"])["Nums"]
    key = 1 + max(numbers[::2])
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SIGNATURE_FIELD),
            "TU": figure["Alt"],
            "F": PRINTED | LOCKED,
            "Rect": rectangle,
            "P": page,
            "AP": pydyf.Dictionary({"N": look.reference}),
            "StructParent": key,
        }
    )
    pdf.add_object(field)
    link = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page})
    pdf.add_object(link)
    form = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "K": pydyf.Array([link.reference]),
            "Pg": page,
            "P": figure["P"],
            "Alt": figure["Alt"],
        }
    )
    pdf.add_object(form)
    numbers.extend((key, form.reference))
    _at(pdf, figure["P"])["K"].append(form.reference)
    pages = _at(pdf, page)
    pages["Annots"] = pydyf.Array([*pages.get("Annots", ()), field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([field.reference]), "SigFlags": SIGNATURES_EXIST | APPEND_ONLY}
    )


def _measure_figures(pdf: pydyf.PDF, height: float) -> None:
    """The place of each picture in points from the lower left, where WeasyPrint writes pixels from the top."""
    for figure in _figures(pdf):
        figure["A"]["BBox"] = _on_paper(figure["A"]["BBox"], height)


def _figures(pdf: pydyf.PDF) -> Iterator[Any]:
    return (each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/Figure")


def _on_paper(box: Sequence[float], height: float) -> pydyf.Array:
    left, top, right, bottom = box
    sides = (left, height - bottom, right, height - top)
    return pydyf.Array(round(side * POINTS, 2) for side in sides)


def _at(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _ended_clearly(stream: pydyf.Stream) -> bytes:
    """A stream as it is written, ended by two characters.

    After one, a checker cannot tell a last byte of data that happens to be 13 from the end of the line.
    """
    whole: bytes = WRITTEN(stream)
    return whole.removesuffix(b"\nendstream") + b"\r\nendstream"


WRITTEN = pydyf.Stream.data.fget
pydyf.Stream.data = property(_ended_clearly)
MIMETYPES.add_type("application/ld+json", ".jsonld")
VARIANTS[VARIANT] = (
    _both,
    {"pdf_version": "1.7", "pdf_identifier": True, "pdf_tags": True},
)
