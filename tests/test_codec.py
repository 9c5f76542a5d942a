import dataclasses
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openbook.codec import decode
from openbook.types import (
    Answer,
    AskRequest,
    DeletionReceipt,
    Document,
    FileOutcome,
    Health,
    Hit,
    Progress,
    Query,
    Receipt,
    Replay,
    SearchResult,
    Source,
    SyncReport,
    Version,
    to_plain,
)

EVERY = (
    Answer,
    AskRequest,
    DeletionReceipt,
    Document,
    FileOutcome,
    Health,
    Hit,
    Progress,
    Query,
    Receipt,
    Replay,
    SearchResult,
    Source,
    SyncReport,
    Version,
)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.dictionaries(
    st.text(max_size=4), st.none() | st.booleans() | st.integers() | st.text(max_size=4), max_size=2
)


st.register_type_strategy(datetime, TIMES)
st.register_type_strategy(float, NUMBERS)


def through_json(kind, value):
    return decode(kind, json.loads(json.dumps(to_plain(value))))


@pytest.mark.parametrize("kind", EVERY)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_value_comes_back_from_json_as_it_went(kind, data):
    value = data.draw(values_of(kind))
    assert through_json(kind, value) == value


def values_of(kind):
    """Values of a type, with plain JSON where it allows anything."""
    anything = {"hits": st.lists(PLAIN, max_size=2).map(tuple), "query": PLAIN, "settings": PLAIN}
    return st.builds(kind, **anything) if kind is Receipt else st.builds(kind)


@pytest.mark.parametrize("kind", EVERY)
def test_what_lacks_a_field_or_is_no_record_is_refused(kind):
    needed = [
        field.name
        for field in dataclasses.fields(kind)
        if field.default is field.default_factory is dataclasses.MISSING
    ]
    assert needed
    for plain in ({}, [], None, "text", 7):
        with pytest.raises(ValueError, match=needed[0] if plain == {} else kind.__name__):
            decode(kind, plain)


def test_a_field_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match="total"):
        decode(Progress, {"done": 1, "total": "many", "unit": "files"})


def test_plain_types_pass_as_they_are():
    assert decode(int, 3) == 3
    assert decode(tuple[str, ...], ["a", "b"]) == ("a", "b")
    assert decode(tuple[Progress, ...], []) == ()
    assert decode(str | None, None) is None


def test_a_set_is_written_in_order():
    assert to_plain({"b", "a"}) == ["a", "b"]
