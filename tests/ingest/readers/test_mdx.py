import pytest

from openbook.ingest.readers.markdown import read
from openbook.types import BlockKind

PAGE = """---
title: Set up
---
import { Tabs, Tab } from "nextra"
import Card from './card'

export const meta = {
  audience: ["public"],

  order: 2,
}

# Set up {props.version} <Badge>New</Badge>

{/* never shown */}

<Tabs>
  <Tab title="macOS">
    Press **Cmd**.

    1. Open it.
    2. Choose *New*.

    ```bash
    import this
    {kept}
    ```
  </Tab>
  <Tab title="Windows">Press Ctrl.</Tab>
</Tabs>

<Accordion title="How do I reset?" icon="key">
  Click *here*.
</Accordion>
<Callout type="warning" style={{color: "red"}}>Type `{name}` if a < b.</Callout>

<div className="box" onClick={() => go("a>b")}>
Some **bold** text.
</div>

| A | B |
|---|---|
| <Icon name="x"/> a | {"b"} |
"""


def read_text(text: str, path: str = "page.mdx") -> str:
    return read(text.encode(), path=path).text


def test_an_mdx_page_keeps_the_text_and_the_structure_inside_its_components():
    extract = read(PAGE.encode(), path="page.mdx")
    assert extract.text.split("\n\n") == [
        "Set up New",
        "macOS",
        "Press Cmd.",
        "1. Open it.\n2. Choose New.",
        "import this\n{kept}",
        "Windows",
        "Press Ctrl.",
        "How do I reset?",
        "Click here.",
        "Type {name} if a < b.",
        "Some bold text.",
        "A | B\na | b",
    ]
    kinds = [block.kind for block in extract.blocks]
    assert kinds[3:5] == [BlockKind.STEPS, BlockKind.CODE]
    assert extract.notices == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("press\n<Kbd>Enter</Kbd> to go", "press Enter to go"),
        ("import your data from the menu.", "import your data from the menu."),
        ("an { open brace and a <tag that never ends", "an { open brace and a <tag that never ends"),
        ("<Frame caption='1. A *literal* title'><img src={x} alt='A gear' /></Frame>", "1. A *literal* title"),
        ('<ParamField path="id" type="string">The id.</ParamField>', "id\n\nstring\n\nThe id."),
        ("<>a fragment</>", "a fragment"),
        ("export {(\n\ntext after a torn export", "text after a torn export"),
        ("a \\{ b", "a { b"),
    ],
)
def test_what_only_looks_like_jsx_stays(text, shown):
    assert read_text(text) == shown


def test_braces_and_capital_tags_are_left_alone_in_plain_markdown():
    assert read_text("Use {name} in `a`.", "page.md") == "Use {name} in a."


@pytest.mark.parametrize(
    "line",
    [
        '{% include "x.md" %}',
        "{% include_relative x.md %}",
        '--8<-- "x.md"',
        ".. include:: x.md",
        "{{#include x.md}}",
        '{{< readfile file="x.md" >}}',
        "[!INCLUDE [shared](x.md)]",
    ],
)
def test_a_line_that_includes_another_file_goes_and_the_file_is_named(line):
    extract = read(f"Before.\n\n{line}\n\nAfter.".encode(), path="page.md")
    assert extract.text == "Before.\n\nAfter."
    assert extract.notices == ("includes x.md, which is read as its own file",)


def test_an_include_in_code_is_only_an_example():
    extract = read(b'```\n{% include "x.md" %}\n```\n\nWrite `{% include "x.md" %}`.', path="page.md")
    assert extract.text == '{% include "x.md" %}\n\nWrite {% include "x.md" %}.'
    assert extract.notices == ()


@pytest.mark.parametrize(
    "text",
    [
        '!!! note "Careful"\n    Do **this**.\n\n    - one\n    - two\n\nAfter.',
        '??? tip "Careful"\n    Do **this**.\n\n    - one\n    - two\n\nAfter.',
        ":::warning[Careful]\nDo **this**.\n\n- one\n- two\n:::\n\nAfter.",
        "::: details Careful\nDo **this**.\n\n- one\n- two\n:::\n\nAfter.",
        '{{< note title="Careful" >}}\nDo **this**.\n\n- one\n- two\n\n{{< /note >}}\n\nAfter.',
    ],
)
def test_an_admonition_is_its_title_and_its_text(text):
    assert read_text(text, "page.md") == "Careful\n\nDo this.\n\n- one\n- two\n\nAfter."


def test_alerts_and_attributes_leave_no_marks():
    assert read_text("> [!NOTE]\n> Hear.\n\n[here](x.md){:class='b'} and {% link a.md %}.", "page.md") == (
        "Hear.\n\nhere and a.md."
    )


def test_a_page_without_a_body_is_made_of_the_texts_in_its_front_matter():
    page = """---
layout: partners/faq
title: Questions
description: What partners ask.
image: /assets/a picture.png
class: wide page
permalink: /faq/
general_title: "## General"
prices_title: "## Prices"
general_list:
  - id: a-1
    title: Who may join?
    content: Anyone with [an account](/account/){:class="b"}.
prices_list:
  - title: What does it cost?
    content: >-
      * Nothing

      * Really nothing
---
"""
    extract = read(page.encode(), path="faq.md")
    assert extract.text.split("\n\n") == [
        "What partners ask.",
        "General",
        "Who may join?",
        "Anyone with an account.",
        "Prices",
        "What does it cost?",
        "- Nothing\n- Really nothing",
    ]
    assert [block.level for block in extract.blocks if block.level] == [2, 3, 2, 3]
    assert extract.metadata.title == "Questions"


def test_front_matter_stays_out_of_a_page_that_has_a_body():
    assert read_text("---\ndescription: Some words here.\n---\nBody.", "page.md") == "Body."


def test_an_include_that_shows_a_list_of_the_front_matter_is_that_list():
    page = "---\ndos:\n  - Keep it safe.\n  - Read **it**.\n---\nDo:\n\n{% include list.html items=page.dos %}\n"
    assert read_text(page, "page.md") == "Do:\n\n- Keep it safe.\n- Read it."


@pytest.mark.parametrize("piece", ["{", "<a ", "`", "``a`", "<A b={", "export {(\n\n", "</>", ":::" + " " * 300 + "{"])
def test_hostile_mdx_is_read_in_bounded_time(piece):
    assert read(("x " + piece * 4_000).encode(), path="page.mdx").blocks


def test_front_matter_that_multiplies_itself_is_bounded():
    levels = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, b]\n" for n in range(1, 12))
    page = f"---\na0: &a0 [two words, more words]\n{levels}---\n"
    assert len(read_text(page, "page.md")) < 200_000
