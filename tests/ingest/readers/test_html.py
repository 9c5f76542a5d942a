from datetime import UTC, datetime

from openbook.ingest.readers.html import read
from openbook.types import BlockKind, Metadata

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head>
<title>Delivery – Fernhill help</title>
<meta property="article:modified_time" content="2026-02-18T10:00:00Z">
<meta name="audience" content="public, trade">
<link rel="Canonical" href="https://help.example/delivery">
<style>p {color: red}</style></head>
<body>
<nav><ul><li><a href="/">Home</a></ul></nav>
<div class="cookie-banner">We use cookies. <button>Accept</button></div>
<main>
<header><h1>Delivery</h1></header>
<p>Standard&nbsp;delivery costs <b>£3.95</b>.<br>Free from £60.
<ol start="3"><li>Open it.<li><p>Choose:</p><ul><li>a</li><li>b</li></ul></li></ol>
<table><caption>Prices</caption><thead><tr><th>Zone<th>Price</thead>
<tr><td>UK<td><p>£3.95</p><tr><td><ul><li>EU<li>CH</ul><td>£9</table>
<dl><dt>Slot<dd>Two hours.<dd>In the morning.</dl>
<pre>
  a &lt; b

  c</pre>
<blockquote><p>Quoted.</p></blockquote>
<aside class="note">Take care.</aside><aside>Adverts</aside>
<form><label>Was this helpful?</label></form>
</main>
<footer>Imprint</footer>
</body></html>"""


def read_text(text: str) -> str:
    return read(text.encode(), path="page.html").text


def test_a_page_becomes_its_main_content():
    assert read_text(PAGE) == (
        "Delivery\n\n"
        "Standard delivery costs £3.95.\nFree from £60.\n\n"
        "3. Open it.\n4. Choose:\n  - a\n  - b\n\n"
        "Prices\n\n"
        "Zone | Price\nUK | £3.95\nEU CH | £9\n\n"
        "- Slot\n  Two hours.\n  In the morning.\n\n"
        "  a < b\n\n  c\n\n"
        "Quoted.\n\nTake care."
    )


def test_the_head_becomes_metadata():
    assert read(PAGE.encode(), path="page.html").metadata == Metadata(
        title="Delivery",
        audiences=("public", "trade"),
        locale="en-GB",
        updated_at=datetime(2026, 2, 18, 10, tzinfo=UTC),
        url="https://help.example/delivery",
    )


def test_og_tags_fill_the_gaps():
    page = (
        '<head><title>Site</title><meta property="og:title" content="Page"><meta property="og:locale" content="de_CH">'
    )
    metadata = read((page + "<body><p>Text").encode(), path="a.html").metadata
    assert (metadata.title, metadata.locale) == ("Page", "de-CH")


def test_hidden_parts_are_left_out_with_a_notice():
    hidden = [
        "<p hidden>a</p>",
        '<p aria-hidden="true">b</p>',
        '<p style="color:red; DISPLAY : none">c</p>',
        '<p style="visibility:hidden">d</p>',
        '<p style="font-size:0px">e</p>',
        "<template>f</template><noscript>g</noscript><!-- h -->",
    ]
    extract = read(
        f"<main><p>Seen</p>{''.join(hidden)}<p style='font-size:0.9em'>too</p></main>".encode(), path="a.html"
    )
    assert extract.text == "Seen\n\ntoo"
    assert extract.notices == ("5 hidden parts were left out",)


def test_lines_beside_the_text_are_left_out_but_sections_of_such_a_name_stay():
    beside = '<p class="crumbs">Help &gt; Returns</p><div class="article-feedback">Was this helpful?</div>'
    section = '<section id="feedback"><h2>Feedback</h2><p>Write to us.</p></section>'
    assert read_text(f"<main>{beside}<p>Text.</p>{section}</main>") == "Text.\n\nFeedback\n\nWrite to us."


def test_a_panel_that_a_button_opens_is_read():
    page = '<main><h3><button aria-controls="p1">How?</button></h3><div id="p1" hidden><p>Like this.</p></div></main>'
    extract = read(page.encode(), path="a.html")
    assert extract.text == "How?\n\nLike this."
    assert extract.notices == ()


def test_without_main_the_densest_part_is_read():
    links = "".join(f'<li><a href="/{n}">Topic {n}</a></li>' for n in range(20))
    content = f"<h1>Returns</h1><p>{'You can return it. ' * 20}</p>"
    text = read_text(f"<body><div id=side><ul>{links}</ul></div><div id=text>{content}</div>")
    assert text.startswith("Returns\n\nYou can return it.")
    assert "Topic" not in text


def test_an_empty_main_is_not_believed():
    assert read_text(f"<body><main></main><div><p>{'You can return it. ' * 20}</p></div>").startswith("You can")


def test_a_heading_beside_the_densest_part_is_not_lost():
    page = f"<body><h1>Returns</h1><div><p>{'You can return it. ' * 20}</p></div>"
    assert read_text(page).startswith("Returns\n\nYou can return it.")


def test_lists_and_tables_used_for_layout_become_sections():
    page = "<main><ul><li><h2>A</h2><p>a</p></li><li><h2>B</h2><ul><li>b</li></ul></li></ul></main>"
    extract = read(page.encode(), path="a.html")
    assert extract.text == "A\n\na\n\nB\n\n- b"
    assert [block.kind for block in extract.blocks].count(BlockKind.HEADING) == 2
    assert read_text("<main><table><tr><td><h2>A</h2>a</td><td>b</td></tr></table></main>") == "A\n\na\n\nb"


def test_deep_nesting_ends_with_a_notice():
    extract = read(b"<p>first</p>" + b"<div>" * 5_000 + b"deep" + b"</div>" * 5_000, path="a.html")
    assert extract.text == "first"
    assert extract.notices == ("the page is nested too deeply; its text from that place on was left out",)


def test_the_declared_encoding_is_believed_if_the_bytes_fit():
    extract = read('<meta charset="windows-1251"><p>Привет, мир'.encode("cp1251"), path="a.html")
    assert extract.text == "Привет, мир"
    assert extract.notices == ("decoded as windows-1251",)


def test_entities_are_not_expanded_without_end():
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><p>x &b;&b; y</p>'
    assert len(read_text(bomb)) < 100
