"""Word documents made here by hand: every part that the intake reads, and what it does not understand."""

import io
import zipfile

from tests.support.media_files import picture

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
STYLES = """<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:styleId="Odd"><w:name w:val="Odd Box"/></w:style>
<w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>"""
NUMBERING = """<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="p1" Target="media/Photo One.jpg" Type="image"/>
<Relationship Id="p2" Target="media/old.emf" Type="image"/>
<Relationship Id="l1" Target="https://guide.example/a" TargetMode="External" Type="hyperlink"/>
<Relationship Id="l2" Target="javascript:alert(1)" TargetMode="External" Type="hyperlink"/>
<Relationship Id="l3" Target="file:///etc/passwd" TargetMode="External" Type="image"/>
</Relationships>"""


def p(inside: str, style: str = "", more: str = "") -> str:
    """A paragraph."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{more}</w:pPr>{inside}</w:p>"


def r(text: str, look: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def shown(relation: str, described: str = "") -> str:
    """A picture."""
    alt = f' descr="{described}"' if described else ""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"{alt}/><a:graphic><a:blip r:embed="{relation}"/>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def link(relation: str, text: str) -> str:
    """A link."""
    return f'<w:hyperlink r:id="{relation}">{r(text)}</w:hyperlink>'


NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
COMMENT = '<w:r><w:commentReference w:id="0"/></w:r>'
BOX = f"<w:drawing><wps:txbx><w:txbxContent>{p(r('Boxed words'))}</w:txbxContent></wps:txbx></w:drawing>"
BODY = "".join(
    [
        p(r("Handing over a person"), "Titel"),
        p(r("What this is about: 1. *stars* and [[marks]] &lt;b&gt;.")),
        p(r("First steps"), "berschrift1"),
        p(r("Say ") + r("who ", "<w:b/>") + r("you", "<w:b/>") + r(" are") + NOTE + r(".")),
        p(r("On the way"), "Mine"),
        p(r("first"), more='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        p(r("second"), more='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        p(r("See ") + link("l1", "the guide") + link("l2", " and this")),
        p(shown("p1")),
        p(r("A street at night"), "Beschriftung"),
        p(shown("p2", "An old drawing") + shown("l3", "A file of the server")),
        "<w:tbl><w:tr><w:tc>" + p(r("Act")) + "</w:tc><w:tc>" + p(r("Why")) + "</w:tc></w:tr>"
        '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p(r("Listen | look")) + "</w:tc></w:tr></w:tbl>",
        p(r("In a box"), "Odd"),
        p(r("Kept ") + f"<w:ins>{r('added')}</w:ins><w:del>{r('gone')}</w:del>" + COMMENT),
        p("<m:oMath><m:r><m:t>x=y</m:t></m:r></m:oMath><w:r><w:object/></w:r>"),
        p(f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>"),
        p(r("Afterwards"), "berschrift1"),
        p(r("Write it down.")),
    ]
)  # fmt: skip
NOTES = f'<w:footnote w:id="2">{p(r("By name and rank."))}</w:footnote>'


def part(name: str, inside: str) -> str:
    """A part of the document."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} {SPACES}>{inside}</w:{name}>'


def word(body: str = BODY, **parts: str | bytes) -> bytes:
    """A document; `parts` replace or add files, with __ for / in their names."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": part("styles", STYLES),
        "word/numbering.xml": part("numbering", NUMBERING),
        "word/footnotes.xml": part("footnotes", NOTES),
        "word/header1.xml": part("hdr", p(r("Secret"))),
        "word/_rels/document.xml.rels": RELATIONS,
        "word/media/Photo One.jpg": picture("JPEG", (300, 200)),
        "word/media/old.emf": b"EMF",
    }
    files |= {name.replace("__", "/"): content for name, content in parts.items()}
    return zipped(files)


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
