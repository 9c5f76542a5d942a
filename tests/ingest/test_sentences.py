import pytest

from openbook.ingest.sentences import split_sentences
from openbook.types import Span


@pytest.mark.parametrize(
    "marked",
    [
        "Use e.g. the app.| It costs £4.99.| Version 2.4.1 is out.",
        "Call from 9 a.m. to 5 p.m. on weekdays.| We close at 6 p.m.| Then we rest.",
        "Open at 7:40 a.m. ET.| Closed on Sunday.",
        "Kauf am 3. März.| Lieferung z. B. bis Freitag bzw. Montag.| Das dauert ca. 3 Tage.",
        "Bestell-Nr. 5, d. h. am 1. Werktag.| Danach nicht.",
        "1. Open it.| 2. Close it.",
        "Pay 5.| Then go.",
        "He said “Stop.”| Then he left.| (It works.)| Yes!",
        "'Really?' he asked.| Wow!!| Go.",
        "これはペンです。|本当？|はい！",
        "「はい。」|次",
        "See https://a.b/c.d?x=1.| Mail a.b@c.example now.| Dr. Smith is No. 5 in approx. 3 days.",
        "The answer is no.| Ask again.| At most 5 min.| Then stop.",
        "Wait... what?| OK…| Fine",
        "Made by Fernhill Ltd. in York.| Sold by Fernhill Inc.| Made well.",
        "J. R. Smith wrote it.| So did I.| Nobody else.",
        "no end mark at all",
        "Important\n|Read this first\n|and then this.",
        "¿Cómo?| ¡Así!",
    ],
)
def test_sentences_end_where_a_person_would_end_them(marked):
    text = marked.replace("|", "")
    assert [span.of(text) for span in split_sentences(text)] == [part.strip() for part in marked.split("|")]


def test_only_the_given_range_is_split():
    text = "One. Two. Three."
    assert split_sentences(text, Span(5, 16)) == (Span(5, 9), Span(10, 16))


def test_white_space_has_no_sentences():
    assert split_sentences(" \n ") == ()
