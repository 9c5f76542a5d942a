import pytest

from openbook.errors import ReadError
from openbook.ingest.readers.subtitles import read
from openbook.types import Extract

TALK = """WEBVTT - Setting up
Kind: captions
Language: en

STYLE
::cue { color: red }

NOTE for the editor
of two lines

intro
00:00:01.000 --> 00:00:03.000 align:start position:0%
<v Anna>Hello and <i>welcome</i> &amp; thanks

2
00:00:03.000 --> 00:00:05.000
<v Anna>for <00:00:04.000><c>coming</c>.

3
00:12:03.000 --> 00:12:05.000
<v Ben>Press the button.
<v Anna>Which?

Chapter 2: Billing
01:12:03.000 --> 01:12:05.000
<v Ben>Pay now.
"""


def located(extract: Extract) -> list[tuple[str, str]]:
    return [(block.locator, block.span.of(extract.text)) for block in extract.blocks]


def test_cues_become_paragraphs_with_speaker_and_time():
    extract = read(TALK.encode(), path="talk.vtt")
    assert located(extract) == [
        ("0:01", "Anna: Hello and welcome & thanks for coming."),
        ("12:03", "Ben: Press the button."),
        ("12:03", "Anna: Which?"),
        ("1:12:03", "Chapter 2: Billing"),
        ("1:12:03", "Ben: Pay now."),
    ]
    assert [block.level for block in extract.blocks] == [0, 0, 0, 2, 0]
    assert (extract.metadata.title, extract.metadata.locale) == ("Setting up", "en")


def test_subrip_is_read_even_without_empty_lines():
    text = (
        "1\r\n00:00:01,000 --> 00:00:03,000\r\n{\\an8}<font color=red>First</font>\r\nline\r\n"
        "2\r\n00:00:03,500 --> 00:00:05,000\r\ngoes on.\r\n\r\n"
        "3\r\n00:00:20,000 --> 00:00:21,000\r\nAfter a pause.\r\n"
    )
    assert located(read(text.encode(), path="a.srt")) == [("0:01", "First line goes on."), ("0:20", "After a pause.")]


def cues(*texts: str) -> bytes:
    blocks = (f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{text}" for n, text in enumerate(texts))
    return "\n\n".join(["WEBVTT", *blocks]).encode()


def test_rolling_captions_are_read_once():
    rolling = cues("so today we", "so today we", "so today we\nset up", "set up", "set up\nthe app", "the app\nfor you")
    assert read(rolling, path="a.vtt").text == "so today we set up the app for you"


def test_captions_that_grow_word_by_word_are_read_once():
    assert read(cues("so", "so today", "so today we", "so today we start"), path="a.vtt").text == "so today we start"


def test_a_word_that_is_said_twice_stays():
    assert read(cues("Really?", "No.", "No.", "Why?", "Because.", "I see."), path="a.vtt").text.count("No.") == 2


def test_a_file_of_chapters_is_headings():
    extract = read(
        b"WEBVTT\nKind: chapters\n\n00:00.000 --> 02:00.000\nIntro\n\n02:00.000 --> 04:00.000\nSetup", path="c.vtt"
    )
    assert [(block.level, block.locator) for block in extract.blocks] == [(2, "0:00"), (2, "2:00")]


def test_long_speech_without_full_stops_is_cut_into_paragraphs():
    extract = read(cues(*(f"word {n} and so on and on and on" for n in range(58))), path="a.vtt")
    assert len(extract.blocks) > 1
    assert all(block.span.end - block.span.start < 1_000 for block in extract.blocks)


def test_a_text_without_times_is_refused():
    with pytest.raises(ReadError) as caught:
        read(b"WEBVTT\n\njust words", path="a.vtt")
    assert caught.value.message.startswith("a.vtt holds no subtitles")
    assert "WebVTT" in caught.value.fix
