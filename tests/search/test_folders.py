"""Folders read again: what is not opened, what moved, what is gone, and how a reading is stopped."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from openbook.errors import Busy, DiskFull, ReadError
from openbook.search.folders import stat_of
from openbook.stores import catalogue
from openbook.stores.sightings import get_sightings, put_sightings
from openbook.types import Metadata, SourceOptions
from search.shelf import REFUNDS, SHIPPING, add, outcomes, reason, write

OPENED = []
LISTENING = []


@sys.addaudithook
def note_what_is_opened(event, arguments):
    """Python tells its audit hooks of every file that it opens."""
    if event == "open" and LISTENING:
        OPENED.append(str(arguments[0]))


@pytest.fixture
def opened():
    """The names of the files that are opened from here on."""
    OPENED.clear()
    LISTENING.append(True)
    yield OPENED
    LISTENING.clear()


def make_old(shelf):
    """Lets the last reading be long after the files were written, so that their times can be trusted."""
    [source] = shelf.sources()
    with shelf.database.read() as connection:
        seen = get_sightings(connection, "main", source.id).values()
    later = [replace(item, seen_at=item.seen_at + timedelta(hours=1)) for item in seen]
    shelf.database.write(lambda connection: put_sightings(connection, "main", source.id, later))


def sync(shelf, **options):
    return shelf.sync.sync("main", **options)


def articles_file(folder, **texts):
    """A file that holds many documents."""
    records = [{"id": name, "title": name.title(), "body": text} for name, text in texts.items()]
    (folder / "faq.json").write_text(json.dumps(records), "utf-8")


def documents(shelf):
    with shelf.database.read() as connection:
        return {item.path: item for item in catalogue.list_documents(connection, "main")}


# ------------------------------------------------------------------ unchanged


def test_what_did_not_change_is_not_even_opened(shelf, articles, opened):
    write(articles, refunds=REFUNDS)
    articles_file(articles, gifts="A gift is wrapped for free.", post="Parcels leave daily.")
    (articles / "C#").mkdir()
    write(articles / "C#", sharp=SHIPPING)
    first = add(shelf, articles)
    assert any(name.endswith("refunds.md") for name in opened)
    make_old(shelf)
    opened.clear()
    again = sync(shelf)
    assert set(outcomes(again).values()) == {"unchanged"}
    assert {(file.path, file.document_id) for file in again.files} == {
        (file.path, file.document_id) for file in first.files
    }
    assert [name for name in opened if str(articles) in name] == []


def test_an_edit_that_keeps_size_and_time_is_noticed(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    make_old(shelf)
    before = (articles / "refunds.md").stat()
    (articles / "refunds.md").write_text(REFUNDS.replace("three", "seven"), "utf-8")
    os.utime(articles / "refunds.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (articles / "refunds.md").stat().st_size == before.st_size
    assert outcomes(sync(shelf)) == {"refunds.md": "read"}
    assert "seven days" in shelf.found("refund")[0]


def test_times_say_nothing_of_a_file_that_changed_just_before_it_was_read(articles):
    write(articles, refunds=REFUNDS)
    place, now = articles / "refunds.md", datetime.now(UTC)
    assert stat_of(place) == stat_of(place, before=now + timedelta(seconds=10)) != ""
    assert stat_of(place, before=now) == ""
    assert stat_of(articles / "nowhere.md") == ""


def test_new_defaults_are_applied_to_files_whose_times_are_the_same(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    make_old(shelf)
    assert outcomes(add(shelf, articles, Metadata(audiences=("staff",)))) == {"refunds.md": "read"}
    assert shelf.search("refund") == ()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_files_of_a_git_checkout_are_as_old_as_their_last_commit(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=f"---\nupdated_at: 2026-02-01\n---\n{SHIPPING}")
    named = {f"GIT_{who}_{what}": "A" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for words in ("init --quiet", "add .", "commit --quiet --message x"):
        environment = os.environ | named | {"GIT_COMMITTER_DATE": "2024-01-02T03:04:05Z"}
        subprocess.run(["git", *words.split()], cwd=articles, env=environment, check=True)
    add(shelf, articles)
    moments = {path: item.updated_at for path, item in documents(shelf).items()}
    assert moments == {
        "refunds.md": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "shipping.md": datetime(2026, 2, 1, tzinfo=UTC),
    }


# ---------------------------------------------------------------------- moves


def test_a_moved_file_keeps_its_document_and_its_history(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    first = {file.path: file.document_id for file in add(shelf, articles).files}
    (articles / "help").mkdir()
    (articles / "refunds.md").rename(articles / "help" / "money.md")
    report = sync(shelf)
    assert outcomes(report) == {"help/money.md": "moved", "shipping.md": "unchanged"}
    assert reason(report, "help/money.md") == "it was refunds.md"
    [hit] = [hit for hit in shelf.search("refund") if "refund" in hit.text]
    assert (hit.document_id, hit.path) == (first["refunds.md"], "help/money.md")
    assert [version.state for version in shelf.versions(hit.document_id)] == ["superseded", "live"]
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    assert outcomes(sync(shelf)) == {"help/money.md": "unchanged", "shipping.md": "unchanged"}


@pytest.mark.parametrize("others", [0, 1])
def test_a_moved_and_edited_file_is_a_new_document(shelf, articles, others):
    write(articles, refunds=REFUNDS, **{f"other{number}": SHIPPING for number in range(others)})
    first = {file.path: file.document_id for file in add(shelf, articles).files}
    (articles / "refunds.md").unlink()
    write(articles, money=REFUNDS.replace("three", "nine"))
    report = sync(shelf)
    assert outcomes(report)["money.md"] == "read"
    assert outcomes(report)["refunds.md"] == "removed"
    assert documents(shelf)["money.md"].id != first["refunds.md"]
    assert "three days" not in " ".join(shelf.found("refund"))


# ----------------------------------------------------------------------- gone


def test_when_most_is_gone_at_once_it_serves_until_it_is_gone_again(shelf, articles):
    write(articles, **{f"a{number}": f"# A{number}\n\nArticle order{number}." for number in range(30)})
    add(shelf, articles)
    for number in range(25):
        (articles / f"a{number}.md").unlink()
    report = sync(shelf)
    assert (report.count("skipped"), report.count("removed")) == (25, 0)
    assert report.notices == ("25 of 30 documents are gone at once; they keep serving until a second sync.",)
    assert shelf.sources()[0].notice == report.notices[0]
    assert len(shelf.paths()) == 30
    assert sync(shelf).count("removed") == 25
    assert len(shelf.paths()) == 5
    assert shelf.sources()[0].notice == ""


def test_what_was_gone_once_and_is_back_counts_as_there(shelf, articles):
    texts = {f"a{number}": f"# A{number}\n\nArticle order{number}." for number in range(30)}
    write(articles, **texts)
    add(shelf, articles)
    for number in range(25):
        (articles / f"a{number}.md").unlink()
    sync(shelf)
    write(articles, **texts)
    assert sync(shelf).count("unchanged") == 30
    for number in range(25):
        (articles / f"a{number}.md").unlink()
    assert sync(shelf).count("removed") == 0


# ---------------------------------------------------------------------- parts


def test_the_parts_of_a_file_change_and_go_one_by_one(shelf, articles):
    texts = {"gifts": "A gift is wrapped for free.", "post": "Parcels leave daily.", "shop": "The shop opens at nine."}
    articles_file(articles, **texts)
    first = add(shelf, articles)
    assert first.count("read") == 3
    ids = {path: item.id for path, item in documents(shelf).items()}
    [post] = [path for path in ids if path.endswith("post")]
    articles_file(articles, **(texts | {"post": "Parcels leave twice a day."}))
    report = sync(shelf)
    assert {path for path, outcome in outcomes(report).items() if outcome == "read"} == {post}
    assert {path: item.version for path, item in documents(shelf).items()} == {
        path: 2 if path == post else 1 for path in ids
    }
    articles_file(articles, gifts=texts["gifts"], shop=texts["shop"])
    report = sync(shelf)
    assert outcomes(report)[post] == "removed"
    assert {path: item.id for path, item in documents(shelf).items()} == {
        path: identifier for path, identifier in ids.items() if path != post
    }


@pytest.mark.parametrize(
    "broken", ["", '[{"id": "gifts", "title": "Gifts", "body": "A gift is wrapp', '{"a": 1}', "cut"]
)
def test_a_broken_file_keeps_every_document_that_it_held(shelf, articles, broken):
    write(articles, refunds=REFUNDS)
    articles_file(articles, gifts="A gift is wrapped for free.", post="Parcels leave daily.", shop="It opens at nine.")
    add(shelf, articles)
    before = {path: item.id for path, item in documents(shelf).items()}
    whole = (articles / "faq.json").read_text("utf-8")
    (articles / "faq.json").write_text(broken if broken != "cut" else whole[: len(whole) // 2], "utf-8")
    assert "skipped" in outcomes(sync(shelf)).values()
    assert {path: item.id for path, item in documents(shelf).items()} == before
    (articles / "faq.json").write_text(whole, "utf-8")
    assert set(outcomes(sync(shelf)).values()) == {"unchanged"}


def test_a_part_that_was_removed_by_hand_stays_away_until_its_file_is_added(shelf, articles):
    articles_file(articles, gifts="A gift is wrapped for free.", post="Parcels leave daily.")
    add(shelf, articles)
    [post] = [path for path in documents(shelf) if path.endswith("post")]
    shelf.removal.remove("main", post)
    articles_file(articles, gifts="A gift is wrapped for free.", post="Parcels leave twice a day.")
    report = sync(shelf)
    assert outcomes(report)[post] == "skipped"
    assert post not in documents(shelf)
    add(shelf, articles / "faq.json")
    assert post in documents(shelf)
    assert outcomes(sync(shelf))[post] == "unchanged"


@pytest.mark.parametrize("name", ["C#.md", "C#/C.md", "C.md#/C.md"])
def test_a_name_with_the_mark_of_parts_is_a_name_like_others(shelf, articles, name):
    write(articles, C=SHIPPING)
    place = articles / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(REFUNDS, "utf-8")
    add(shelf, articles)
    assert set(shelf.paths()) == {"C.md", name}
    place.write_text(REFUNDS.replace("three", "nine"), "utf-8")
    assert outcomes(sync(shelf)) == {"C.md": "unchanged", name: "read"}
    (articles / "C.md").unlink()
    assert outcomes(sync(shelf)) == {"C.md": "removed", name: "unchanged"}
    assert shelf.paths() == [name]


# ----------------------------------------------------------- stopping, waiting


@pytest.fixture
def small_steps(monkeypatch):
    """Groups of a few files, so that a reading can be stopped between them."""
    monkeypatch.setattr("openbook.search.intake._GROUP_ITEMS", 4)
    monkeypatch.setattr("openbook.search.intake._AHEAD", 4)


@pytest.mark.usefixtures("small_steps")
def test_a_reading_that_is_stopped_keeps_what_it_read_and_the_next_goes_on(shelf, articles):
    write(articles, **{f"a{number:02}": f"# A{number}\n\nArticle order{number}." for number in range(30)})
    add(shelf, articles)
    for number in range(30):
        (articles / f"a{number:02}.md").write_text(f"# A{number}\n\nArticle number{number}.", "utf-8")
    (articles / "a29.md").unlink()
    report = sync(shelf, progress=lambda _: shelf.sync.stop("main"))
    read = report.count("read")
    assert 0 < read < 29
    assert report.count("removed") == 0
    assert report.notices == (shelf.sources()[0].notice,)
    assert "was stopped" in report.notices[0]
    assert len(shelf.paths()) == 30
    rest = sync(shelf)
    assert (rest.count("unchanged"), rest.count("read"), rest.count("removed")) == (read, 29 - read, 1)
    assert shelf.sources()[0].notice == ""
    assert shelf.sync.stop("main") is False


def test_a_source_is_read_once_at_a_time(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    met = []

    def read_it_again(_):
        with pytest.raises(Busy, match="is being read already") as caught:
            shelf.sync.sync("main", str(articles))
        met.append(caught.value)
        assert [file.outcome for file in sync(shelf).files] == ["skipped"]

    sync(shelf, progress=read_it_again)
    assert met
    assert sync(shelf).count("unchanged") == 1


def test_a_file_with_something_said_for_it_is_a_source_of_its_own(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    shelf.sync.add("main", articles / "refunds.md", Metadata(), SourceOptions(review=True))
    assert [source.options.review for source in shelf.sources()] == [False, True]
    assert shelf.paths() == ["shipping.md"]


def test_a_disk_without_room_ends_the_reading_in_words_and_keeps_what_was_read(shelf, articles, monkeypatch):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    write(articles, shipping=SHIPPING)
    left = shutil.disk_usage(articles)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    with pytest.raises(DiskFull, match="has 1 MB left") as caught:
        sync(shelf)
    assert "Make room" in caught.value.fix
    assert shelf.paths() == ["refunds.md"]
    monkeypatch.undo()
    assert outcomes(sync(shelf)) == {"refunds.md": "unchanged", "shipping.md": "read"}


def test_a_reader_that_fails_costs_its_own_file_alone_and_keeps_its_last_version(shelf, articles, monkeypatch):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)

    def fail(data, *, path):
        raise IndexError(path) if "three" not in data.decode() else ReadError("unread", fix="")

    monkeypatch.setattr("openbook.ingest.readers.markdown.read", fail)
    write(articles, refunds=REFUNDS + "more", shipping=SHIPPING + "more")
    report = sync(shelf)
    assert outcomes(report) == {"refunds.md": "skipped", "shipping.md": "skipped"}
    assert "its reader failed (IndexError)" in reason(report, "shipping.md")
    assert "last good version (1)" in reason(report, "shipping.md")
    assert shelf.found("how long does a parcel take")[0] == "Shipping\n\nA parcel takes two days."
