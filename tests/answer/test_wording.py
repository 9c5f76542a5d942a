"""The house's own sentences: in every language, in the tone that is set, and promising nothing."""

import re
from importlib.resources import files
from string import Formatter

import pytest

from openbook.answer import wording
from openbook.answer.promises import promises_in

TONES = ("plain", "warm")
EVERY = [(language, tone, key) for language in wording.LANGUAGES for tone in TONES for key in wording.every_key()]
FILLED = {
    "codes": "“E-21”",
    "compared": "60",
    "unsure": "3",
    "wanted": "“blue”",
    "names": "“A” or “B”",
    "minutes": "10",
    "when": "9:00",
    "name": "Ada",
}


def places(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("abstain", "I can only help with questions about our products and services, and found nothing on this."),
        ("empty", "I could not read a question there. Please write what you would like to know."),
        ("attack", "I can only answer questions about our products and services."),
        ("insult", "I am sorry that you are upset. Tell me what you need, or ask for a person at any time."),
        ("hand_off", "I am not sure enough to answer this myself, so I have passed your question to a person."),
        ("too_many", "I am not sure enough to answer this myself, so I have passed your question to a person."),
        ("wish", "I have passed your request to a person."),
        ("muted", "Your message was passed to the person who has your conversation."),
        ("added", "I have added this for the person who will reply."),
        ("failed", "Something went wrong on our side, so I have passed your question to a person."),
    ],
)
def test_the_plain_english_sentences_stay_as_they_are(key, sentence):
    assert wording.say(key, language="en", tone="plain") == sentence


def test_values_are_put_into_their_places_and_never_read_as_places():
    said = wording.say("notice_claimed", language="en", tone="plain", name="{minutes} {0}")
    assert said == "{minutes} {0} is here now."
    assert wording.say("notice_soon", language="en", tone="plain", minutes="5").startswith(
        "Somebody usually reads this within 5 minutes."
    )


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_language_has_every_plain_sentence_with_the_same_places(language):
    for key in wording.every_key():
        sentence = wording.template(key, language=language, tone="plain")
        assert sentence, key
        extra = places(wording.template(key, language="en", tone="plain"))
        assert places(sentence) <= extra, key
        if not key.startswith(("none_fits_one", "none_surely_fits_one")):
            assert places(sentence) == extra, key


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_a_warm_sentence_has_the_places_of_the_plain_one(language):
    for key in wording.every_key():
        warm = wording.template(key, language=language, tone="warm")
        if warm is not None:
            assert places(warm) == places(wording.template(key, language=language, tone="plain")), key


def test_every_file_of_wordings_is_a_language_that_is_known():
    folder = files("openbook.answer").joinpath("wordings")
    assert tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir())) == wording.LANGUAGES


def test_no_sentence_of_the_house_promises_anything():
    promising = {
        (language, tone, key): found
        for language, tone, key in EVERY
        if (found := promises_in(wording.say(key, language=language, tone=tone, **FILLED)))
    }
    assert promising == {}


@pytest.mark.parametrize(("language", "tone"), [(name, tone) for name in wording.LANGUAGES for tone in TONES])
def test_in_danger_no_number_of_one_country_is_named(language, tone):
    said = wording.say("policy_self_harm", language=language, tone=tone)
    assert not re.search(r"\d", said)


def test_in_danger_it_is_said_that_help_is_near_and_that_a_person_knows():
    said = wording.say("policy_self_harm", language="en", tone="plain")
    assert "the local emergency number helps at once" in said
    assert "a person has been told" in said


def test_a_language_that_is_not_known_is_answered_in_english_and_a_locale_in_its_language():
    assert wording.say("wish", language="xx", tone="plain") == wording.say("wish", language="en", tone="plain")
    assert wording.say("wish", language="de-AT", tone="plain") == wording.say("wish", language="de", tone="plain")
    assert wording.say("wish", language="sv", tone="warm") == wording.say("wish", language="sv", tone="plain")


def test_the_two_tones_differ():
    assert wording.say("wish", language="en", tone="warm") != wording.say("wish", language="en", tone="plain")


def test_a_sentence_that_nobody_wrote_is_a_mistake():
    with pytest.raises(KeyError, match="no_such"):
        wording.say("no_such", language="de", tone="plain")


@pytest.mark.parametrize(
    ("message", "locale", "language"),
    [
        ("Wie kann ich die Jacke waschen?", "en-GB", "de"),
        ("Où est mon colis et quand est-ce que je le reçois ?", "", "fr"),
        ("¿Cómo puedo devolver la chaqueta?", "", "es"),
        ("ok", "it-IT", "it"),
        ("ok", "", "en"),
        ("", "", "en"),
        ("人と話したい", "en", "ja"),
    ],
)
def test_a_customer_is_answered_in_the_language_of_the_message_else_of_the_locale(message, locale, language):
    assert wording.language_of_message(message, locale=locale) == language


def test_names_stand_in_a_row_with_the_word_of_the_language_between():
    assert wording.joined(("“a”", "“b”"), word="or", language="de", tone="plain") == "“a” oder “b”"
    assert wording.joined(("“a”",), word="and", language="en", tone="plain") == "“a”"
