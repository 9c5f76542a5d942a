"""Settings: one frozen object of plain values, read once, each with its origin.

Three places, the later wins: `openbook.toml` in the desk's folder, `OPENBOOK_…` variables with
`__` between levels, arguments. Below the desk there are no settings, only arguments.
"""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openbook.errors import SettingsError
from openbook.types import SettingView

FILE_NAME = "openbook.toml"
_PREFIX = "OPENBOOK_"
_PASSWORD = re.compile(r"(://[^/@]*:)[^/@]*@")
_LISTS = {
    "locales",
    "server.names",
    "behaviour.never",
    "behaviour.off",
    "handoff.closed_on",
    "widget.origins",
    "leads.fields",
}
_SECRETS = {"handoff.webhook_secret", "smtp.password", "widget.identity_secret"}
_NOT_SETTINGS = {"OPENBOOK_DESK", "OPENBOOK_DATA"}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSettings(_Section):
    """Where documents, conversations and receipts are kept."""

    url: str = Field(default="", description="SQLAlchemy address; empty: openbook.db in the desk's data folder.")


class EncoderSettings(_Section):
    """What turns text into vectors."""

    path: str = Field(default="", description="Folder with the encoder's weights; empty: the installed package.")
    precision: Literal["int8", "fp32"] = Field(
        default="int8", description="int8 is faster, fp32 closest to the original."
    )
    cache: str = Field(default="", description="Folder for the built graph; empty: in the desk's folder.")
    threads: int = Field(default=0, ge=0, le=64, description="Processor cores for encoding; 0: all.")


class SearchSettings(_Section):
    """How hits are found and mixed."""

    limit: int = Field(default=8, ge=1, le=50, description="How many chunks an answer may be drawn from.")
    dense_weight: float = Field(
        default=0.7, ge=0, le=1, description="Share of meaning in the score; the rest is keywords."
    )


class SyncSettings(_Section):
    """How sources are kept in step."""

    every_minutes: int = Field(
        default=0, ge=0, le=525_600, description="How often a running server reads every source again; 0: on demand."
    )
    stale_after_days: int = Field(
        default=365, ge=1, le=36_500, description="Articles not changed for so long are listed as possibly out of date."
    )


class CrawlSettings(_Section):
    """How web sites are read."""

    delay_seconds: float = Field(default=0.2, ge=0, le=600, description="Pause between two requests to one host.")
    pages: int = Field(default=20_000, ge=1, le=1_000_000, description="The most addresses that one site may have.")
    private: bool = Field(
        default=False, description="Whether pages at private addresses, as in a company's own network, may be read."
    )


class GateSettings(_Section):
    """What an evaluation must reach; a missed gate makes `openbook evaluate` exit with 1. 0: no gate."""

    recall_at_5: float = Field(default=0.0, ge=0, le=1, description="Share of questions with the page in five hits.")
    right_among_sent: float = Field(default=0.0, ge=0, le=1, description="Share of sent answers that are right.")
    share_sent: float = Field(default=0.0, ge=0, le=1, description="Share of questions that are answered.")
    not_sent_of_unanswerable: float = Field(
        default=0.0, ge=0, le=1, description="Share of the questions without an answer to which none is sent."
    )
    coverage_at_5_percent_risk: float = Field(
        default=0.0, ge=0, le=1, description="Share of the answerable questions that 5 % wrong answers would allow."
    )
    decision_as_expected: float = Field(default=0.0, ge=0, le=1, description="Share of decisions that are right.")


class BehaviourSettings(_Section):
    """How the bot behaves. No training is needed; `/owner/behaviour` shows what a change would do."""

    tone: Literal["plain", "warm"] = Field(default="plain", description="Which wordings the bot has: plain or warm.")
    length: Literal["full", "short"] = Field(
        default="full", description="short says only the best passage of each part of a question."
    )
    greeting: str = Field(
        default="", max_length=500, description="Said before the first answer of a conversation; empty: nothing."
    )
    closing: str = Field(default="", max_length=500, description="Said after an answer that is sent; empty: nothing.")
    never: tuple[str, ...] = Field(
        default=(), description="Topics, as words or phrases, that always go to a person, such as recalls."
    )
    off: tuple[str, ...] = Field(
        default=(), description="Names of policies that do not count; docs/reference/policies.md lists them."
    )
    failures: int = Field(
        default=2, ge=0, le=20, description="Messages in a row without an answer until a person is fetched; 0: never."
    )
    burst_seconds: float = Field(
        default=8, ge=0, le=120, description="Messages of a customer so close together are read as one."
    )


class HandoffSettings(_Section):
    """Hand-offs: who is told, how soon, and when somebody is there."""

    alarm_minutes: float = Field(
        default=10, gt=0, le=10_080, description="An alarm is raised, and repeated, for what nobody has after so long."
    )
    release_minutes: float = Field(
        default=30, gt=0, le=10_080, description="A claim whose customer waits for a reply so long is taken back."
    )
    expire_hours: float = Field(
        default=72, gt=0, le=8_760, description="A hand-off with a reply and no further word ends after so long."
    )
    reopen_days: float = Field(
        default=7, ge=0, le=365, description="A need that comes back within so many days reopens its hand-off."
    )
    hours: str = Field(
        default="", description="When people are there, such as Mon-Fri 09:00-17:00, Sat 10:00-14:00; empty: always."
    )
    timezone: str = Field(default="UTC", description="Of these hours, such as Europe/London.")
    closed_on: tuple[str, ...] = Field(default=(), description="Days when nobody is there, such as 2026-12-25.")
    webhook_url: str = Field(default="", description="Told of every hand-off, alarm and lead; empty: nobody.")
    webhook_secret: str = Field(default="", description="Signs what the webhook gets (HMAC-SHA256).")
    email_to: str = Field(default="", description="Gets an e-mail for every hand-off and alarm; empty: nobody.")


class SmtpSettings(_Section):
    """The server that sends e-mail."""

    host: str = Field(default="", description="Name of the mail server; empty: no e-mail is sent.")
    port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none is only for a server on this machine."
    )
    user: str = Field(default="", description="Who signs in there; empty: nobody does.")
    password: str = Field(default="", description="The password; better in OPENBOOK_SMTP__PASSWORD.")
    sender: str = Field(default="", description="The address that e-mails come from.")


class WidgetSettings(_Section):
    """The chat widget on a company's own pages."""

    origins: tuple[str, ...] = Field(
        default=(), description="Sites whose pages may use it, such as https://www.example.com; empty: its own alone."
    )
    identity_secret: str = Field(
        default="", description="Shared with your own server, which signs with it who a visitor is (JWT, HS256)."
    )
    messages_per_hour: int = Field(
        default=60, ge=1, le=100_000, description="How many messages one visitor may send in an hour."
    )
    messages_per_hour_from_address: int = Field(
        default=600, ge=1, le=1_000_000, description="How many may come from one network address in an hour."
    )
    title: str = Field(default="", max_length=80, description="The widget's heading; empty: in the visitor's language.")
    colour: str = Field(default="#0f6b5c", description="Its colour, as #rrggbb.")
    greeting: str = Field(default="", max_length=500, description="Its first words; empty: in the visitor's language.")
    confidence: Literal["words", "percent", "none"] = Field(
        default="words", description="How it says how sure an answer is."
    )


class LeadSettings(_Section):
    """The contact form of the widget."""

    fields: tuple[str, ...] = Field(
        default=(), description="Its fields, such as name, email*, company; a star: must be filled; empty: no form."
    )
    consent: str = Field(
        default="", max_length=2_000, description="What the visitor agrees to before it is sent; empty: nothing."
    )


class ServerSettings(_Section):
    """The HTTP server."""

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; others than loopback need an owner password."
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0: any free one.")
    names: tuple[str, ...] = Field(default=(), description="Other host names it answers to, such as a proxy's.")
    url: str = Field(
        default="", description="Where people reach it, such as https://help.example.com; for links in e-mails."
    )
    turns: int = Field(
        default=3, ge=1, le=256, description="How many questions are answered at once; 16 times as many may wait."
    )


class Settings(_Section):
    """Everything that can be set. Plain values only."""

    threshold: float = Field(default=0.70, ge=0, le=1, description="Answers below this confidence go to a person.")
    writer: Literal["extractive"] = Field(
        default="extractive", description="Who words the answer: the sources themselves."
    )
    locales: tuple[str, ...] = Field(default=("en",), description="Languages of the articles, the main one first.")
    store: StoreSettings = StoreSettings()
    encoder: EncoderSettings = EncoderSettings()
    search: SearchSettings = SearchSettings()
    sync: SyncSettings = SyncSettings()
    crawl: CrawlSettings = CrawlSettings()
    server: ServerSettings = ServerSettings()
    behaviour: BehaviourSettings = BehaviourSettings()
    handoff: HandoffSettings = HandoffSettings()
    smtp: SmtpSettings = SmtpSettings()
    widget: WidgetSettings = WidgetSettings()
    leads: LeadSettings = LeadSettings()
    gates: GateSettings = GateSettings()


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings and where each value came from, by dotted name."""

    values: Settings
    origins: Mapping[str, str]

    def views(self) -> tuple[SettingView, ...]:
        """Every setting with its value and origin, in the order they are declared."""
        return tuple(
            SettingView(name, str(_value(self.values, name)), self.origins.get(name, "default"))
            for name in setting_names()
        )


def setting_names(section: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """The dotted name of every setting."""
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, _Section):
            yield from setting_names(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def describe(name: str) -> str:
    """One sentence about a setting."""
    section: type[BaseModel] = Settings
    *path, last = name.split(".")
    for step in path:
        annotation = section.model_fields[step].annotation
        assert isinstance(annotation, type)
        section = annotation
    return section.model_fields[last].description or ""


def load_settings(
    folder: Path, *, arguments: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> LoadedSettings:
    """Reads the three places and checks every name and value.

    Args:
        folder: The desk's folder.
        arguments: Values by dotted name, such as `{"search.limit": 5}`.
        environment: Variables; the process's own by default.

    Raises:
        SettingsError: An unknown name, with the nearest known one, or a value that does not fit.
    """
    found: dict[str, tuple[Any, str]] = {}
    for name, value in _flat(_read_file(folder / FILE_NAME)):
        found[name] = (value, str(folder / FILE_NAME))
    for name, value, variable in _from_environment(os.environ if environment is None else environment):
        found[name] = (value, f"variable {variable}")
    for name, value in (arguments or {}).items():
        found[name] = (value, "argument")
    known = list(setting_names())
    for name, (_, origin) in found.items():
        if name not in known:
            raise _unknown(name, origin, known)
    origins = {name: origin for name, (_, origin) in found.items()}
    return LoadedSettings(_validated(found), origins)


def _read_file(place: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(place.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}  # a folder that cannot be one is refused where it is made
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {place} cannot be read: {error}.",
            fix="Correct the line it names; `openbook init` in an empty folder writes a fresh one to compare with.",
        ) from error


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    for variable, value in sorted(environment.items()):
        if variable.startswith(_PREFIX) and variable not in _NOT_SETTINGS:
            name = variable.removeprefix(_PREFIX).lower().replace("__", ".")
            parsed = tuple(part.strip() for part in value.split(",")) if name in _LISTS else value
            yield name, parsed, variable


def _unknown(name: str, origin: str, known: list[str]) -> SettingsError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    mend = f"Did you mean `{near[0]}`?" if near else "Remove it."
    return SettingsError(
        f"There is no setting {name!r} (from {origin}).", fix=f"{mend} `openbook doctor` lists every setting."
    )


def _validated(found: Mapping[str, tuple[Any, str]]) -> Settings:
    tree: dict[str, Any] = {}
    for name, (value, _) in found.items():
        *path, last = name.split(".")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        name = next(name for name in found if f"{place}.".startswith(f"{name}."))  # an item of a list has its number
        raise SettingsError(
            f"The setting {name} cannot be {first['input']!r} (from {found[name][1]}): {first['msg']}.",
            fix=f"{describe(name)} Correct it there.",
        ) from error


def _value(settings: Settings, name: str) -> Any:
    value: Any = settings
    for step in name.split("."):
        value = getattr(value, step)
    if name in _SECRETS and value:
        return "(secret)"
    return _PASSWORD.sub(r"\1(secret)@", value) if isinstance(value, str) else value


def file_template() -> str:
    """A commented `openbook.toml` with every setting at its default."""
    lines = ["# Settings of this desk. Every line shows the default; remove the # to change it.", ""]
    section = ""
    for name in setting_names():
        head, _, last = name.rpartition(".")
        if head != section:
            section = head
            lines += ["", f"[{head}]"]
        lines += [f"# {describe(name)}", f"# {last} = {_toml(_value(Settings(), name))}"]
    return "\n".join(lines) + "\n"


def settings_lines(section: str, values: Mapping[str, Any]) -> str:
    """A section of `openbook.toml` with these values, as somebody would write it into the file."""
    return "\n".join([f"[{section}]", *(f"{name} = {_toml(value)}" for name, value in values.items())])


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
