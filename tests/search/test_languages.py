"""Words of other languages in the keyword index, and which language a text is in."""

import pytest

from openbook.search.languages import guess_language, indexable, language_of, locale_in
from openbook.types import Metadata
from search.shelf import add


def test_english_goes_to_the_index_as_it_is():
    text = "Returns are free, naïve façade, at 10 Downing-Street."
    assert indexable(text, "en") == indexable(text, "") == text


def test_other_languages_meet_by_their_stems_without_accents_and_without_their_commonest_words():
    asked = indexable("cómo los cambios de cuentas", "es").split()
    written = indexable("El cambio de cuenta", "es").split()
    assert asked == written == ["cambi", "cuent"]
    assert indexable("Rückgabe", "de") == indexable("rückgaben", "de").strip() == "ruckgab"


def test_scripts_without_spaces_are_cut_into_pairs():
    assert indexable("忘记密码", "zh").split() == ["忘记", "记密", "密码"]
    assert indexable("Wi-Fi 密码!", "").split() == ["Wi-Fi", "密码", "!"]
    assert indexable("码", "zh").split() == ["码"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I reset my password?", "en"),
        ("¿Cómo puedo cambiar mi contraseña?", "es"),
        ("Comment puis-je changer mon mot de passe ?", "fr"),
        ("Wie kann ich mein Passwort ändern?", "de"),
        ("我忘记了密码", "zh"),
        ("パスワードを忘れました", "ja"),
        ("E4711", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed_by_its_frequent_words_or_its_script(text, language):
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        ("help/faq.es.md", "es"),
        ("help/faq._es.md", "es"),
        ("es/help/faq.md", "es"),
        ("pt_BR/faq.md", "pt-BR"),
        ("help/it/faq.md", ""),
        ("help/faq.md", ""),
        ("es.md", ""),
    ],
)
def test_a_path_names_only_the_locales_that_the_desk_has(path, locale):
    assert locale_in(path, ("en", "es", "pt-BR")) == locale


def test_the_language_of_a_locale_leaves_its_region_out():
    assert (language_of("pt-BR"), language_of("zh_CN"), language_of("")) == ("pt", "zh", "")


def test_a_question_in_another_language_finds_the_articles_in_it(shelf, articles):
    (articles / "a.md").write_text("# Contraseñas\n\nPuede restablecer la contraseña en su perfil.\n", "utf-8")
    (articles / "b.md").write_text("# 密码\n\n在设置中可以重置密码。\n", "utf-8")
    (articles / "c.md").write_text("# Passwords\n\nA password is reset in the profile.\n", "utf-8")
    add(shelf, articles)
    assert shelf.search("no puedo restablecer mis contraseñas")[0].path == "a.md"
    assert shelf.search("怎么重置密码?")[0].path == "b.md"


def test_a_question_in_a_language_that_articles_are_marked_with_stays_among_them(shelf, articles):
    for locale, text in (("es", "El envío cuesta 5 euros."), ("en", "El Envio, our lorry, costs 5 euros.")):
        (articles / locale).mkdir()
        (articles / locale / "a.md").write_text(text, "utf-8")
        add(shelf, articles / locale, Metadata(locale=locale))
    assert {hit.text for hit in shelf.search("cuánto cuesta el envío y por qué")} == {"El envío cuesta 5 euros."}
