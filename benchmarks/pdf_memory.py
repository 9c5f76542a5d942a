"""Memory and time for a PDF file of 300 pages with text, a table and a picture on each.

It is read in a fresh process; what is counted is the peak of that process above what it needed before, and the
peak of the process that the reader starts for PDFium.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from measure import heading, parser, row
from pdf_cells import DELIVERY, PROSE

_PAGES = 300
_PICTURE_EDGE = 600
_PROGRAM = """
import resource, sys, time
from pathlib import Path
from openbook.ingest.readers.pdf import read

def peak(who):
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6

data = Path(sys.argv[1]).read_bytes()
before, started = peak(resource.RUSAGE_SELF), time.perf_counter()
extract = read(data, path="manual.pdf")
spent = time.perf_counter() - started
print(peak(resource.RUSAGE_SELF) - before, peak(resource.RUSAGE_CHILDREN), spent, len(extract.blocks))
"""


def main() -> int:
    """Prints one table of figures."""
    parser(__doc__ or "").parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manual.pdf"
        file.write_bytes(_manual())
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(file)], capture_output=True, text=True, check=True, timeout=600
        )
        size = file.stat().st_size / 1e6
    above, child, spent, blocks = map(float, done.stdout.split())
    heading(f"A PDF file of {_PAGES} pages and {size:.1f} MB, {blocks:.0f} blocks")
    row("peak memory above that of importing the reader", "-", f"{above:.0f} MB")
    row("peak memory of the process that reads with PDFium", "-", f"{child:.0f} MB")
    row("pages a second", "-", f"{_PAGES / spent:.0f}")
    return 0


def _manual() -> bytes:
    """Pages of prose with a table of prices and a picture of its own."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for number in range(1, _PAGES + 1):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 780, f"Chapter {number}")
        canvas.setFont("Helvetica", 10)
        text = canvas.beginText(60, 750)
        for line in _lines(" ".join(PROSE), 90):
            text.textLine(line)
        canvas.drawText(text)
        table = Table([DELIVERY[0], *((f"{row[0]} {number}", *row[1:]) for row in DELIVERY[1:])])
        table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
        table.wrapOn(canvas, 400, 300)
        table.drawOn(canvas, 60, 400)
        canvas.drawImage(_picture(number), 60, 100, 250, 250)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _picture(number: int) -> ImageReader:
    """A picture that is not like the others."""
    from PIL import Image  # deferred: comes with reportlab

    row_of_pixels = bytes((x * number) % 256 for x in range(_PICTURE_EDGE))
    return ImageReader(Image.frombytes("L", (_PICTURE_EDGE, _PICTURE_EDGE), row_of_pixels * _PICTURE_EDGE))


if __name__ == "__main__":
    sys.exit(main())
