"""Writes small PDF files for tests: lines of text at places, in Helvetica, nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """One line of text at a place, in points from the lower left corner of the page."""

    text: str
    top: float
    left: float = 72
    size: float = 11
    bold: bool = False


def lines(*texts: str, top: float = 720, leading: float = 14, size: float = 11) -> list[Printed]:
    """Lines under each other, as a paragraph is printed."""
    return [Printed(text, top - index * leading, size=size) for index, text in enumerate(texts)]


def pdf(*pages: list[Printed], properties: str = "", encrypted: bool = False) -> bytes:
    """A PDF of pages of lines. `encrypted` asks for a password that nobody knows."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {properties} >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>",
    ]
    for number, page in enumerate(pages):
        content = "".join(_shown(line) for line in page)
        resources = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} "
            f"/Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _assembled(objects, encrypted=encrypted)


def _shown(line: Printed) -> str:
    text = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    font = "F2" if line.bold else "F1"
    return f"BT /{font} {line.size} Tf 1 0 0 1 {line.left} {line.top} Tm ({text}) Tj ET\n"


def _assembled(objects: list[str], *, encrypted: bool) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    encryption = " /Encrypt 6 0 R /ID [<41> <41>]" if encrypted else ""
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R{encryption} >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
