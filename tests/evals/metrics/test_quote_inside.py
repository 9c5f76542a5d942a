from openbook.evals.metrics import quote_inside


def test_one_gold_quote_in_the_citations_is_enough():
    quotes = ["A gift card is valid for 24 months.", "Cards never expire."]
    assert quote_inside(quotes, ["Note: **a gift card** is valid for 24 months"]) == 1.0
    assert quote_inside(quotes, ["A gift card is valid"]) == 0.0
    assert quote_inside(quotes, []) == 0.0


def test_less_than_the_whole_may_be_called_enough():
    # "abcd" covers 4 of 8 characters.
    assert quote_inside(["abcdefgh"], ["abcd"], enough=0.5) == 1.0
    assert quote_inside(["abcdefgh"], ["abcd"], enough=0.51) == 0.0
