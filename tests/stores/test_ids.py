"""Identifiers: readable, never the same, in the order of their making."""

import re
import time

from openbook.stores.ids import new_id


def test_an_id_has_its_prefix_and_26_letters_that_are_not_mistaken_for_others():
    assert re.fullmatch(r"doc_[0-9a-hjkmnp-tv-z]{26}", new_id("doc"))


def test_no_two_ids_are_the_same():
    assert len({new_id("doc") for _ in range(5000)}) == 5000


def test_a_later_id_sorts_after_an_earlier_one():
    first = new_id("doc")
    time.sleep(0.002)
    assert first < new_id("doc")
