import pytest

from openbook.ingest.exports.message import message_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Hi</p><ol><li>a</li><li>b &amp; c</li></ol>", "Hi\n\n1. a\n2. b & c"),
        ("a < b and <me@mail.example> wrote", "a < b and <me@mail.example> wrote"),
        ("<div>New</div><div class='gmail_quote'>old</div>", "New"),
        ("<div>New</div><blockquote type='cite'>old</blockquote>", "New"),
        ("New<div style='display:none'>tracking</div>", "New"),
        ("New\n\nOn Mon, 2 Mar 2026 at 09:52, Mira <m@a.example>\nwrote:\n> old", "New"),
        ("Neu\n\nAm 2. März 2026 um 09:52 schrieb Mira <m@a.example>:\nalt", "Neu"),
        ("Nouveau\n\nLe lun. 2 mars 2026 à 09:52, Mira a écrit :\nvieux", "Nouveau"),
        ("Nuevo\n\nEl lun, 2 mar 2026 a las 9:52, Mira escribió:\nviejo", "Nuevo"),
        ("New\n\n-----Original Message-----\nold", "New"),
        ("Neu\n\nVon: A\nGesendet: Montag\nAn: B\nBetreff: C\n\nalt", "Neu"),
        ("> Did you wax it?\nYes.", "Yes."),
        ("It jams.\n\nKind regards\nAda Thornbury\nFernhill", "It jams."),
        ("Es klemmt.\n\nMit freundlichen Grüßen\nB. Kast", "Es klemmt."),
        ("It jams.\n--\nAda", "It jams."),
        ("It jams.\n\nSent from my phone", "It jams."),
        ("Cheers that worked", "Cheers that worked"),
        ("LG TV broken", "LG TV broken"),
        ("", ""),
    ],
)
def test_only_what_the_author_wrote_stays(body, text):
    assert message_text(body) == text
