import dataclasses
import re
import tomllib

import pytest
from typer.main import get_command

import openbook
from docs.markdown_pages import DOCS, ROOT, in_code
from openbook.answer.confidence import WEIGHTS
from openbook.cli.commands import app
from openbook.errors import ERRORS, OpenbookError
from openbook.settings import describe, setting_names
from openbook.types import Answer, Citation, Claim, Decision, Handoff, Metadata, Receipt, Replay, Support

REFERENCE = DOCS / "reference"


def names_of(record, *, besides=()):
    return [field.name for field in dataclasses.fields(record) if field.name not in besides]


def commands():
    return sorted(get_command(app).commands)


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented(name):
    assert f"## openbook {name}\n" in (REFERENCE / "commands.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*setting_names()])
def test_every_setting_is_documented_and_described(name):
    assert name in in_code(REFERENCE / "settings.md")
    assert describe(name).endswith(".")


def every_error(kind=OpenbookError):
    return [kind, *(each for child in kind.__subclasses__() for each in every_error(child))]


@pytest.mark.parametrize("kind", every_error())
def test_every_error_is_documented_and_can_be_sent_to_another_process(kind):
    assert kind.__name__ in in_code(REFERENCE / "errors.md")
    assert ERRORS[kind.__name__] is kind


@pytest.mark.parametrize("name", openbook.__all__)
def test_every_public_name_is_documented(name):
    assert name in in_code(REFERENCE / "python.md")


@pytest.mark.parametrize(
    "name", [name for name in vars(openbook.Desk) if callable(getattr(openbook.Desk, name)) and name[0] != "_"]
)
def test_every_method_of_the_desk_is_documented(name):
    text = (REFERENCE / "python.md").read_text("utf-8")
    assert re.search(rf"`(Desk\.)?{name}\(", text) or name in ("close", "describe")


@pytest.mark.parametrize(
    "name",
    [
        *names_of(Answer, besides=("cost_micro_usd",)),
        "cost_usd",
        *names_of(Claim),
        *names_of(Citation),
        *names_of(Handoff),
        *WEIGHTS,
        *Decision,
        *Support,
    ],
)
def test_every_field_and_word_of_an_answer_is_documented(name):
    assert name in in_code(REFERENCE / "answer.md")


@pytest.mark.parametrize("name", [*names_of(Receipt), *names_of(Replay)])
def test_every_field_of_a_receipt_and_a_replay_is_documented(name):
    assert name in in_code(REFERENCE / "receipt.md")


@pytest.mark.parametrize("name", ["audience", *names_of(Metadata, besides=("audiences",))])
def test_everything_an_article_may_say_of_itself_is_documented(name):
    assert name in in_code(REFERENCE / "front-matter.md")


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[<>=\[ ]", line, maxsplit=1)[0].lower() for line in project["dependencies"]}
    page = (DOCS / "decisions" / "0007-dependencies.md").read_text("utf-8")
    assert named == set(re.findall(r"^\| ([a-z][\w-]*) \|", page, re.MULTILINE)) - {"dependency"}
