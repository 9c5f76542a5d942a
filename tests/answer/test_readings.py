"""A short question that several places fit equally well is asked back about; others are not."""

from dataclasses import replace

from answer.hits import hits_from
from openbook.answer import draft
from openbook.answer.readings import readings

TEXT = "# Text messages\n\nThe code does not work if it is older than ten minutes.\n"
APP = "# Authenticator app\n\nThe code does not work if the clock of the phone is wrong.\n"
OTHER = "# Parcels\n\nParcels leave daily.\n"
QUESTION = "code doesn't work"


def readings_of(question=QUESTION, *, pages=(TEXT, APP), scores=(0.6, 0.55, 0.5), **changes):
    hits = tuple(replace(hit, **changes) for hit in hits_from(*pages, question=question, scores=scores))
    return readings(draft((question,), hits).sections[0])


def test_two_places_that_fit_a_short_question_are_named_the_best_first():
    assert readings_of() == ("Text messages", "Authenticator app")


def test_a_place_without_the_question_s_words_is_no_reading():
    assert readings_of(pages=(TEXT, OTHER)) == ()
    assert readings_of(pages=(TEXT, OTHER, APP)) == ("Text messages", "Authenticator app")


def test_a_place_that_scores_far_less_is_no_reading():
    assert readings_of(scores=(0.6, 0.4)) == ()


def test_a_question_that_says_much_is_not_asked_back_about():
    assert readings_of("code does not work if it is older than ten minutes on the phone clock") == ()


def test_what_is_far_in_meaning_or_was_not_compared_is_no_reading():
    assert readings_of(dense=0.1) == ()
    assert readings_of(dense=None) == ()


def test_the_sections_of_one_article_are_readings_if_their_headings_speak_of_it():
    long = "This section says more than a few words about it, so that it is a piece of its own. " * 3
    page = "# Login\n\n" + "".join(f"## {{}} by {way}\n\nThe code does not work. {long}\n\n" for way in ("text", "app"))
    assert readings_of(pages=(page.format("Code", "Code"),)) == ("Login: Code by text", "Login: Code by app")
    assert readings_of(pages=(page.format("Sent", "Made"),)) == ()


def test_a_question_that_names_a_code_is_clear():
    pages = [f"# {name}\n\nThe error E-2144 means a fault.\n" for name in ("Washers", "Dryers")]
    assert readings_of("error?", pages=pages) == ("Washers", "Dryers")
    assert readings_of("error E-2144?", pages=pages) == ()


def test_two_pieces_of_one_place_are_one_reading():
    assert readings_of(pages=(TEXT, TEXT)) == ()


def test_no_more_than_three_are_offered_and_long_names_are_cut():
    pages = [f"# {name * 30}\n\nThe code does not work.\n" for name in ("Alpha ", "Beta ", "Gamma ", "Delta ")]
    names = readings_of(pages=pages, scores=(0.6, 0.6, 0.6, 0.6))
    assert [name[:5] for name in names] == ["Alpha", "Beta ", "Gamma"]
    assert all(len(name) <= 80 and name.endswith("…") for name in names)


def test_nothing_found_has_no_reading():
    assert readings_of(pages=()) == ()
