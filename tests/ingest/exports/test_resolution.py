import pytest

from openbook.ingest.exports.case import Case
from openbook.ingest.exports.resolution import confirmed_answer, confirms
from openbook.types import Ticket, TicketMessage

QUESTION = ("customer", "My zip jams.")
ANSWER = ("operator", "Rub some candle wax on the teeth of the zip.")
THANKS = ("customer", "Thanks!")


def answer_of(*said, solved=True, csat=None, accepted=""):
    messages = tuple(TicketMessage(author, text) for author, text in said)
    return confirmed_answer(Case(Ticket("1", "Zip", messages, solved=solved, csat=csat), accepted=accepted))


def test_thanks_after_an_operators_answer_confirm_it():
    assert answer_of(QUESTION, ANSWER, THANKS) == ANSWER[1]


def test_farewells_and_requests_for_a_rating_are_passed_over():
    farewell = ("operator", "You're welcome! Have a great day.")
    survey = ("bot", "How would you rate our service? Please rate us.")
    assert answer_of(QUESTION, ANSWER, THANKS, farewell, survey) == ANSWER[1]


def test_a_good_rating_confirms_and_a_bad_one_outweighs_thanks():
    assert answer_of(QUESTION, ANSWER, csat=1.0) == ANSWER[1]
    assert answer_of(QUESTION, ANSWER, THANKS, csat=0.0) == ""


def test_a_closed_status_alone_confirms_nothing_and_an_open_ticket_is_not_resolved():
    assert answer_of(QUESTION, ANSWER) == ""
    assert answer_of(QUESTION, ANSWER, THANKS, solved=False) == ""


def test_an_answer_that_a_person_marked_counts():
    assert answer_of(QUESTION, ANSWER, accepted="Wax the zip with a candle.") == "Wax the zip with a candle."
    assert answer_of(QUESTION, accepted="Please contact our partner.") == ""


def test_a_bot_that_spoke_last_leaves_nothing_confirmed():
    assert answer_of(QUESTION, ANSWER, ("bot", "Oil the zip of the jacket weekly."), THANKS) == ""


@pytest.mark.parametrize(
    "last",
    [
        "Which jacket is it?",
        "Thank you for writing to us!",
        "We escalated this to the workshop.",
        "I have passed your case on to our payments team.",
        "Please contact the shop where you bought it.",
        "Wir haben Ihre Anfrage an die Werkstatt weitergeleitet.",
        "Bitte wenden Sie sich an den Händler vor Ort.",
        "Nous reviendrons vers vous demain.",
        "Veuillez contacter le magasin de votre ville.",
        "Hemos escalado su caso al taller.",
    ],
)
def test_what_does_not_answer_is_not_confirmed_by_thanks(last):
    assert answer_of(QUESTION, ("operator", last), THANKS) == ""


def test_a_condition_is_no_handing_on():
    answer = f"{ANSWER[1]} If it jams again, please contact us."
    assert answer_of(QUESTION, ("operator", answer), THANKS) == answer


@pytest.mark.parametrize(
    "text",
    [
        "That did the trick, thank you!",
        "It works now.",
        "Danke, das hat geklappt.",
        "Super, vielen Dank!",
        "Merci beaucoup !",
        "Ça marche, merci.",
        "Muchas gracias, ya funciona.",
        "Problema solucionado.",
    ],
)
def test_thanks_and_success_are_understood_in_four_languages(text):
    assert confirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it does not work.",
        "Thank you. Where do I find the wax?",
        "Thanks in advance",
        "Thanks, I'll try that tomorrow.",
        "It still jams, thanks.",
        "I bought the jacket in May.",
        "Danke, aber es geht leider nicht.",
        "Vielen Dank im Voraus",
        "Das funktioniert leider nicht.",
        "Merci d'avance",
        "Merci, mais ça ne marche pas.",
        "Gracias, pero no funciona.",
        "Gracias de antemano",
    ],
)
def test_thanks_that_confirm_nothing_are_known(text):
    assert not confirms(text)
