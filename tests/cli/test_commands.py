"""The commands as a user runs them: real processes' words, real desks."""

import json
import subprocess
import sys

import pytest


def test_from_a_folder_to_a_cited_answer_and_its_receipt(run):
    assert "1 read" in run("add", "articles").stdout
    answer = json.loads(run("ask", "How long is a gift card valid?", "--json", OPENBOOK_THRESHOLD="0.3").stdout)
    assert answer["decision"] == "send"
    assert answer["citations"][0]["quote"].startswith("A gift card is valid")
    assert set(answer["tokens"]) == {"in", "out"}
    replay = json.loads(run("receipt", answer["id"], "--replay", "--json").stdout)
    assert replay["identical"] is True
    assert replay["answer"]["text"] == answer["text"]
    assert "gift-cards.md" in run("documents").stdout
    assert "articles" in run("sources").stdout
    assert "cosine" in run("search", "gift card").stdout
    assert "chunks" in run("rebuild-index").stdout
    assert "withdrawn" in run("remove", "gift-cards.md").stdout
    assert json.loads(run("documents", "--json").stdout) == []


def test_what_is_said_in_json_is_one_value_on_standard_output(run):
    for words in (("add", "articles"), ("sync",), ("sources",), ("documents",), ("doctor",), ("search", "x")):
        json.loads(run(*words, "--json").stdout)


def test_init_writes_settings_that_are_read(run, tmp_path):
    run("init")
    settings = tmp_path / "desk" / "openbook.toml"
    assert "# threshold = 0.7" in settings.read_text("utf-8")
    settings.write_text("threshold = 0.123\n", "utf-8")
    assert "0.123" in run("doctor").stdout
    again = run("init", status=2)
    assert "exists already" in again.stderr
    assert "Fix:" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nowhere"), "There is nothing at"),
        (("add", "ftp://example.com/help"), "is no web address"),
        (("approve", "nothing.md"), "There is no document"),
        (("preview", "nowhere.md"), "cannot be read"),
        (("remove", "nothing.md"), "No live document or source"),
        (("receipt", "ans_nothing"), "There is no receipt"),
        (("sync", "nowhere"), "There is no source"),
        (("ask", "x" * 30_000), "at most 20,000"),
        (("ask", "hello", "--conversation", "con_x"), "There is no conversation"),
    ],
)
def test_a_mistake_is_two_lines_and_exit_two(run, words, said):
    run("init")
    done = run(*words, status=2)
    assert said in done.stderr
    assert "\nFix: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_unknown_setting_names_the_nearest(run):
    done = run("add", "articles", status=2, OPENBOOK_TRESHOLD="0.5")
    assert "Did you mean `threshold`?" in done.stderr


def test_a_command_in_the_wrong_folder_makes_no_desk(run, tmp_path):
    done = run("ask", "hello", status=2)
    assert "There is no desk in" in done.stderr
    assert not (tmp_path / "desk").exists()


def test_a_question_may_come_from_standard_input_in_any_script(run):
    run("add", "articles")
    for question in ("贈り物カードの有効期限は？", "كم مدة صلاحية البطاقة؟", "\x01\x02", ""):
        answer = json.loads(run("ask", "-", "--json", stdin=question).stdout)
        assert answer["decision"] in ("send", "hand_off", "abstain")


def test_chat_goes_on_after_a_mistake(run):
    run("add", "articles")
    done = run("chat", stdin=f"{'x' * 30_000}\nHow long is a gift card valid?\n\n")
    assert "at most 20,000" in done.stderr
    assert "confidence" in done.stdout


def test_help_names_every_command_and_starts_without_the_heavy_parts(run):
    done = run("--help")
    for name in (
        "init",
        "add",
        "sync",
        "sources",
        "documents",
        "approve",
        "preview",
        "remove",
        "search",
        "ask",
        "chat",
        "receipt",
        "doctor",
    ):
        assert name in done.stdout
    code = "import sys, openbook.cli; print([m for m in ('torch', 'onnxruntime', 'qdrant_edge') if m in sys.modules])"
    probe = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert probe.stdout.strip() == "[]"
