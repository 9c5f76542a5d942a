import pytest

from openbook.ingest.web.traps import TrapLimits, Traps, pattern

X = "https://x.example"


def refused(traps, path, *, depth=1, is_vouched=False):
    return traps.refusal(X + path, depth=depth, is_vouched=is_vouched)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar/2026/01", "/calendar/2031/12"),
        ("/list?page=1&sort=a", "/list?sort=b&page=20"),
        ("/s/0a1b2c3d4e5f/a", "/s/99aabbccddee/a"),
        ("/x/k3j4h5k3j4h5k3j4h5", "/x/zz11yy22xx33ww44vv"),
    ],
)
def test_addresses_that_differ_by_numbers_values_or_made_up_names_have_one_pattern(one, other):
    assert pattern(X + one) == pattern(X + other)


def test_words_are_no_made_up_names():
    assert pattern(f"{X}/how-to-return-a-parcel") != pattern(f"{X}/how-to-cancel-an-order")


@pytest.mark.parametrize(
    ("path", "depth", "reason"),
    [
        ("/a", 26, "more than 25 links away"),
        ("/more/more/more", 1, "repeats itself"),
        ("/" + "/".join(f"x{number}" for number in range(21)), 1, "more than 20 parts"),
    ],
)
def test_what_is_far_or_grows_is_refused_unless_someone_vouches_for_it(path, depth, reason):
    assert reason in refused(Traps(), path, depth=depth)
    assert refused(Traps(), path, depth=depth, is_vouched=True) == ""


def test_combinations_of_parameters_end_but_one_parameter_may_have_any_value():
    traps = Traps(TrapLimits(variants=3))
    for number in range(3):
        traps.admit(f"{X}/shoes?colour={number}&size=1")
        traps.admit(f"{X}/article?id={number}")
    assert "combinations" in refused(traps, "/shoes?colour=9&size=9")
    assert refused(traps, "/article?id=9") == ""


def test_a_pattern_ends_only_after_many_pages_in_a_row_say_nothing_new():
    traps = Traps(TrapLimits(stale=3))
    for number, says in enumerate(["empty", "empty", "empty", "news", "empty", "empty"]):
        traps.saw(f"{X}/calendar/{number}", says)
    assert refused(traps, "/calendar/9") == ""
    traps.saw(f"{X}/calendar/7", "empty")
    assert "said nothing new" in refused(traps, "/calendar/9")
    assert refused(traps, "/articles/9") == ""


def test_the_limit_on_all_pages_holds_for_everything():
    traps = Traps(TrapLimits(pages=1))
    traps.admit(f"{X}/a")
    assert "limit of 1 pages" in refused(traps, "/b", is_vouched=True)
