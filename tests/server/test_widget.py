"""The widget's script: its size, its words in every language, how it is served, and what is not in it."""

import gzip
import json
import re

import httpx
import pytest

from openbook.server.routes.widget_script import NAMES, PARTS, widget_script
from server.visiting import ORIGIN, site

LARGEST = 30_000
STRINGS = json.loads((PARTS / "strings.json").read_text("utf-8"))
CODE = "\n".join((PARTS / f"{name}.js").read_text("utf-8") for name in NAMES)
LOOK = (PARTS / "look.css").read_text("utf-8")
BY_STATE = {"looking", "reading", "checking", "you", "bot", "operator", "notice"}
"""Words that are looked up by a state and not by their name."""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with (
        site(tmp_path_factory.mktemp("widget"), widget__origins=(ORIGIN,)) as place,
        httpx.Client(base_url=place.address) as caller,
    ):
        yield caller


def test_the_script_is_small():
    assert len(gzip.compress(widget_script().encode(), 9)) <= LARGEST


def test_every_part_is_in_the_script():
    assert {path.stem for path in PARTS.glob("*.js")} == set(NAMES)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl", "pt", "ar"])
def test_every_word_is_there_in_every_language_with_its_blanks(language):
    words = STRINGS[language]
    assert list(words) == list(STRINGS["en"])
    assert [name for name, text in words.items() if not text.strip()] == []
    blanks = {name: sorted(re.findall(r"\{(\w+)\}", text)) for name, text in STRINGS["en"].items()}
    assert {name: sorted(re.findall(r"\{(\w+)\}", text)) for name, text in words.items()} == blanks


def test_words_and_code_fit_each_other():
    said = set(re.findall(r'say\("(\w+)"', CODE)) | BY_STATE
    fields = set(re.findall(r'field\(\{ name: "(\w+)"', CODE))
    assert said <= set(STRINGS["en"])
    labels = {"name", "email", "phone", "company", "message"}  # which the server takes for the fields of a form
    assert set(STRINGS["en"]) - said - fields - labels == set()


@pytest.mark.parametrize(
    "forbidden",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "cookie", "import("],
)
def test_nothing_in_it_can_turn_words_into_code_or_set_a_cookie(forbidden):
    code = "\n".join(line for line in CODE.splitlines() if not line.lstrip().startswith("//"))
    assert forbidden not in code


def test_it_brings_nothing_from_elsewhere():
    assert set(re.findall(r"https?://[\w.]+", CODE + LOOK)) == {"http://www.w3.org"}  # the name of a language: SVG
    assert "url(" not in LOOK
    assert "@import" not in LOOK
    assert "@font-face" not in LOOK


def test_it_is_served_packed_and_asked_for_again_only_when_it_changed(client):
    first = client.get("/widget.js")
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age" in first.headers["cache-control"]
    assert first.text == widget_script()
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_served_plain_to_who_cannot_unpack(client):
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == widget_script()
    assert plain.headers["etag"] != client.get("/widget.js").headers["etag"]


def test_the_demonstration_names_the_sites_that_may_use_it(client):
    page = client.get("/widget-demo").text
    assert ORIGIN in page
    assert "No site may use it yet" not in page
    assert f'&lt;script src="{client.base_url}/widget.js"' in page


def test_without_a_site_the_demonstration_says_what_to_do(tmp_path):
    with site(tmp_path, widget__origins=()) as place:
        page = httpx.get(f"{place.address}/widget-demo").text
    assert "No site may use it yet" in page
    assert "origins = [&#34;https://www.example.com&#34;]" in page
