"""Keeping sources in step with their folders: what is read, what is kept, what is said of the rest."""

import os

import pytest

from openbook.errors import NotFound, UserError
from openbook.types import Metadata
from search.shelf import REFUNDS, SECRET, SHIPPING, CountingEmbedder, Shelf, add, outcomes, reason, write


def test_a_folder_is_read_and_its_articles_are_found(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    report = add(shelf, articles)
    assert outcomes(report) == {"refunds.md": "read", "shipping.md": "read"}
    assert shelf.search("refund")[0].path == "refunds.md"
    [source] = shelf.sources()
    assert (source.location, source.kind, source.documents, source.notice) == (str(articles), "folder", 2, "")
    assert report.source_ids == (source.id,)


def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING, empty="")
    (articles / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    (articles / "film.mp4").write_bytes(b"\x00\x01")
    (articles / "gone.md").symlink_to(articles / "nowhere.md")
    report = add(shelf, articles)
    read = [file.path for file in report.files if file.outcome == "read"]
    skipped = {file.path: file.reason for file in report.files if file.outcome == "skipped"}
    assert {"refunds.md", "shipping.md"} <= set(read)
    assert {"broken.pdf", "film.mp4", "gone.md"} <= set(skipped)
    assert "unsupported kind" in skipped["film.mp4"]
    assert all(skipped.values())
    assert set(shelf.paths()) == set(read)


def test_a_single_file_is_a_source_of_its_own(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles / "refunds.md")
    assert shelf.paths() == ["refunds.md"]
    assert [source.kind for source in shelf.sources()] == ["file"]


def test_nothing_there_is_the_users_mistake_and_makes_no_source(shelf, tmp_path):
    with pytest.raises(UserError, match="There is nothing at"):
        add(shelf, tmp_path / "nowhere")
    assert shelf.sources() == []


def test_progress_is_told_up_to_all_files(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    told = []
    shelf.sync.add("main", articles, Metadata(), progress=told.append)
    assert (told[-1].done, told[-1].total, told[-1].unit) == (2, 2, "files")


def test_what_a_source_says_holds_where_its_documents_say_nothing(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=f"---\nlocale: de\naudience: partner\n---\n{SHIPPING}")
    add(shelf, articles, Metadata(audiences=("staff",), locale="en", product="app"))
    [refunds] = shelf.search("refund", audiences=("staff",))
    assert refunds.path == "refunds.md"
    assert shelf.search("refund") == ()
    assert [hit.path for hit in shelf.search("parcel", audiences=("partner",), locale="de")] == ["shipping.md"]
    assert [hit.path for hit in shelf.search("refund", audiences=("staff",), locale="de")] == []


def test_reading_again_what_did_not_change_encodes_and_writes_nothing(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    shelf.embedder.texts.clear()
    before = shelf.states()
    os.utime(articles / "refunds.md", (1, 1))
    for report in (shelf.sync.sync("main"), add(shelf, articles)):
        assert outcomes(report) == {"refunds.md": "unchanged", "shipping.md": "unchanged"}
        assert all(file.document_id and file.version == 1 for file in report.files)
    assert shelf.embedder.texts == []
    assert shelf.states() == before


def test_the_same_text_in_two_files_is_encoded_once_and_shown_once(shelf, articles):
    write(articles, one=REFUNDS, two=REFUNDS)
    ids = {file.path: file.document_id for file in add(shelf, articles).files}
    assert len(shelf.embedder.texts) == 1
    [hit] = shelf.search("refund")
    assert (hit.path, hit.same_as) == ("one.md", (ids["two.md"],))


def test_a_text_that_comes_back_is_not_encoded_again(shelf, articles):
    for text in (REFUNDS, SHIPPING, REFUNDS):
        write(articles, article=text)
        add(shelf, articles)
    assert len(shelf.embedder.texts) == 2


def test_a_changed_file_has_a_new_live_version_and_the_old_one_is_superseded(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    write(articles, refunds=REFUNDS.replace("three", "nine"))
    report = shelf.sync.sync("main")
    assert [(file.outcome, file.version) for file in report.files] == [("read", 2)]
    assert shelf.states() == {"refunds.md": ["superseded", "live"]}
    assert "nine days" in " ".join(shelf.found("refund"))
    assert "three days" not in " ".join(shelf.found("refund"))
    assert shelf.index.ids("main") == shelf.live_chunk_ids()


def test_the_superseded_text_stays_for_auditors(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    write(articles, refunds=REFUNDS.replace("three", "nine"))
    [file] = shelf.sync.sync("main").files
    old, new = shelf.versions(file.document_id)
    assert "three" in old.source_text
    assert "nine" in new.source_text


def test_new_defaults_make_new_versions_of_unchanged_files(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    report = add(shelf, articles, Metadata(audiences=("staff",)))
    assert outcomes(report) == {"refunds.md": "read"}
    assert shelf.search("refund") == ()
    assert len(shelf.search("refund", audiences=("staff",))) == 1


def test_a_removed_file_is_withdrawn(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    (articles / "refunds.md").unlink()
    report = shelf.sync.sync("main")
    assert outcomes(report) == {"refunds.md": "removed", "shipping.md": "unchanged"}
    assert shelf.paths() == ["shipping.md"]
    assert all(hit.path == "shipping.md" for hit in shelf.search("refund"))
    assert shelf.index.ids("main") == shelf.live_chunk_ids()


def test_a_file_that_comes_back_serves_again_as_the_same_document(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    first = {file.path: file.document_id for file in add(shelf, articles).files}
    (articles / "refunds.md").unlink()
    shelf.sync.sync("main")
    write(articles, refunds=REFUNDS)
    [back] = [file for file in shelf.sync.sync("main").files if file.path == "refunds.md"]
    assert (back.outcome, back.document_id, back.version) == ("read", first["refunds.md"], 2)
    assert shelf.search("refund")[0].path == "refunds.md"


def test_an_emptied_folder_keeps_its_last_good_state_and_says_so(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    (articles / "refunds.md").unlink()
    report = shelf.sync.sync("main")
    assert outcomes(report) == {"refunds.md": "skipped"}
    assert "empty now" in reason(report, "refunds.md")
    assert shelf.search("refund")[0].path == "refunds.md"
    [source] = shelf.sources()
    assert "keep their last good state" in source.notice


def test_a_vanished_folder_keeps_its_last_good_state_and_says_so(shelf, articles, tmp_path):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    articles.rename(tmp_path / "elsewhere")
    report = shelf.sync.sync("main")
    assert outcomes(report) == {str(articles): "skipped"}
    assert shelf.search("refund")[0].path == "refunds.md"
    [source] = shelf.sources()
    assert "There is nothing at" in source.notice
    assert "1 documents keep their last good state" in source.notice


def test_the_notice_goes_when_the_folder_is_back(shelf, articles, tmp_path):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    articles.rename(tmp_path / "elsewhere")
    shelf.sync.sync("main")
    (tmp_path / "elsewhere").rename(articles)
    shelf.sync.sync("main")
    assert shelf.sources()[0].notice == ""


def test_a_vanished_source_does_not_keep_the_others_from_being_read(shelf, articles, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write(articles, refunds=REFUNDS)
    write(other, shipping=SHIPPING)
    add(shelf, articles)
    add(shelf, other)
    articles.rename(tmp_path / "elsewhere")
    write(other, shipping=SHIPPING.replace("two", "four"))
    shelf.sync.sync("main")
    assert "four days" in " ".join(shelf.found("parcel"))
    assert "three days" in " ".join(shelf.found("refund"))


def test_a_file_that_turned_unreadable_keeps_its_last_good_version(shelf, articles):
    (articles / "refunds.html").write_text(f"<h1>Refunds</h1><p>{SECRET}</p>", "utf-8")
    (articles / "shipping.md").write_text(SHIPPING, "utf-8")
    add(shelf, articles)
    (articles / "refunds.html").write_bytes(b"\x00\x01\x02" * 100)
    report = shelf.sync.sync("main")
    assert outcomes(report) == {"refunds.html": "skipped", "shipping.md": "unchanged"}
    assert "last good version (1) keeps serving" in reason(report, "refunds.html")
    assert shelf.search("quokka lantern")[0].text.endswith(SECRET)


def test_one_source_is_read_again_by_its_id_or_location(shelf, articles, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write(articles, refunds=REFUNDS)
    write(other, shipping=SHIPPING)
    add(shelf, articles)
    [other_id] = add(shelf, other).source_ids
    assert outcomes(shelf.sync.sync("main", str(articles))) == {"refunds.md": "unchanged"}
    assert outcomes(shelf.sync.sync("main", other_id)) == {"shipping.md": "unchanged"}


def test_an_unknown_source_is_named_with_the_command_that_lists_them(shelf):
    with pytest.raises(NotFound, match="There is no source 'nowhere'") as caught:
        shelf.sync.sync("main", "nowhere")
    assert "openbook sources" in caught.value.fix


def test_a_file_in_a_folder_that_is_a_source_is_read_as_part_of_it(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    write(articles, shipping=SHIPPING)
    report = add(shelf, articles / "shipping.md")
    assert outcomes(report) == {"shipping.md": "read"}
    assert len(shelf.sources()) == 1
    assert shelf.paths() == ["refunds.md", "shipping.md"]


def test_many_files_are_published_in_groups_and_all_of_them_are_live(shelf, articles):
    for number in range(300):
        (articles / f"{number:03}.txt").write_text(f"Article number {number} is about order{number}.", "utf-8")
    report = add(shelf, articles)
    assert report.count("read") == 300
    assert [file.path for file in report.files] == [f"{number:03}.txt" for number in range(300)]
    assert shelf.index.count("main") == 300
    assert shelf.search("order217")[0].path == "217.txt"


def test_an_encoder_that_fails_stops_the_sync_and_leaves_what_serves(tmp_path, articles):
    class BrokenEmbedder(CountingEmbedder):
        def embed_passages(self, passages):
            if any("nine" in passage.text for passage in passages):
                raise RuntimeError("out of memory")
            return super().embed_passages(passages)

    shelf = Shelf.open(tmp_path / "shelf", embedder=BrokenEmbedder())
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    write(articles, refunds=REFUNDS.replace("three", "nine"))
    with pytest.raises(RuntimeError, match="out of memory"):
        shelf.sync.sync("main")
    assert "three days" in " ".join(shelf.found("refund"))
    shelf.close()
