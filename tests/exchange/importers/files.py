"""Documents made by hand, byte by byte, so that no writer hides what a reader meets."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(body: str, **more: str | bytes) -> bytes:
    """A Word document with this body in XML; `more` are parts under `word/`."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    parts = {f"word/{name}.xml": content for name, content in more.items()}
    return archive({"word/document.xml": document, **parts})


def docx_of(paragraphs: Sequence[str]) -> bytes:
    """A Word document of paragraphs."""
    return docx(
        "".join(f"<w:p><w:r><w:t>{escape(p)}</w:t></w:r></w:p>" for p in paragraphs)
    )


def odt(body: str, **more: str | bytes) -> bytes:
    """An OpenDocument text with this body in XML."""
    content = (
        f"<office:document-content {_ODF}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    return archive(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
        | {f"{name}.xml": part for name, part in more.items()}
    )


def odt_of(paragraphs: Sequence[str]) -> bytes:
    """An OpenDocument text of paragraphs."""
    return odt("".join(f"<text:p>{escape(p)}</text:p>" for p in paragraphs))


def epub_of(paragraphs: Sequence[str]) -> bytes:
    """A book of one page for each paragraph."""
    items = "".join(
        f'<item id="p{i}" href="p{i}.xhtml" media-type="application/xhtml+xml"/>'
        for i in range(len(paragraphs))
    )
    spine = "".join(f'<itemref idref="p{i}"/>' for i in range(len(paragraphs)))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": "<container xmlns='urn:oasis:names:tc:"
            "opendocument:xmlns:container'><rootfiles><rootfile full-path='OEBPS/c.opf'"
            "/></rootfiles></container>",
            "OEBPS/c.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>A book'
            f"</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine>"
            "</package>",
        }
        | {f"OEBPS/p{i}.xhtml": f"<p>{escape(p)}</p>" for i, p in enumerate(paragraphs)}
    )


def html_of(paragraphs: Sequence[str]) -> bytes:
    """A page with a menu, a script and a foot around its paragraphs."""
    inner = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>T</title>"
        "<script>var x = 1;</script></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article>{inner}</article></main><footer>Imprint</footer></body></html>"
    ).encode()


def rtf_of(paragraphs: Sequence[str]) -> bytes:
    """A rich text of paragraphs, all beyond ASCII as numbers."""
    lines = []
    for text in paragraphs:
        units = text.encode("utf-16-le")
        lines.append(
            "".join(
                chr(unit) if 32 <= unit < 127 and chr(unit) not in "\\{}"
                else f"\\u{unit - 65536 if unit > 32767 else unit}?"
                for unit in (
                    int.from_bytes(units[i : i + 2], "little")
                    for i in range(0, len(units), 2)
                )
            )
        )  # fmt: skip
    return (r"{\rtf1\ansi\ansicpg1252 " + r"\par ".join(lines) + r"\par}").encode()


def eml_of(paragraphs: Sequence[str]) -> bytes:
    """A message in UTF-8."""
    head = (
        "From: Press Office <press@example.org>\r\nSubject: The talks\r\n"
        "Date: Mon, 3 Mar 2025 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + "\r\n\r\n".join(paragraphs)).encode()


def pdf_of(pages: Sequence[Sequence[str]], leading: int = 14) -> bytes:
    """A PDF of pages of lines in ASCII; an empty line leaves space."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = []
    for lines in pages:
        shown = [
            "T*" if not line else "({}) Tj T*".format(
                line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            )
            for line in lines
        ]  # fmt: skip
        stream = f"BT /F 10 Tf {leading} TL 50 780 Td {' '.join(shown)} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F {font} >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        made
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n"
            "%%EOF\n"
        ).encode()
    )
