import pytest

from openbook.ingest.readers.rst import read
from openbook.types import BlockKind, Extract

PAGE = """:orphan:
:audience: trade, public
:date: 2026-02-01

.. _resetting:

Reset a password
================

.. note:: Keep *this* safe.

See :ref:`resetting`, :ref:`the other <x>`, :doc:`/guide/first-steps`, :kbd:`Ctrl+C`,
:py:func:`~os.path.join`, |release|, `a link <http://x>`_ and missing_.

.. toctree::
   :maxdepth: 2
   :caption: More

   intro
   Second page <second>

Steps
-----

1. one
2. two

   * a
   * b

.. code-block:: python
   :linenos:
   :caption: Sample

   def f():
       return 1

.. tabs::

   .. tab:: macOS

      Press **Cmd**.

.. versionadded:: 3.2
   New thing.

.. only:: html

   Only in HTML.

.. csv-table:: Prices
   :header: "Zone", "Price"

   "EU", "3"

Footnote [#a]_ here.

.. [#a] The note.

   With more.

.. index:: unseen
.. unseen comment
"""


def read_rst(text: str) -> Extract:
    return read(text.encode(), path="page.rst")


def test_a_page_of_sphinx_keeps_its_text_and_structure():
    extract = read_rst(PAGE)
    assert extract.text.split("\n\n") == [
        "Reset a password",
        "Keep this safe.",
        "See Reset a password, the other, first steps, Ctrl+C, join, release, a link and missing.",
        "More",
        "- Second page",
        "Steps",
        "1. one\n2. two\n  - a\n  - b",
        "Sample",
        "def f():\n    return 1",
        "macOS",
        "Press Cmd.",
        "New in version 3.2",
        "New thing.",
        "Only in HTML.",
        "Prices",
        "Zone | Price\nEU | 3",
        "Footnote [1] here.",
        "[1] The note. With more.",
    ]
    kinds = {block.span.of(extract.text)[:4]: block for block in extract.blocks}
    assert (kinds["Rese"].level, kinds["Step"].level) == (1, 2)
    assert kinds["1. o"].kind is BlockKind.STEPS
    assert kinds["Zone"].header is not None
    assert extract.metadata.audiences == ("trade", "public")
    assert f"{extract.metadata.updated_at:%F}" == "2026-02-01"


@pytest.mark.parametrize(
    ("directive", "notices"),
    [
        (".. include:: /etc/hostname", ("includes /etc/hostname, which is read as its own file",)),
        (".. literalinclude:: a.py\n   :language: python", ("includes a.py, which is read as its own file",)),
        (".. csv-table::\n   :file: /etc/passwd", ("includes /etc/passwd, which is read as its own file",)),
        (".. raw:: html\n\n   <b>markup</b>", ()),
        (".. raw:: html\n   :url: http://localhost/x", ()),
    ],
)
def test_no_other_file_or_markup_gets_in(directive, notices):
    extract = read_rst(f"Before.\n\n{directive}\n\nAfter.")
    assert extract.text == "Before.\n\nAfter."
    assert extract.notices == notices


def test_mistakes_in_the_markup_are_counted_and_lose_nothing():
    extract = read_rst("A title\n====\n\nAn *open emphasis.\n\n=== ===\nbroken table\n")
    assert extract.text == "A title\n\nAn *open emphasis.\n\n=== ===\nbroken table"
    assert extract.notices[0].startswith("the markup has a mistake in 3 places, such as line ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("".join("  " * depth + "* word\n\n" for depth in range(300)), "it is nested too deeply"),
        ("word " * 3_000, "a line has more than 10000 characters"),
        ("word\n" * 25_000, "a paragraph has more than 100000 characters"),
        (("word " * 900 + "\n\n") * 120, "it has more than 500000 characters"),
    ],
)
def test_a_text_beyond_measure_is_read_as_plain_text(text, reason):
    extract = read_rst(text)
    assert extract.text.count("word") == text.count("word")
    assert extract.notices == (f"read as plain text: {reason}",)


def test_a_role_that_one_text_defines_is_unknown_to_the_next():
    own = read_rst(".. role:: kbd(literal)\n\n:kbd:`a|b`")
    assert own.notices == ()
    assert read_rst(":kbd:`a`").text == "a"
    from docutils.parsers.rst import roles

    assert "kbd" not in vars(roles)["_roles"]
