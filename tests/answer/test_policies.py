"""Policies: what must go to a person does, in many words and languages; what only sounds like it does not."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.answer import wording
from openbook.answer.policies import ALWAYS, RULES, gives_up, is_angry, judge, wording_of
from openbook.types import USUAL_BEHAVIOUR, Behaviour, Ruling, Signals

TUNING = Path(__file__).parents[2] / "examples" / "shop" / "eval" / "policies-tune.jsonl"
MOST_MISSED = 0.05


FIRST = Signals()


def rule_of(message, behaviour=USUAL_BEHAVIOUR, signals=FIRST):
    ruling = judge(message, behaviour, signals)
    return ruling.rule if ruling else ""


CAUGHT = {
    "self_harm": [
        "I want to kill myself",
        "Please cancel my order. I have decided to end my life.",
        "nobody would care if i was gone tomorrow",
        "I cut myself on purpose again",
        "Ich will nicht mehr leben",
        "J'ai envie de mourir",
        "Quiero quitarme la vida",
        "Non voglio più vivere",
        "Ik wil dood",
        "Chcę się zabić",
        "хочу умереть",
        "死にたい",
        "我不想活了",
    ],
    "threat": [
        "I will burn your warehouse down",
        "I know where your drivers park and I'll be waiting with a bat",
        "One of you is going to get stabbed",
        "Ich bringe euch alle um",
        "Je vais casser la gueule au livreur",
        "Os voy a matar",
        "Vi spacco la faccia",
    ],
    "legal_deadline": [
        "You will be hearing from my solicitor",
        "If I don't have my money by Friday I will take you to the small claims court",
        "I have reported you to Trading Standards",
        "Ich setze Ihnen eine letzte Frist, danach übergebe ich die Sache meinem Anwalt.",
        "Je vous mets en demeure de me rembourser",
        "Mi abogado se pondrá en contacto con ustedes",
    ],
    "data_request": [
        "Please delete all my data",
        "I'd like a copy of all the personal data you hold about me",
        "Subject access request",
        "Bitte löschen Sie alle meine Daten",
        "Je voudrais une copie de mes données",
        "Verwijder al mijn gegevens",
    ],
    "payment_dispute": [
        "I was charged twice",
        "There's a charge from you on my credit card that I didn't make",
        "I've asked my bank for a chargeback",
        "Sie haben zweimal abgebucht",
        "J'ai été débité deux fois",
        "No reconozco este cargo en mi tarjeta",
    ],
    "press": [
        "Who handles media enquiries?",
        "I'm a freelance reporter and would like to ask a few questions about working conditions",
        "Wer ist bei Ihnen für Presseanfragen zuständig?",
        "Je suis journaliste, j'aimerais interviewer votre directeur",
    ],
    "wants_person": [
        "can i talk to a person",
        "Je voudrais parler à un humain",
        "Quiero hablar con un agente",
        "Posso parlare con un operatore?",
        "Ik wil een mens spreken",
        "Quero falar com uma pessoa",
        "Chcę rozmawiać z konsultantem",
        "İnsanla görüşmek istiyorum",
        "Jag vill prata med en människa",
        "Jeg vil tale med en medarbejder",
        "Haluan puhua ihmisen kanssa",
        "Chci mluvit s člověkem",
        "Хочу поговорить с оператором",
        "أريد التحدث إلى موظف",
        "转人工",
        "人と話したい",
        "상담원 연결해 주세요",
    ],
    "advice_health": [
        "Can I hike with a torn meniscus?",
        "My daughter swallowed a silica gel sachet, is that poisonous?",
        "Ich bin schwanger, darf ich noch bergsteigen?",
        "¿Es peligroso usar la mochila si estoy embarazada?",
    ],
    "advice_law": [
        "Can I sue the courier?",
        "Do I have a legal claim against the carrier?",
        "Habe ich ein Recht auf Schadensersatz?",
        "Quels sont mes droits en cas de défaut ?",
    ],
    "advice_money": [
        "Should I invest in your company?",
        "Is the tent tax deductible?",
        "Kann ich die Jacke von der Steuer absetzen?",
    ],
    "anger": [
        "This is an absolute disgrace. I am furious.",
        "You are a bunch of incompetent idiots!!!",
        "Ich habe die Schnauze voll von euch",
        "C'est scandaleux, vous vous moquez du monde !!",
    ],
}
PASSED = [
    "Can I return the crutches bag if my operation is postponed?",
    "I broke my arm and can't come to the store, can you extend my return window?",
    "I'm allergic to wool: which base layers are wool free?",
    "Which pack do you recommend for people with a bad back?",
    "I cut myself on the sharp edge of the pot, is that a known fault?",
    "These boots are killing me, can I exchange them for a wider size?",
    "I'd kill for that jacket in green, when is it back?",
    "My battery is dead after 3 days",
    "I want to end it, my membership",
    "How do I set fire to the solid fuel?",
    "My tent was destroyed in a storm, is that covered?",
    "My solicitor's office will accept the parcel",
    "Is your warehouse near the courthouse?",
    "What's the deadline to return Christmas gifts?",
    "How long is the legal guarantee?",
    "How do I delete my account?",
    "How do I unsubscribe from the newsletter?",
    "Please send me a copy of my invoice",
    "Are you GDPR compliant?",
    "When will my card be charged?",
    "Why was my payment declined?",
    "My card was stolen last month, I have a new one. How do I update it?",
    "I need a quote for 20 jackets by Friday",
    "I read in the Guardian about your recycling scheme, how does it work?",
    "Does the tent have a press stud or a zip?",
    "Can someone else collect my parcel?",
    "Do I pay customs duty for Norway?",
    "Does the price include VAT?",
    "It's ridiculous how good this jacket is!",
    "HELLO WHERE IS MY ORDER",
    "My order is late, I'm a bit disappointed. When will it arrive?",
    "You idiots, where is my parcel?",
    "Wo finde ich das Widerrufsformular?",
    "Wie lösche ich mein Konto?",
    "Puis-je payer en trois fois ?",
    "¿Puedo cambiar la talla?",
    "",
]


@pytest.mark.parametrize(("rule", "message"), [(rule, message) for rule, said in CAUGHT.items() for message in said])
def test_what_a_policy_is_for_goes_to_a_person(rule, message):
    assert rule_of(message) == rule


@pytest.mark.parametrize("message", PASSED)
def test_what_only_sounds_like_it_is_answered(message):
    assert rule_of(message) == ""


def test_of_the_messages_that_the_rules_were_developed_on_few_are_judged_wrongly():
    rows = [json.loads(line) for line in TUNING.read_text("utf-8").splitlines()]
    wrong = [row["id"] for row in rows if (rule_of(row["text"]) or "none") != row["rule"]]
    assert len(wrong) <= MOST_MISSED * len(rows), wrong


def test_a_ruling_says_why_and_where_to():
    assert judge("I want to kill myself", USUAL_BEHAVIOUR, Signals()) == Ruling(
        "self_harm", "The customer speaks of somebody's wish to die or of self-harm.", "safety"
    )
    assert judge("Please delete all my data", USUAL_BEHAVIOUR, Signals()).queue == "privacy"


def test_danger_to_life_comes_before_everything_else():
    message = "I was charged twice, let me talk to a human or my lawyer will sue you. I want to kill myself."
    assert rule_of(message) == "self_harm"


def test_what_has_a_queue_of_its_own_comes_before_the_wish_for_a_person():
    assert rule_of("Let me talk to a human, I was charged twice") == "payment_dispute"
    assert rule_of("Let me talk to a human, can I sue the courier?") == "wants_person"


def test_every_policy_can_be_switched_off_but_the_one_for_danger_to_life():
    behaviour = Behaviour(off=tuple(RULES))
    for rule, said in CAUGHT.items():
        expected = rule if rule == ALWAYS else ""
        assert {rule_of(message, behaviour) for message in said} == {expected}


def test_switching_one_policy_off_leaves_the_others():
    assert rule_of("Let me talk to a human, I was charged twice", Behaviour(off=("payment_dispute",))) == "wants_person"


NEVER = Behaviour(never=("recall", "gas cartridge", "Crème brûlée", "battery", "電池", "  ", "C++"))


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("Is there a RECALL of the stove?", "recall"),
        ("what about the recalls", "recall"),
        ("Do you ship gas\ncartridges?", "gas cartridge"),
        ("creme brulee, please", "Crème brûlée"),
        ("Which batteries?", "battery"),
        ("新しい電池はありますか", "電池"),
    ],
)
def test_a_topic_that_is_never_answered_is_found_whole_in_any_case_without_accents_and_in_the_plural(message, topic):
    ruling = judge(message, NEVER, Signals())
    assert (ruling.rule, ruling.reason) == (
        "never",
        f"The message is about “{topic}”, which is never answered automatically.",
    )


@pytest.mark.parametrize("message", ["I recalled my password", "gas for a cartridge", "a batteryless torch", ""])
def test_a_topic_inside_another_word_or_with_words_between_is_none(message):
    assert rule_of(message, NEVER) == ""


def test_a_second_angry_message_goes_to_a_person_though_it_would_not_alone():
    message = "You idiots, where is my parcel?"
    assert is_angry(message)
    assert rule_of(message) == ""
    assert rule_of(message, signals=Signals(anger=1)) == "anger"
    assert rule_of("Where is my parcel?", signals=Signals(anger=3)) == ""


def test_a_calm_message_is_not_angry():
    assert not is_angry("Where is my parcel? I have been waiting for a week, thank you!")


def test_a_person_is_fetched_after_so_many_messages_without_an_answer():
    assert gives_up(USUAL_BEHAVIOUR, Signals(failures=0)) is None
    assert gives_up(USUAL_BEHAVIOUR, Signals(failures=1)) == Ruling("failures", "2 messages in a row got no answer.")
    assert gives_up(Behaviour(failures=1), Signals()).rule == "failures"


@pytest.mark.parametrize("behaviour", [Behaviour(failures=0), Behaviour(off=("failures",))])
def test_nobody_is_fetched_where_that_is_switched_off(behaviour):
    assert gives_up(behaviour, Signals(failures=9)) is None


def test_every_policy_has_a_line_of_its_own_and_a_sentence_for_the_customer():
    assert set(CAUGHT) | {"never", "failures"} == set(RULES)
    assert all(about.endswith(".") for about in RULES.values())
    assert {wording_of(rule) for rule in RULES} <= set(wording.every_key())
    assert wording_of("a rule of long ago") == "hand_off"


@given(st.text(max_size=300))
def test_any_text_is_judged(text):
    assert rule_of(text) in {"", *RULES}
    assert is_angry(text) in (True, False)


@settings(max_examples=20)
@given(st.text(min_size=1, max_size=12), st.sampled_from((5_000, 1_000_000)))
def test_a_text_of_any_length_is_judged(words, length):
    text = (words * (length // len(words) + 1))[:length]
    assert rule_of(text) in {"", *RULES}


def test_of_a_long_message_both_ends_are_read():
    filling = "The tent is green. " * 60_000
    assert rule_of(f"I want to kill myself. {filling}") == "self_harm"
    assert rule_of(f"{filling} I want to kill myself.") == "self_harm"
    assert rule_of(f"{filling} I want to kill myself. {filling}") == ""


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=60))
def test_any_topics_can_be_forbidden(never, message):
    assert rule_of(message, Behaviour(never=tuple(never))) in {"", *RULES}
