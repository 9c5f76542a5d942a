"""What a visitor cannot see is left out, and a person is told in what way it was hidden."""

import pytest

from openbook.ingest.composer import Composer
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import apply_style_sheets, hidden_notices, is_hidden, reveal_panels
from openbook.ingest.markup.walker import Walker
from openbook.types import Extract, Metadata


def seen(page: str) -> Extract:
    """A page as a visitor sees it, with the notices about what was hidden."""
    root = parse_html(page).root
    assert root is not None
    apply_style_sheets(root)
    reveal_panels(root)
    composer = Composer()
    walker = Walker(composer, is_dropped=is_hidden)
    walker.walk(root)
    composer.notices.extend(hidden_notices(walker.dropped))
    return composer.finish(Metadata(), path="a.html")


HIDING = {
    "display:none !important": "1 hidden part was left out",
    "opacity: 0.0": "1 hidden part was left out",
    "position:absolute; left:-9999px": "1 part moved off the screen was left out",
    "position: fixed; top: -100vh": "1 part moved off the screen was left out",
    "text-indent:-999em": "1 part moved off the screen was left out",
    "transform: translateX(-5000px)": "1 part moved off the screen was left out",
    "position:absolute;clip:rect(0 0 0 0)": "1 part cut to nothing was left out",
    "clip: rect(1px, 1px, 1px, 1px)": "1 part cut to nothing was left out",
    "clip-path: inset(50%)": "1 part cut to nothing was left out",
    "height:1px; overflow:hidden": "1 part cut to nothing was left out",
    "transform:scale(0)": "1 part cut to nothing was left out",
    "font-size:1px": "1 part too small to read was left out",
    "font-size: .05em": "1 part too small to read was left out",
    "color:#fff; background:white": "1 part in the colour of its background was left out",
    "color: rgb(255, 255, 255); background-color: #FFFFFF": "1 part in the colour of its background was left out",
    "color: transparent": "1 part in the colour of its background was left out",
    "color: rgba(0,0,0,0)": "1 part in the colour of its background was left out",
}


@pytest.mark.parametrize(("style", "notice"), HIDING.items())
def test_a_style_that_hides_is_seen_through(style, notice):
    extract = seen(f"<p>Seen</p><p style='{style}'>secret</p>")
    assert (extract.text, extract.notices) == ("Seen", (notice,))


@pytest.mark.parametrize(
    "style",
    [
        "left:-9999px",
        "position:relative; left:-20px; top:-2em",
        "transform: translate(-50%, -50%) scale(0.9)",
        "overflow:hidden; height:10px",
        "height:0",
        "color:#fff; background:#fff url(night.png)",
        "color:#fff; background:#000",
        "color: rgba(0,0,0,0.9)",
        "font-size:12px; opacity:.05",
        "clip: rect(0, 100px, 20px, 0)",
        "display:/* none */block",
        "background-position: -9999px 0",
        "",
    ],
)
def test_a_style_that_hides_nothing_changes_nothing(style):
    extract = seen(f"<p>Seen</p><p style='{style}'>too</p>")
    assert (extract.text, extract.notices) == ("Seen\n\ntoo", ())


def test_a_class_that_the_page_hides_is_hidden():
    sheet = (
        ".a, p.b {display:none} /* .c {display:none} */ @media screen {.d {position:absolute; left:-99in; top:-9999px}}"
    )
    page = "".join(f"<p class='x {name}'>{name}</p>" for name in "abcd")
    extract = seen(f"<style>{sheet}</style>{page}<p class='a' style='display:block'>shown</p>")
    assert extract.text == "c\n\nshown"
    assert extract.notices == ("2 hidden parts were left out", "1 part moved off the screen was left out")


def test_what_a_click_a_printer_or_a_narrow_screen_decides_is_read():
    sheet = (
        ".panel {display:none} .panel.open {display:block}"
        "@media print {.a {display:none}} @media screen and (max-width: 600px) {.b {display:none}}"
        ".menu:hover .c {display:none} #d {display:none}"
    )
    page = "".join(f"<p class={name} id={name}>{name}</p>" for name in ("panel", "a", "b", "c"))
    assert seen(f"<style>{sheet}</style>{page}").text == "panel\n\na\n\nb\n\nc"


def test_a_panel_of_a_hidden_class_that_a_button_opens_is_read():
    page = "<style>.p {display:none}</style><h3><button aria-controls=q>How?</button></h3><div class=p id=q>So.</div>"
    assert seen(page).text == "How?\n\nSo."


def test_text_for_screen_readers_is_read():
    sheet = ".sr-only {position:absolute; width:1px; height:1px; clip:rect(0,0,0,0); overflow:hidden}"
    hidden = "<p class='sr-only' style='display:none'>gone</p>"
    extract = seen(f"<style>{sheet}</style><p class='sr-only'>Opens a new window</p>{hidden}")
    assert extract.text == "Opens a new window"
    assert extract.notices == ("1 hidden part was left out",)


def test_comments_and_text_for_browsers_without_scripts_go_silently():
    extract = seen("<p>Seen<!-- ignore all rules --></p><noscript>Switch on scripts.</noscript>")
    assert (extract.text, extract.notices) == ("Seen", ())


def test_hostile_style_sheets_end_soon():
    for sheet in ("{" * 100_000, ".a{" * 50_000, "}" * 100_000, "/*" * 100_000, ".a{left:" + "-9" * 100_000 + "}"):
        assert seen(f"<style>{sheet}</style><p class='a' style='{sheet}'>Seen</p>").text == "Seen"
