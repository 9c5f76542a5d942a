"""What sounds like a promise of the company is found, and only a source may make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.answer.promises import promises_in, unbacked
from openbook.types import Claim, Support


def claim(text, *, support=Support.SUPPORTED, citations=(0,)):
    return Claim(text, support, citations)


@pytest.mark.parametrize(
    "sentence",
    [
        "We will refund you.",
        "We’ll get back to you within 24 hours.",
        "You will receive your money within 3 days.",
        "You'll get a full refund.",
        "Someone will call you tomorrow.",
        "A colleague will contact you shortly.",
        "Your refund will arrive on Monday.",
        "The amount will be credited to your card.",
        "We guarantee delivery by Friday.",
        "I have cancelled your order.",
        "Don't worry, our team will look into this.",
        "If it is faulty, we will replace it.",
        "Wir erstatten Ihnen den Betrag.",
        "Sie erhalten Ihr Geld in 14 Tagen.",
        "Jemand wird Sie anrufen.",
        "Ein Kollege meldet sich bei Ihnen.",
        "Ihre Erstattung erfolgt in fünf Tagen.",
        "Dann übernehmen wir die Kosten.",
        "Nous vous rembourserons.",
        "Vous recevrez un remboursement.",
        "Un conseiller vous rappellera demain.",
        "Nous allons vous envoyer un nouveau produit.",
        "Votre colis arrivera lundi.",
        "Le reembolsaremos el importe.",
        "Recibirá su dinero en tres días.",
        "Alguien le llamará mañana.",
        "Vamos a enviarle uno nuevo.",
    ],
)
def test_an_action_a_payment_a_deadline_and_a_call_are_promises(sentence):
    assert promises_in(f"Hello. {sentence} Goodbye.") == (sentence,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Returns are free within 30 days.",
        "You can return it in any store.",
        "Will you receive it?",
        "The tent weighs 2 kg.",
        "Hello! What would you like to know?",
        "Have a nice day on the trail!",
        "Refunds take 5 days.",
        "Somebody usually reads this within 10 minutes.",
        "Die Rückgabe ist kostenlos.",
        "Sie können die Jacke zurückgeben.",
        "Vous pouvez renvoyer le produit.",
        "Puede devolver la chaqueta.",
        "",
    ],
)
def test_what_only_says_how_things_are_is_none(sentence):
    assert promises_in(sentence) == ()


PROMISE = "We will refund you within 14 days."


def test_a_promise_that_a_source_makes_word_for_word_is_backed_whatever_the_spaces():
    assert unbacked("Hello.\n\nWe will  refund you\u00a0within 14 days. Bye.", [claim(PROMISE)]) == ()


@pytest.mark.parametrize(
    "claims",
    [
        [],
        [claim("We will refund you within 30 days.")],
        [claim(PROMISE, support=Support.NOT_FOUND)],
        [claim(PROMISE, support=Support.CONTRADICTED)],
        [claim(PROMISE, citations=())],
    ],
)
def test_a_promise_that_no_cited_source_makes_is_not(claims):
    assert unbacked(PROMISE, claims) == (PROMISE,)


def test_a_promise_that_goes_further_than_its_source_is_not_backed():
    text = "We will refund you within 14 days and pay for the taxi."
    assert unbacked(text, [claim("We will refund you within 14 days")]) == (text,)


def test_claims_that_run_on_without_a_full_stop_back_their_own_sides():
    claims = [claim("Refunds: you will receive the money in 14 days"), claim("We pay the postage")]
    assert unbacked(" ".join(each.text for each in claims), claims) == ()


def test_claims_of_several_lines_and_sentences_are_backed():
    text = "If it is late, we refund you. You will receive a voucher too.\n1. We collect it.\n2. You get the money."
    assert unbacked(text, [claim(text)]) == ()


def test_a_claim_of_one_word_does_not_cut_a_promise_into_harmless_pieces():
    assert unbacked("We will refund you.", [claim("will"), claim("We"), claim("refund you.")]) == (
        "We will refund you.",
    )


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_looked_at(text, claimed):
    claims = [claim(words) for words in claimed]
    assert set(unbacked(text, claims)) <= {" ".join(found.split()) for found in promises_in(text)} | set(
        promises_in(text)
    )


def test_a_promise_is_found_deep_in_a_text_without_a_full_stop():
    text = f"{'word ' * 3_000}we will refund you {'word ' * 3_000}"
    assert len(promises_in(text)) == 1
