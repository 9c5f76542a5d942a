"""A desk's folder: one holder at a time, a layout that is known, a mark of how it was left."""

import json
import subprocess
import sys

import pytest

from openbook.errors import StoreDamaged, UserError
from openbook.stores import Folder

HOLDER = """
import sys
from pathlib import Path
from openbook.stores import Folder

folder = Folder(Path(sys.argv[1]))
print(folder.hold("another process"), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path):
    return tmp_path / "desk"


@pytest.fixture
def held_elsewhere(place):
    """A process of its own that holds the folder until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline().strip() == "True"
        yield process
        process.kill()


def test_a_folder_another_process_holds_is_not_given_and_its_holder_is_named(place, held_elsewhere):
    folder = Folder(place)
    assert not folder.hold("this test")
    assert folder.holder() == {"pid": held_elsewhere.pid, "purpose": "another process"}
    error = folder.in_use("The desk cannot be written")
    assert f"process {held_elsewhere.pid} (another process)" in error.message
    assert "--desk" in error.fix


def test_a_killed_holder_lets_the_folder_go(place, held_elsewhere):
    held_elsewhere.kill()
    held_elsewhere.wait(timeout=60)
    folder = Folder(place)
    assert folder.hold("this test")
    folder.release(clean=True)


def test_a_released_folder_can_be_held_again(place):
    first, second = Folder(place), Folder(place)
    assert first.hold("first")
    assert not second.hold("second")
    first.release(clean=True)
    assert second.hold("second")
    assert second.holder()["purpose"] == "second"
    second.release(clean=True)


def test_releasing_what_is_not_held_does_nothing(place):
    holder, other = Folder(place), Folder(place)
    holder.hold("first")
    holder.mark_dirty()
    other.release(clean=True)
    assert not other.hold("second")
    assert holder.mark_dirty()
    holder.release(clean=True)
    holder.release(clean=True)


def test_a_new_folder_is_closed_to_other_people(place):
    assert Folder(place).path.stat().st_mode & 0o077 == 0


def test_a_folder_remembers_its_layout(place):
    Folder(place)
    before = (place / "layout.json").read_bytes()
    Folder(place)
    assert (place / "layout.json").read_bytes() == before
    assert json.loads(before)["layout"] >= 1


def test_a_newer_layout_is_refused_and_left_alone(place):
    Folder(place)
    (place / "layout.json").write_text('{"layout": 99}')
    with pytest.raises(StoreDamaged, match="layout 99") as caught:
        Folder(place)
    assert "--desk" in caught.value.fix
    assert (place / "layout.json").read_text() == '{"layout": 99}'


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe\x00", b"[]", b"{}", b"null", b'{"layout"'])
def test_a_garbled_layout_is_refused_with_the_mend(place, content):
    Folder(place)
    (place / "layout.json").write_bytes(content)
    with pytest.raises(StoreDamaged, match="not readable as a desk's layout") as caught:
        Folder(place)
    assert '{"layout": 1}' in caught.value.fix


def test_a_place_that_is_a_file_is_the_users_mistake(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "desk"):
        with pytest.raises(UserError, match="cannot be made") as caught:
            Folder(place)
        assert "--desk" in caught.value.fix


def test_a_folder_left_without_closing_is_noticed_by_the_next_holder_only(place):
    for clean, left in ((False, False), (True, True), (True, False)):
        folder = Folder(place)
        assert folder.hold("this test")
        assert folder.mark_dirty() is left
        folder.release(clean=clean)


@pytest.mark.parametrize("said", [b"", b"garbage", b"[1]", b"\xff\xfe"])
def test_a_garbled_word_of_the_holder_says_nothing(place, said):
    folder = Folder(place)
    (place / "openbook.lock").write_bytes(said)
    assert folder.holder() == {}
    assert "process unknown" in folder.in_use("The desk cannot be opened").message


def test_nothing_but_the_layout_is_left_by_looking(place):
    Folder(place)
    assert [item.name for item in place.iterdir()] == ["layout.json"]
