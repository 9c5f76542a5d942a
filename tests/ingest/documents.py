"""Strategies that generate files of every kind, from tidy to hostile."""

from hypothesis import strategies as st

_WORDS = (
    "return parcel £4.99 e.g. 9 a.m. v2.4.1 z.B. ca. Größe 配送 日本語。 how? Yes! help@shop.example "
    "https://a.example/b?c=d ... (see) “quoted.” 1. - | # * _x_ `code` <b>bold</b> \u200b \u202e \ufeff "
    "&nbsp; &lt; 👩‍👩‍👧 ﬁ \u0301 No. 3. März"
)
WORDS = st.sampled_from(_WORDS.split(" "))
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)
LONG_WORDS = st.integers(1, 3_000).map(lambda length: "x" * length)
LINES = st.one_of(SENTENCES, LONG_WORDS, st.text(max_size=40))

_HEADINGS = st.builds(lambda level, text: f"{'#' * level} {text}", st.integers(1, 6), SENTENCES)
_PARAGRAPHS = st.lists(LINES, min_size=1, max_size=8).map("\n".join)
_ITEMS = st.builds(
    lambda depth, marker, text: f"{'   ' * depth}{marker} {text}",
    st.integers(0, 3),
    st.sampled_from(["-", "*", "1.", "2.", "10."]),
    SENTENCES,
)
_LISTS = st.lists(_ITEMS, min_size=1, max_size=12).map("\n".join)
_ROWS = st.lists(SENTENCES.map(lambda text: text.replace("|", "/")), min_size=2, max_size=4)
_TABLES = st.lists(_ROWS, min_size=1, max_size=30).map(
    lambda rows: "\n".join(
        ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
        + ["| " + " | ".join(row) + " |" for row in rows[1:]]
    )
)
_CODE = st.lists(LINES, max_size=40).map(lambda lines: "```\n" + "\n".join(lines) + "\n```")
_RAW = st.sampled_from(
    [
        "<div hidden>secret</div>",
        "<div><h3>Inside</h3><p>text</p></div>",
        "<script>x</script>",
        "<!-- note",
        "<title>",
        "a <textarea> b",
        "---",
        "> quoted\n> more",
        "<table><tr><td>a<table><tr><td>b</table></table>",
        "<ul><li><h2>Head</h2>text<li>more</ul>",
    ]
)
MARKDOWN = st.lists(st.one_of(_HEADINGS, _PARAGRAPHS, _LISTS, _TABLES, _CODE, _RAW), max_size=14).map("\n\n".join)

_TAG_NAMES = (
    "p div ul ol li table tr td th thead h1 h2 h3 pre blockquote dl dt dd br span b a main article nav section "
    "caption img button details summary"
)
_TAGS = st.sampled_from(_TAG_NAMES.split())
_ATTRIBUTES = st.sampled_from(
    ["", "", "", " hidden", ' style="display:none"', ' aria-hidden="true"', ' start="5"', ' alt="a gear"', ' class="x"']
)
_HTML_PIECES = st.one_of(
    st.builds(lambda tag, attributes: f"<{tag}{attributes}>", _TAGS, _ATTRIBUTES),
    st.builds(lambda tag: f"</{tag}>", _TAGS),
    LINES,
)
HTML = st.lists(_HTML_PIECES, max_size=60).map("\n".join)
TEXT = st.lists(st.one_of(LINES, _ITEMS, st.just(""), st.just("====")), max_size=40).map("\n".join)
CSV = st.lists(st.lists(LINES, max_size=5).map(",".join), max_size=20).map("\n".join)

FILES = st.one_of(
    st.tuples(st.just("a.md"), MARKDOWN),
    st.tuples(st.just("a.html"), HTML),
    st.tuples(st.just("a.txt"), TEXT),
    st.tuples(st.just("a.csv"), CSV),
).map(lambda file: (file[0], file[1].encode("utf-8", "replace")))
"""A name and the bytes of a file of that kind."""
