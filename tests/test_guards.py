"""Limits that keep the code readable, and words that must not be in it."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "openbook"

FILE_LINES = 400
FUNCTION_LINES = 60
USUAL_FUNCTION_LINES = 45
USUAL_SHARE = 0.95

EXCEPTIONS = {
    "src/openbook/stores/migrations/versions/0001_first_schema.py": "a migration lists every table in one go",
    "src/openbook/stores/schema.py": "every table in one place",
}
"""What may be longer, and why."""

UNFINISHED = re.compile(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'}|{'NotImplemented' + 'Error'})\b")
FOREIGN = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/Us" + "ers/",
    "pyp" + "i.org",
    "pythonhos" + "ted.org",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
)
"""Places of one machine and addresses of package indexes."""


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@cache
def python_files():
    folders = (SOURCE, ROOT / "tests", ROOT / "benchmarks", ROOT / "docs")
    return tuple(path for folder in folders for path in sorted(folder.rglob("*.py")))


@cache
def functions(path):
    """Every function of a file with its length in lines, decorators not counted."""
    tree = ast.parse(path.read_text("utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return tuple((f"{name_of(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1) for node in found)


def kept_files():
    """Every file that is or would be kept in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"git cannot list the files: {error}")
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_is_too_long_to_read():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES and name not in EXCEPTIONS} == {}


def test_no_function_is_too_long_to_understand():
    judged = [path for path in python_files() if name_of(path) not in EXCEPTIONS]
    lengths = {name: lines for path in judged for name, lines in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_most_functions_are_short():
    lengths = sorted(lines for path in python_files() if path.is_relative_to(SOURCE) for _, lines in functions(path))
    assert lengths[int(USUAL_SHARE * (len(lengths) - 1))] <= USUAL_FUNCTION_LINES


def test_every_exception_is_still_needed():
    assert all((ROOT / name).exists() for name in EXCEPTIONS)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("__init__.py")), ids=name_of)
def test_a_package_says_only_what_is_in_it(path):
    docstring, *others = ast.parse(path.read_text("utf-8")).body
    assert isinstance(docstring, ast.Expr)
    for statement in others:
        assert isinstance(statement, ast.Import | ast.ImportFrom) or (
            isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"
        ), ast.unparse(statement)


def test_nothing_is_left_unfinished():
    found = {
        name_of(path): UNFINISHED.findall(path.read_text("utf-8"))
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in (".py", ".html", ".js", ".css")
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_no_file_names_a_place_on_one_machine_or_a_package_index():
    found = {}
    for path in kept_files():
        text = path.read_bytes().decode("utf-8", "replace")
        if words := [word for word in FOREIGN if word in text]:
            found[name_of(path)] = words
    assert found == {}
