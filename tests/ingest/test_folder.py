import os
import sys

import pytest

from openbook.ingest.folder import walk


def found(location):
    return {file.name: file.problem for file in walk(location)}


def test_files_come_in_order_with_names_relative_to_the_folder(tmp_path):
    for name in ("b.md", "a/z.txt", "a/c.html", "B.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    files = list(walk(tmp_path))
    assert [file.name for file in files] == ["B.md", "a/c.html", "a/z.txt", "b.md"]
    assert files[1].path == tmp_path / "a" / "c.html"


def test_a_single_file_is_found_under_its_own_name(tmp_path):
    (tmp_path / "a.md").write_text("x")
    assert found(tmp_path / "a.md") == {"a.md": ""}


def test_a_missing_location_is_a_problem(tmp_path):
    assert found(tmp_path / "gone") == {"gone": "does not exist"}


def test_hidden_files_and_tool_folders_are_passed_over(tmp_path):
    for name in (".hidden.md", ".git/a.md", "node_modules/a.md", "__pycache__/a.md", "kept.md", "~$lock.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert found(tmp_path) == {"kept.md": ""}


def test_unsupported_kinds_are_named(tmp_path):
    (tmp_path / "a.mp4").write_text("x")
    (tmp_path / "LICENSE").write_text("x")
    (tmp_path / "A.MD").write_text("x")
    assert found(tmp_path) == {
        "A.MD": "",
        "LICENSE": "unsupported kind (no file name ending)",
        "a.mp4": "unsupported kind .mp4",
    }


def test_links_are_followed_inside_the_folder_only(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "real.md").write_text("x")
    (outside / "secret.md").write_text("x")
    (inside / "alias.md").symlink_to(inside / "real.md")
    (inside / "leak.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "dangling.md").symlink_to(inside / "nothing.md")
    assert found(inside) == {
        "alias.md": "",
        "dangling.md": "a link whose target does not exist or cannot be reached",
        "folder": "a link to a place outside the folder",
        "leak.md": "a link to a place outside the folder",
        "real.md": "",
    }


def test_loops_of_links_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.md").write_text("x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert found(tmp_path) == {
        "a/x.md": "",
        "self": "a link whose target does not exist or cannot be reached",
    }


def test_a_pipe_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert found(tmp_path) == {"pipe.md": "not a regular file"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_problem(tmp_path):
    (tmp_path / "shut.md").write_text("x")
    (tmp_path / "shut.md").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    assert found(tmp_path) == {
        "closed": "the folder cannot be opened: Permission denied",
        "shut.md": "no permission to read it",
    }


def test_a_name_with_line_ends_or_colours_is_reported_in_printable_form(tmp_path):
    (tmp_path / "a\n\x1b[31m.md").write_text("x")
    assert found(tmp_path) == {"a\ufffd\ufffd[31m.md": ""}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows file names that are not UTF-8")
def test_a_name_that_is_not_utf8_is_reported_in_printable_form(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x")
    (file,) = walk(tmp_path)
    assert file.name == "caf\ufffd.md"
    assert file.path.read_text() == "x"
