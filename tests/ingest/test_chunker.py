import pytest

from openbook.ingest.chunker import chunk
from openbook.ingest.embedding_text import embedding_text
from openbook.ingest.readers.markdown import read
from openbook.types import BlockKind, Chunk, Extract

SENTENCE = "The parcel leaves our warehouse on the next working day after your order. "


def extract_of(markdown: str) -> Extract:
    return read(markdown.encode(), path="page.md")


def texts(markdown: str) -> list[str]:
    extract = extract_of(markdown)
    return [each.span.of(extract.text) for each in chunk(extract)]


def chunks(markdown: str) -> tuple[Chunk, ...]:
    return chunk(extract_of(markdown))


def prose(characters: int) -> str:
    return (SENTENCE * (characters // len(SENTENCE) + 1))[:characters].rsplit(" ", 1)[0] + "."


def test_a_heading_belongs_to_the_chunk_below_it():
    first, second = texts(f"# Page\n\n{prose(300)}\n\n## Part\n\n{prose(300)}")
    assert first.startswith("Page\n\nThe parcel")
    assert second.startswith("Part\n\nThe parcel")


def test_the_heading_path_leaves_out_the_title():
    paths = [each.heading_path for each in chunks(f"# Page\n\n{prose(300)}\n\n## Part\n\n### Detail\n\n{prose(300)}")]
    assert paths == [(), ("Part", "Detail")]


def test_a_main_heading_that_is_not_the_title_stays_in_the_path():
    paths = [each.heading_path for each in chunks(f"---\ntitle: Other\n---\n# Page\n\n{prose(300)}")]
    assert paths == [("Page",)]


def test_a_heading_without_text_goes_with_the_next_chunk():
    (only,) = texts("## Part\n\n### Detail\n\nText of the detail.")
    assert only == "Part\n\nDetail\n\nText of the detail."


def test_headings_at_the_end_are_a_chunk_of_their_own():
    assert chunks(f"{prose(300)}\n\n## Last")[-1].kind is BlockKind.HEADING


def test_blocks_of_a_section_are_packed_up_to_the_target():
    lengths = [len(text) for text in texts("\n\n".join([prose(300)] * 4))]
    assert lengths == [len(prose(300)) * 2 + 2] * 2


def test_a_long_paragraph_is_cut_between_sentences():
    parts = texts(prose(3_000))
    assert len(parts) == 5
    assert all(part.endswith(".") and len(part) <= 1_200 for part in parts)


def test_a_sentence_without_end_is_cut_at_white_space():
    parts = texts("word " * 600)
    assert all(len(part) <= 1_200 and set(part.split()) == {"word"} for part in parts)


def test_a_word_without_end_is_cut_hard():
    assert "".join(texts("x" * 5_000)) == "x" * 5_000


def test_steps_stay_whole_up_to_a_third_over_the_limit():
    steps = "\n".join(f"{number}. {prose(140)}" for number in range(1, 11))
    (only,) = chunks(steps)
    assert only.kind is BlockKind.STEPS
    assert 1_200 < only.span.end <= 1_600
    assert len(only.sentences) == 10


def test_longer_steps_are_cut_between_items():
    parts = texts("\n".join(f"{number}. {prose(140)}" for number in range(1, 31)))
    assert all(part[0].isdigit() and len(part) <= 1_200 for part in parts)


def test_a_cut_table_names_its_header_in_every_part():
    table = "| Zone | Price |\n| --- | --- |\n" + "\n".join(f"| {prose(60)} | {number} |" for number in range(60))
    extract = extract_of(table)
    parts = chunk(extract)
    assert len(parts) > 3
    assert {each.header.of(extract.text) for each in parts} == {"Zone | Price"}
    assert embedding_text("", extract.text, parts[1]).startswith("Zone | Price\nThe parcel")
    assert embedding_text("", extract.text, parts[0]).count("Zone | Price") == 1


def test_a_lead_in_goes_with_what_it_leads_to():
    steps = "\n".join(f"{number}. {prose(70)}" for number in range(1, 9))
    before, after = texts(f"{prose(500)}\n\nTo send it back:\n\n{steps}")
    assert not before.endswith(":")
    assert after.startswith("To send it back:\n\n1. ")


def test_a_tiny_rest_joins_its_section():
    (only,) = texts(f"{prose(650)}\n\n{prose(90)}")
    assert len(only) > 700


def test_very_short_siblings_share_a_chunk_under_their_parent():
    (only,) = chunks("## Stores\n\n### York\n\nOpen daily.\n\n### Bath\n\nClosed on Sunday.")
    assert only.heading_path == ("Stores",)


@pytest.mark.parametrize("second", ["## Bath?\n\nYes.", "### Bath\n\nYes.", f"## Bath\n\n{prose(300)}"])
def test_questions_children_and_longer_sections_are_not_joined(second):
    assert len(chunks(f"## York?\n\nOpen daily.\n\n{second}")) == 2


def test_sentences_are_lines_items_and_rows():
    extract = extract_of(
        "# Page\n\nOne. Two.\n\n- a\n- b\n\n| A | B |\n| - | - |\n| 1 | 2 |\n\n```\nx = 1\n\ny = 2\n```"
    )
    (only,) = chunk(extract)
    found = [span.of(extract.text) for span in only.sentences]
    assert found == ["Page", "One.", "Two.", "- a", "- b", "A | B", "1 | 2", "x = 1", "y = 2"]


def test_a_long_item_is_cut_into_sentences():
    extract = extract_of(f"- {prose(500)}\n- short. Yes.")
    found = [span.of(extract.text) for span in chunk(extract)[0].sentences]
    assert found[0] == f"- {SENTENCE.strip()}"
    assert found[-1] == "- short. Yes."


def test_the_embedding_text_puts_the_outline_before_the_text():
    extract = extract_of(f"# Page\n\nIntro.\n\n## Part\n\n{prose(650)}\n\n{prose(650)}")
    intro, first, second = chunk(extract)
    assert embedding_text("Page", extract.text, intro) == "Page\n\nIntro."
    assert embedding_text("Page", extract.text, first) == f"Page\nPart\n\n{prose(650)}"
    assert embedding_text("Page", extract.text, second) == f"Page\nPart\n{prose(650)}"


def test_an_empty_extract_has_no_chunks():
    assert chunk(Extract("", ())) == ()
