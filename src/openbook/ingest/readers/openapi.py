"""Reads API descriptions, OpenAPI 3 and Swagger 2: each operation is a document, and so is the API itself.

The text is what a developer asks for: parameters, fields of the bodies, responses, an example, how to
authenticate. An operation marked `x-internal` is for staff. It knows what a description says, not what
the service does; schemas are shown two levels deep.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO
from urllib.parse import urljoin

from openbook.errors import ReadError
from openbook.ingest.api.authentication import authentication_of
from openbook.ingest.api.description import (
    FIELDS_LIMIT,
    ApiDescription,
    Field,
    Node,
    Operation,
    list_of,
    load_description,
    node_of,
)
from openbook.ingest.cleaning import clean
from openbook.ingest.composer import Composer
from openbook.ingest.markup.rich_text import compose_text
from openbook.types import BrokenPart, Extract, Metadata, Part, Ticket
from openbook.types.record import INTERNAL

BYTES_LIMIT = 20_000_000

_YAML_TOP = re.compile(rb"^[\"']?(?:openapi|swagger)[\"']?[ \t]*:[ \t]*[\"']?[23]\b", re.MULTILINE)
_JSON_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"\s*+(:?)|\\?\Z)|[{}\[\]]', re.DOTALL)
_TOP_NAMES = frozenset(
    b"openapi swagger info servers paths webhooks components security tags externalDocs jsonSchemaDialect host "
    b"basePath schemes consumes produces definitions parameters responses securityDefinitions".split()
)
_BODY_NAMES = frozenset((b"paths", b"components", b"definitions"))
_VARIABLE = re.compile(r"\{([^{}]{1,100})\}")
_EXAMPLE_LIMIT = 4_000
_SERVERS_LIMIT = 20
_TEXT_LIMIT = 100_000_000
_COLUMNS = ("name", "in", "type", "required", "description", "default", "allowed values")


def recognises(sample: bytes, *, path: str) -> bool:
    """Whether a file that starts like this is an API description."""
    if not path.lower().endswith((".json", ".yaml", ".yml")):
        return False
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        names = _top_names(sample)
        return bool(names & {b"openapi", b"swagger"}) or (bool(names & _BODY_NAMES) and names <= _TOP_NAMES)
    return _YAML_TOP.search(sample) is not None


def read_all(stream: BinaryIO, *, path: str) -> Iterator[Part | BrokenPart | Ticket]:
    """The API, then its operations.

    Raises:
        ReadError: The file is too large, neither YAML nor JSON, or no API description.
    """
    data = stream.read(BYTES_LIMIT + 1)
    if len(data) > BYTES_LIMIT:
        raise ReadError(
            f"{path} is too large for an API description: the limit is {BYTES_LIMIT / 1e6:.0f} MB.",
            fix="Split it into one file for each part of the API.",
        )
    api = load_description(data, path=path)
    yield Part("API", "operation", _api_extract(api, path=path))
    characters = 0
    for operation in api.operations():
        extract = _operation_extract(operation, api, path=path)
        yield Part(_line(operation.name), "operation", extract)
        characters += len(extract.text)
        if characters > _TEXT_LIMIT:
            raise ReadError(
                f"{path} gives more than {_TEXT_LIMIT / 1e6:.0f} million characters: its references repeat long texts.",
                fix="Shorten what many operations refer to, or split the file.",
            )


def _top_names(sample: bytes) -> set[bytes]:
    """The names at the top of a JSON object, as far as a sample shows them."""
    names: set[bytes] = set()
    depth = 0
    for token in _JSON_TOKEN.finditer(sample):
        bracket = token[0][:1]
        depth += (bracket in b"{[") - (bracket in b"}]")
        if depth == 1 and token[2]:
            names.add(token[1])
    return names


# ------------------------------------------------------------------- documents


def _api_extract(api: ApiDescription, *, path: str) -> Extract:
    """The document about the API itself: what it is, where it is, how to authenticate, what it holds."""
    info = node_of(api.root.get("info"))
    title = _text(info.get("title"))
    composer = Composer()
    composer.heading(title or "API", level=1)
    _facts(composer, ("Version", info.get("version")), ("Terms of service", info.get("termsOfService")))
    _describe(info, composer)
    contact, licence = node_of(info.get("contact")), node_of(info.get("license"))
    contacts = " ".join(_text(contact.get(name)) for name in ("name", "email", "url"))
    _facts(composer, ("Contact", contacts), ("Licence", licence.get("name")))
    servers = [["address", "description"], *_servers(api, api.root)]
    _section("Servers", servers, composer)
    authentication = authentication_of(api, api.root.get("security"), every_scheme=True)
    if authentication:
        composer.heading("Authentication", level=2)
        composer.paragraph(authentication)
    tags = [node_of(tag) for tag in list_of(api.root.get("tags"))]
    _section(
        "Groups", [["name", "description"], *([tag.get("name"), tag.get("description")] for tag in tags)], composer
    )
    operations = [[each.name, _summary(each)] for each in api.operations() if not each.is_internal]
    _section("Operations", [["operation", "summary"], *operations], composer)
    return composer.finish(_metadata(api, api.root, title=title), path=path)


def _operation_extract(operation: Operation, api: ApiDescription, *, path: str) -> Extract:
    node = operation.node
    title = _summary(operation) or operation.name
    composer = Composer()
    composer.heading(title, level=1)
    servers = _servers(api, node) or _servers(api, operation.item) or _servers(api, api.root)
    composer.code(f"{operation.method.upper()} {servers[0][0].rstrip('/') if servers else ''}{operation.path}")
    if node.get("deprecated") is True:
        composer.paragraph("This operation is deprecated.")
    _describe(operation.item, composer)
    _describe(node, composer)
    authentication = authentication_of(api, node.get("security", api.root.get("security")))
    if authentication:
        composer.paragraph(f"Authentication: {authentication}")
    known = len(api.elsewhere)
    parameters = _parameters(operation, api)
    fields = [each for each in parameters if each.get("in") not in ("body", "formData")]
    _section("Parameters", [_COLUMNS, *(_parameter_row(each, api) for each in fields)], composer)
    _compose_body(operation, parameters, api, composer)
    _compose_responses(node, api, composer)
    if len(api.elsewhere) > known:
        composer.notices.append(
            f"it refers to other files, which are not read: {', '.join(list(api.elsewhere)[known:])}"
        )
    metadata = _metadata(api, node, title=title)
    if operation.is_internal:
        metadata = replace(metadata, audiences=(INTERNAL,))
    return composer.finish(metadata, path=path)


def _metadata(api: ApiDescription, node: Node, *, title: str) -> Metadata:
    """The address of its documentation, complete where the first server completes it, and its product."""
    root = api.root
    own, general = (_text(node_of(each.get("externalDocs")).get("url")) for each in (node, root))
    server = next(iter(_servers(api, root)), [""])[0]
    product = node.get("x-product") or root.get("x-product") or node_of(root.get("info")).get("x-product")
    return Metadata(title=_line(title), url=_joined(server, own or general), product=_line(_text(product)))


# -------------------------------------------------------------------- sections


def _compose_body(operation: Operation, parameters: Sequence[Node], api: ApiDescription, composer: Composer) -> None:
    """What is sent: a body (OpenAPI 3, or Swagger 2's parameter in body) or the fields of a form."""
    body = api.resolve(operation.node.get("requestBody"))
    sent = next((each for each in parameters if each.get("in") == "body"), {})
    form = [each for each in parameters if each.get("in") == "formData"]
    kind, media = _media(body)
    kinds = ", ".join(str(each) for each in node_of(body.get("content")))
    schema = media.get("schema", sent.get("schema"))
    if not (body or sent or form):
        return
    composer.heading("Request body", level=2)
    for each in (body, sent):
        _describe(each, composer)
    _facts(composer, ("Required", "yes" if (body or sent).get("required") is True else None), ("Type", kinds or kind))
    composer.table(_compact([_COLUMNS, *(_parameter_row(each, api) for each in form)]), has_header=True)
    _compose_fields(api.fields(schema), api, composer)
    _compose_example("Example request", _example(media, api.resolve(schema)), composer)


def _compose_responses(node: Node, api: ApiDescription, composer: Composer) -> None:
    responses = {str(status): api.resolve(each) for status, each in node_of(node.get("responses")).items()}
    rows = [[status, each.get("description")] for status, each in responses.items()]
    _section("Responses", [["status", "meaning"], *rows], composer)
    status = next((status for status in responses if status.startswith("2")), "")
    response = responses.get(status, {})
    _, media = _media(response)
    schema = media.get("schema", response.get("schema"))
    fields = api.fields(schema)
    if fields:
        composer.heading(f"Fields of the response {status}", level=2)
        _compose_fields(fields, api, composer)
    written = next(iter(node_of(response.get("examples")).values()), None)
    found = _example(media, api.resolve(schema))
    _compose_example("Example response", written if found is None else found, composer)


def _compose_fields(fields: Sequence[Field], api: ApiDescription, composer: Composer) -> None:
    rows = [_row(each.name, "", each.schema, api, is_required=each.is_required) for each in fields]
    composer.table(_compact([_COLUMNS, *rows]), has_header=True)
    if len(fields) == FIELDS_LIMIT:
        composer.notices.append(f"only the first {FIELDS_LIMIT} fields of a body are shown")


def _compose_example(heading: str, value: Any, composer: Composer) -> None:
    if value is None:
        return
    pieces = [value] if isinstance(value, str) else json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value)
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > _EXAMPLE_LIMIT:
            composer.notices.append(f"an example of more than {_EXAMPLE_LIMIT:,} characters was left out")
            return
    composer.heading(heading, level=2)
    composer.code(text)


def _section(heading: str, rows: Sequence[Sequence[Any]], composer: Composer) -> None:
    """A table under its heading, where it has more than its header row."""
    if len(rows) > 1:
        composer.heading(heading, level=2)
        composer.table(_compact(rows), has_header=True)


def _describe(node: Node, composer: Composer) -> None:
    compose_text(_text(node.get("description")), composer, under=1, form="markdown")


def _facts(composer: Composer, *facts: tuple[str, Any]) -> None:
    """Lines such as `Version: 2.1`, without those whose value is missing."""
    composer.paragraph("\n".join(f"{name}: {_line(_text(value))}" for name, value in facts if _line(_text(value))))


# ------------------------------------------------------------------ the details


def _parameters(operation: Operation, api: ApiDescription) -> list[Node]:
    """The parameters of an operation; its own replace those of its path."""
    written = [*list_of(operation.item.get("parameters")), *list_of(operation.node.get("parameters"))]
    resolved = [api.resolve(each) for each in written]
    return list({(str(each.get("in")), str(each.get("name"))): each for each in resolved if each}.values())


def _parameter_row(parameter: Node, api: ApiDescription) -> list[Any]:
    _, media = _media(parameter)
    schema = parameter.get("schema", media.get("schema", parameter))
    row = _row(parameter.get("name"), parameter.get("in"), schema, api, is_required=parameter.get("required") is True)
    if parameter is not schema:
        row[4] = _described(parameter) or row[4]
    return row


def _row(name: Any, place: Any, schema: Any, api: ApiDescription, *, is_required: bool) -> list[Any]:
    node = api.resolve(schema)
    allowed = ", ".join(_text(each) for each in api.allowed_of(node)[:FIELDS_LIMIT])
    required = "yes" if is_required else "no"
    return [name, place, api.type_of(schema), required, _described(node), node.get("default"), allowed]


def _described(node: Node) -> str:
    words = _text(node.get("description"))
    return f"Deprecated. {words}".strip() if node.get("deprecated") is True else words


def _compact(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The rows as text, without the columns that hold nothing below their header."""
    texts = [[_text(cell) for cell in row] for row in rows]
    kept = [index for index in range(len(texts[0])) if any(row[index].strip() for row in texts[1:])]
    return [[row[index] for index in kept] for row in texts] if kept else []


def _media(node: Node) -> tuple[str, Node]:
    """The type and the description of a body's content, JSON first."""
    content = node_of(node.get("content"))
    kind = next((each for each in content if "json" in each), next(iter(content), ""))
    return kind, node_of(content.get(kind))


def _example(media: Node, schema: Node) -> Any:
    """The first example there is of a body."""
    first = node_of(next(iter(node_of(media.get("examples")).values()), None))
    listed = next(iter(list_of(schema.get("examples"))), None)
    candidates = (media.get("example"), first.get("value"), schema.get("example"), listed)
    return next((each for each in candidates if each is not None), None)


def _servers(api: ApiDescription, node: Node) -> list[list[str]]:
    """Address and description of each server; variables have their default values."""
    found = [_server(node_of(each)) for each in list_of(node.get("servers"))[:_SERVERS_LIMIT]]
    if not found and node is api.root and isinstance(node.get("host"), str):
        schemes = [str(each) for each in list_of(node.get("schemes"))[:_SERVERS_LIMIT]] or ["https"]
        found = [[f"{scheme}://{node['host']}{_text(node.get('basePath'))}", ""] for scheme in schemes]
    return [each for each in found if each[0]]


def _server(node: Node) -> list[str]:
    address = _text(node.get("url"))
    variables = node_of(node.get("variables"))
    filled = _VARIABLE.sub(lambda found: _text(node_of(variables.get(found[1])).get("default")) or found[0], address)
    return [filled, _text(node.get("description"))]


def _summary(operation: Operation) -> str:
    return _line(_text(operation.node.get("summary")) or _text(operation.item.get("summary")))


def _joined(base: str, link: str) -> str:
    try:
        address = _line(urljoin(base, link)) if link else ""
    except ValueError:
        return ""
    return address if address.startswith(("https://", "http://")) else ""


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _text(value: Any) -> str:
    """A scalar as it is written in YAML; nothing for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ""
    return "" if value is None else str(value)
