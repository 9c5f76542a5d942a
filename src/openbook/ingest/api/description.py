"""Finds its way in an API description: OpenAPI 3 and Swagger 2, in YAML or JSON.

It resolves references inside the file, lists the operations, and flattens schemas into fields. It does
not follow references to other files, does not check a description against its standard, and does not
know webhooks, callbacks and links.

Standards: https://spec.openapis.org/oas/ (2.0, 3.0 and 3.1).
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import unquote

from openbook.errors import ReadError
from openbook.ingest.decoding import decode
from openbook.ingest.yaml_values import load_yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Node = Mapping[str, Any]

FIELDS_LIMIT = 200
"""The fields of one schema that are read; the others are left out."""

_LEVELS = 2
_REFERENCES_LIMIT = 30
_MERGED_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body: its path such as `customer.email` or `lines[].sku`, and its schema."""

    name: str
    schema: Node
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    Attributes:
        item: What the path says for all of its methods.
        node: What it says of this one.
    """

    method: str
    path: str
    item: Node
    node: Node

    @property
    def name(self) -> str:
        """Such as `GET /orders/{id}`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def is_internal(self) -> bool:
        """Whether it is for staff only."""
        return self.node.get("x-internal") is True or self.item.get("x-internal") is True


@dataclass(frozen=True, slots=True)
class ApiDescription:
    """A parsed description.

    Attributes:
        root: Its top.
        elsewhere: References that lead out of the file, as they were met.
    """

    root: Node
    elsewhere: dict[str, None] = field(default_factory=dict)
    _known: dict[str, tuple[Field, ...]] = field(default_factory=dict)

    def resolve(self, value: Any) -> Node:
        """The mapping a value is or refers to; an empty one where there is none.

        What stands beside a `$ref` wins over what it refers to.
        """
        node = node_of(value)
        for _ in range(_REFERENCES_LIMIT):
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node
            beside = {name: each for name, each in node.items() if name != "$ref"}
            node = {**self._target(reference), **beside}
        return {}

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the order of the file."""
        for path, value in node_of(self.root.get("paths")).items():
            item = self.resolve(value)
            for method in METHODS:
                if isinstance(item.get(method), Mapping):
                    yield Operation(method, str(path), item, item[method])

    def fields(self, schema: Any) -> tuple[Field, ...]:
        """The first fields of a schema, and of the objects in them, two levels in all."""
        reference = node_of(schema).get("$ref")
        if not isinstance(reference, str) or len(schema) > 1:
            return tuple(islice(self._fields(schema, levels=_LEVELS, prefix=""), FIELDS_LIMIT))
        if reference not in self._known:
            self._known[reference] = ()
            self._known[reference] = tuple(islice(self._fields(schema, levels=_LEVELS, prefix=""), FIELDS_LIMIT))
        return self._known[reference]

    def type_of(self, schema: Any) -> str:
        """The type in words, such as `array of string`, `integer (int64)` or `Order or Refund`."""
        node, depth = self._items(schema)
        words = "array of " * depth + self._plain_type(node)
        return words.removesuffix(" of ")

    def allowed_of(self, schema: Any) -> list[Any]:
        """The values a schema allows, its items' where it is a list."""
        node = self._items(schema)[0]
        return list_of(node.get("enum")) or ([node["const"]] if "const" in node else [])

    def _fields(self, schema: Any, *, levels: int, prefix: str) -> Iterator[Field]:
        properties, required = self._properties(self._items(schema)[0])
        for name, value in properties.items():
            node = self.resolve(value)
            path = f"{prefix}{name}" + "[]" * self._items(node)[1]
            yield Field(path, node, name in required)
            if levels > 1:
                yield from self._fields(node, levels=levels - 1, prefix=f"{path}.")

    def _items(self, schema: Any) -> tuple[Node, int]:
        """What lists of this schema hold at last, and how many lists lie around it."""
        node = self.resolve(schema)
        for depth in range(_REFERENCES_LIMIT):
            if "items" not in node:
                return node, depth
            node = self.resolve(node["items"])
        return {}, 0

    def _properties(self, schema: Node) -> tuple[dict[str, Any], set[str]]:
        """The properties of a schema and of those it is put together from, and which are required."""
        properties: dict[str, Any] = {}
        required: set[str] = set()
        pending: deque[tuple[Any, bool]] = deque([(schema, True)])
        seen: set[str] = set()
        for _ in range(_MERGED_LIMIT):
            if not pending or len(properties) > FIELDS_LIMIT:
                break
            value, is_certain = pending.popleft()
            reference = str(node_of(value).get("$ref", ""))
            if reference not in seen:
                seen.update({reference} - {""})
                node = self.resolve(value)
                for name, each in islice(node_of(node.get("properties")).items(), FIELDS_LIMIT):
                    properties.setdefault(name, each)
                required.update(str(each) for each in list_of(node.get("required"))[:FIELDS_LIMIT] if is_certain)
                for kind in ("allOf", "oneOf", "anyOf"):
                    choices = list_of(node.get(kind))[:_MERGED_LIMIT]
                    pending.extend((each, is_certain and kind == "allOf") for each in choices)
        return properties, required

    def _plain_type(self, node: Node) -> str:
        choices = list_of(node.get("oneOf")) or list_of(node.get("anyOf"))
        if choices:
            return " or ".join(dict.fromkeys(self._name_of(each) for each in choices[:_REFERENCES_LIMIT]))
        written = node.get("type")
        kinds = " or ".join(str(each) for each in list_of(written)) or (written if isinstance(written, str) else "")
        kinds = kinds or ("object" if "properties" in node or "allOf" in node else "")
        form = node.get("format")
        return f"{kinds} ({form})" if kinds and isinstance(form, str) else kinds

    def _name_of(self, choice: Any) -> str:
        """What one of several schemas is called: its title, the end of its reference, or its type."""
        reference = str(node_of(choice).get("$ref", "")).rpartition("/")[2]
        node = self.resolve(choice)
        return str(node.get("title") or reference or node.get("type") or "object")

    def _target(self, reference: str) -> Node:
        """The mapping a reference points at (RFC 6901), an empty one where it leads nowhere."""
        if not reference.startswith("#"):
            self.elsewhere[reference] = None
            return {}
        value: Any = self.root
        for step in unquote(reference[1:]).split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and step.isascii() and step.isdigit() and int(step[:6]) < len(value):
                value = value[int(step[:6])]
            else:
                value = node_of(value).get(step)
        return node_of(value)


def load_description(data: bytes, *, path: str) -> ApiDescription:
    """The API description that a file holds.

    Raises:
        ReadError: It is no text, neither YAML nor JSON, or no API description.
    """
    text = decode(data, path=path).text
    root = _load_json(text, path=path) if text.lstrip().startswith("{") else load_yaml(text, path=path)
    if not isinstance(root, dict) or not ("openapi" in root or "swagger" in root):
        names = ", ".join(list(root)[:12])[:200] if isinstance(root, dict) else "none"
        raise ReadError(
            f"{path} is no API description: neither openapi nor swagger stands at its top, but {names}.",
            fix="Add an OpenAPI 3 or Swagger 2 file; other YAML is not read, other JSON only if it lists records.",
        )
    return ApiDescription(root)


def node_of(value: Any) -> Node:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _load_json(text: str, *, path: str) -> Any:
    """JSON, or YAML that begins with a bracket."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return load_yaml(text, path=path)
