from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.search.attributes import amount_of, best_first, fits, presence_of
from openbook.search.quantity import parse_amount
from openbook.search.vocabulary import Vocabulary, vocabulary_of
from openbook.search.wishes import constraints_in, superlative_in

ALPINE = (
    ("product_type", "Backpack"),
    ("brand", "Under Armour"),
    ("price", "89,90 €"),
    ("volume", "32 l"),
    ("weight", "1.2 kg"),
    ("colour", "dark blue"),
    ("waterproof", "yes"),
    ("availability", "in stock"),
)
CITY = (
    ("product_type", "Backpack"),
    ("brand", "Acme"),
    ("price", "120 €"),
    ("sale_price", "95 €"),
    ("volume", "28 l"),
    ("weight", "900 g"),
    ("colour", "red"),
    ("waterproof", "no"),
    ("availability", "out of stock"),
    ("battery life", "10 h"),
)
SHIRT = (("product_type", "T-shirt"), ("price", "40 USD"), ("size", "M"), ("size", "L"), ("material", "cotton"))
PRODUCTS = (ALPINE, CITY, SHIRT)
VOCABULARY = vocabulary_of(pair for product in PRODUCTS for pair in product)


@pytest.mark.parametrize(
    ("written", "number", "unit"),
    [
        ("49,90 €", "49.90", "EUR"),
        ("EUR 49.90", "49.90", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("$1,234.50", "1234.50", "USD"),
        ("1.250 €", "1250", "EUR"),
        ("1.250 kg", "1250", "g"),
        ("0,750 l", "0.750", "l"),
        ("1'299.00 CHF", "1299", "CHF"),
        ("30 liters", "30", "l"),
        ("30-Liter", "30", "l"),
        ("500 ml bottle", "0.5", "l"),
        ('15.6"', "0.39624", "m"),
        ("7 days", "604800", "s"),
        ("2 Jahre ab Kauf", "24", "month"),
        ("-5 °C", "-5", "°C"),
        ("42", "42", ""),
    ],
)
def test_an_amount_is_read_as_it_is_written(written, number, unit):
    amount = parse_amount(written)
    assert (amount.low, amount.unit) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "written", ["yes", "30 x 20 x 10 cm", "ISO 9001", "E-21", "2026-01-31", "12 or 24 months", "v3.5.1"]
)
def test_what_is_no_single_amount_is_none(written):
    assert parse_amount(written) is None


def test_the_name_of_an_attribute_may_give_the_unit():
    assert amount_of("Weight (kg)", "1.2") == amount_of("weight_g", "1200")


@pytest.mark.parametrize(
    ("value", "is_there"),
    [
        ("yes", True),
        ("in_stock", True),
        ("auf Lager", True),
        ("12", True),
        ("0", False),
        ("Out of stock", False),
        ("nein", False),
        ("not included", False),
        ("preorder", False),
        ("IPX7", None),
        ("", None),
    ],
)
def test_a_value_says_yes_or_no_or_neither(value, is_there):
    assert presence_of(value) is is_there


@pytest.mark.parametrize(
    ("question", "verdicts"),
    [
        ("Which backpack under 100 euros holds at least 30 litres?", (True, False, False)),
        ("Welcher Rucksack unter 100 € fasst mindestens 30 Liter?", (True, False, None)),
        ("Do you have blue or red backpacks in stock?", (True, False, False)),
        ("blaue Rucksäcke, nicht schwerer als 1 kg", (False, True, None)),
        ("a waterproof backpack lighter than 1,5 kg", (True, False, False)),
        ("not waterproof, weight up to 1 kg", (False, True, None)),
        ("ein Rucksack ohne cotton", (None, None, False)),
        ("T-shirt in size M", (False, False, True)),
        ("between 90 and 100 euros", (False, True, None)),
        ("from 50 to 90 euros", (True, False, None)),
        ("Rucksack von 20 bis 30 Liter", (False, True, None)),
        ("30 litres or more", (True, False, None)),
        ("a 32 l bag", (True, False, None)),
        ("battery life over 8 hours", (None, True, None)),
        ("at least 20 inches", (None, None, None)),
        ("an Under Armour bag over $50", (None, False, False)),
        ("Can I send it back within 3 days?", (True, True, True)),
    ],
)
def test_products_fit_what_a_question_asks_for(question, verdicts):
    constraints = constraints_in(question, VOCABULARY)
    assert tuple(fits(constraints, product) for product in PRODUCTS) == verdicts


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("the cheapest one", (0, 1)),
        ("das teuerste Modell", (1, 0)),
        ("lightest backpack", (1, 0)),
        ("Which is the largest?", (0, 1)),
        ("the longest battery life", (1,)),
        ("the smallest volume", (1, 0)),
    ],
)
def test_products_are_put_in_order_by_what_a_question_wants_most(question, places):
    assert best_first(superlative_in(question, VOCABULARY), PRODUCTS) == places


@pytest.mark.parametrize("question", ["the longest queue", "most people like it", "Do you ship to Austria?"])
def test_a_question_without_a_known_superlative_has_none(question):
    assert superlative_in(question, VOCABULARY) is None


def test_where_no_price_names_a_currency_the_customers_is_the_shops():
    product = (("price", "49.90"),)
    constraints = constraints_in("anything under 50 euros?", vocabulary_of(product))
    assert fits(constraints, product) is True


def test_without_products_a_question_asks_for_nothing():
    assert constraints_in("a red bag under 10 euros", Vocabulary()) == ()


NUMBERS = st.integers(1, 5_000)
UNITS = st.sampled_from([("kg", "g", 1_000), ("l", "ml", 1_000), ("m", "cm", 100), ("h", "min", 60), ("days", "h", 24)])


@given(NUMBERS, UNITS)
def test_an_amount_is_the_same_in_a_smaller_unit(number, units):
    large, small, factor = units
    first, second = parse_amount(f"{number} {large}"), parse_amount(f"{number * factor} {small}")
    assert (first.low, first.unit) == (second.low, second.unit)


@given(NUMBERS, NUMBERS)
def test_limits_agree_with_the_numbers(limit, weight):
    product = (("weight", f"{weight} g"),)
    vocabulary = vocabulary_of(product)

    def verdict(words):
        return fits(constraints_in(f"{words} {limit} g", vocabulary), product)

    assert verdict("under") is (weight < limit)
    assert verdict("at most") is verdict("not over") is verdict("nicht mehr als") is (weight <= limit)
    assert verdict("at least") is verdict("mindestens") is verdict("not under") is (weight >= limit)
    assert verdict("more than") is (weight > limit)


@given(st.lists(NUMBERS, max_size=8))
def test_the_cheapest_come_in_order_of_price(prices):
    products = [(("price", f"{price} EUR"),) for price in prices]
    cheapest = superlative_in("cheapest", vocabulary_of([("price", "1 EUR")]))
    assert [prices[place] for place in best_first(cheapest, products)] == sorted(prices)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80) | st.text("0123456789.,-–€ kgl\"'to", max_size=40), st.text(max_size=30))
def test_any_question_and_any_product_are_judged(question, value):
    attributes = ((value[:9], value), ("price", value), ("price", question))
    vocabulary = vocabulary_of(attributes)
    assert fits(constraints_in(question, vocabulary), attributes) in (True, False, None)
    superlative = superlative_in(f"cheapest {question}", vocabulary)
    assert superlative is None or set(best_first(superlative, [attributes])) <= {0}
