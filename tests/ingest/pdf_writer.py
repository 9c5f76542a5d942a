"""Writes small PDF files for tests: lines of text in Helvetica, strokes and pictures, each at its place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """One line of text at a place, in points from the lower left corner of the page."""

    text: str
    top: float
    left: float = 72
    size: float = 11
    bold: bool = False


@dataclass(frozen=True)
class Stroke:
    """A straight stroke between two points."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Picture:
    """A grey picture that covers a box."""

    left: float
    bottom: float
    right: float
    top: float


Shown = Printed | Stroke | Picture


def lines(*texts: str, top: float = 720, leading: float = 14, size: float = 11) -> list[Printed]:
    """Lines under each other, as a paragraph is printed."""
    return [Printed(text, top - index * leading, size=size) for index, text in enumerate(texts)]


def pdf(*pages: list[Shown], properties: str = "", encrypted: bool = False) -> bytes:
    """A PDF of pages. `encrypted` asks for a password that nobody knows."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {properties} >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>",
    ]
    for number, page in enumerate(pages):
        content = "".join(map(_shown, page))
        resources = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} "
            f"/Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return assembled(objects, encrypted=encrypted)


def grid(columns: list[float], bands: list[float]) -> list[Shown]:
    """The strokes of a table with all its lines, at these places."""
    upright = [Stroke(x, bands[-1], x, bands[0]) for x in columns]
    return [*upright, *(Stroke(columns[0], y, columns[-1], y) for y in bands)]


def _shown(item: Shown) -> str:
    if isinstance(item, Stroke):
        return f"{item.left} {item.bottom} m {item.right} {item.top} l S\n"
    if isinstance(item, Picture):
        place = f"{item.right - item.left} 0 0 {item.top - item.bottom} {item.left} {item.bottom}"
        return f"q {place} cm BI /W 1 /H 1 /CS /G /BPC 8 ID 7 EI Q\n"
    text = item.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    font = "F2" if item.bold else "F1"
    return f"BT /{font} {item.size} Tf 1 0 0 1 {item.left} {item.top} Tm ({text}) Tj ET\n"


def assembled(objects: list[str], *, encrypted: bool = False) -> bytes:
    """A PDF of objects, numbered from 1; the first is the catalogue, the fifth says what the file is about."""
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
