"""The contact form: its fields from the settings, what a visitor filled in checked, leads as a table of cells.

Knows neither requests nor tables.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from openbook.desk.support_verbs import is_address
from openbook.errors import SettingsError
from openbook.server.problems import Refused, not_filled
from openbook.stores.leads import Lead
from openbook.types import Record, to_plain

LONGEST_LINE = 200
LONGEST_TEXT = 5_000
_NAME = re.compile(r"[^\W\d_][\w -]{0,39}")
_KINDS: dict[str, Literal["email", "phone"]] = {
    **dict.fromkeys(("email", "e-mail", "mail"), "email"),
    **dict.fromkeys(("phone", "telephone", "tel", "mobile"), "phone"),
}
_NO_LABELS: Mapping[str, str] = MappingProxyType({})
_LONG = ("message", "question", "comment", "nachricht")
_PHONE = re.compile(r"\+?[\d\s()./-]{3,40}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class LeadField(Record):
    """One field of the form.

    Attributes:
        label: What stands beside it.
        required: Whether it must be filled.
        type: How it is checked, and which keyboard a phone shows for it.
    """

    name: str
    label: str
    required: bool
    type: Literal["email", "phone", "text"]

    @property
    def longest(self) -> int:
        """How many characters it takes."""
        return LONGEST_TEXT if self.name.lower() in _LONG else LONGEST_LINE


def form_fields(written: Sequence[str], *, labels: Mapping[str, str] = _NO_LABELS) -> tuple[LeadField, ...]:
    """The fields of a setting such as `("name", "email*")`.

    Args:
        written: The setting.
        labels: What some fields are called in the visitor's language; any other is called by its name.

    Raises:
        SettingsError: One is no name, or stands there twice.
    """
    fields: list[LeadField] = []
    for each in written:
        name = each.strip().rstrip("*").strip()
        if not _NAME.fullmatch(name) or any(name.lower() == field.name.lower() for field in fields):
            raise SettingsError(
                f"The setting leads.fields cannot hold {each!r}: it is no name, or stands there twice.",
                fix='Write names of letters and digits, such as fields = ["name", "email*", "company"].',
            )
        known = labels.get(_KINDS.get(name.lower(), name.lower()), "")
        label = known or name[:1].upper() + name[1:].replace("_", " ")
        fields.append(LeadField(name, label, each.strip().endswith("*"), _KINDS.get(name.lower(), "text")))
    return tuple(fields)


def filled(fields: Sequence[LeadField], sent: Mapping[str, str], *, agreed: bool, consent: str) -> dict[str, str]:
    """What a visitor filled in, without what was left empty, in the order of the form.

    Args:
        fields: The form.
        sent: What came, by the names of the fields.
        agreed: Whether the visitor agreed.
        consent: What had to be agreed to; empty for nothing.

    Raises:
        Refused: A field is unknown, missing, too long or no address; or it was not agreed. All of that at once.
    """
    known = {field.name for field in fields}
    faults = [
        {"field": f"fields.{name[:80]}", "message": "There is no such field"} for name in sent if name not in known
    ]
    values = {field.name: _clean(sent.get(field.name, "")) for field in fields}
    found = [(field.name, _fault(field, values[field.name])) for field in fields]
    faults += [{"field": f"fields.{name}", "message": fault} for name, fault in found if fault]
    if not any(values.values()):
        faults.append({"field": "fields", "message": "Nothing is filled in"})
    if consent and not agreed:
        faults.append({"field": "consent", "message": "The form is sent only by who agrees to what it says"})
    if faults:
        raise Refused(not_filled(faults))
    return {name: value for name, value in values.items() if value}


def of_kind(fields: Sequence[LeadField], values: Mapping[str, str], kind: str) -> str:
    """What was filled into the first field of a type; empty for nothing."""
    return next((values[field.name] for field in fields if field.type == kind and field.name in values), "")


def as_csv(fields: Sequence[LeadField], leads: Sequence[Lead]) -> str:
    """Leads as comma-separated values (RFC 4180), a line each; no cell is a formula to a spreadsheet.

    The columns are those of the form as it is today, then those of older forms. What was erased is empty.
    """
    names = [field.name for field in fields]
    names += sorted({name for lead in leads for name in lead.fields or {}} - set(names))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_harmless(["id", "created_at", "conversation_id", *names, "consent"]))
    for lead in leads:
        said = lead.fields or {}
        about = [lead.id, str(to_plain(lead.created_at)), lead.conversation_id]
        writer.writerow(_harmless([*about, *(said.get(name, "") for name in names), lead.consent or ""]))
    return table.getvalue()


def _harmless(cells: Sequence[str]) -> list[str]:
    """Cells that a spreadsheet takes for text (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return [f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell for cell in cells]


def _clean(value: str) -> str:
    return _CONTROLS.sub(" ", value).strip()


def _fault(field: LeadField, value: str) -> str:
    if not value:
        return "It must be filled in" if field.required else ""
    if len(value) > field.longest:
        return f"It has {len(value):,} characters; {field.longest:,} are the most"
    if field.type == "email" and not is_address(value):
        return "It is no e-mail address"
    if field.type == "phone" and not _PHONE.fullmatch(value):
        return "It is no telephone number"
    return ""
