import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.errors import ReadError
from openbook.ingest.readers.openapi import read_all, recognises

SHOP = """
openapi: 3.0.3
info: {title: Shop API, version: "1.10", description: "Orders.\\n\\n# Limits\\n\\n60 calls a minute."}
servers: [{url: "https://{region}.shop.example/v1", variables: {region: {default: eu}}}]
externalDocs: {url: /docs}
security: [{key: []}]
paths:
  /orders/{id}:
    parameters: [{$ref: '#/components/parameters/id'}]
    get:
      summary: Get an order
      deprecated: true
      description: Returns **one** order.
      parameters:
        - {name: expand, in: query, description: What to embed,
           schema: {type: array, items: {type: string, enum: [lines, customer]}, default: lines}}
      responses:
        200:
          description: The order
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}, example: {id: 7, paid: no}}}
        404: {description: No such order}
    delete:
      x-internal: true
      responses: {204: {description: Gone}}
  /orders:
    post:
      security: [{}, {login: [orders]}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              allOf:
                - $ref: '#/components/schemas/Order'
                - {required: [note], properties: {note: {type: string}}}
      responses: {201: {$ref: 'common.yaml#/created'}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: oauth2, flows: {authorizationCode: {}}}
  parameters:
    id: {name: id, in: path, required: true, schema: {type: integer, format: int64}}
  schemas:
    Order:
      required: [id]
      properties:
        id: {type: integer}
        parent: {$ref: '#/components/schemas/Order'}
        lines: {type: array, items: {properties: {sku: {type: string}}}}
"""

SWAGGER = {
    "swagger": "2.0",
    "host": "shop.example",
    "basePath": "/v2",
    "paths": {
        "/pets": {
            "post": {
                "parameters": [
                    {"in": "body", "name": "pet", "required": True, "schema": {"$ref": "#/definitions/a~1b"}},
                    {"in": "formData", "name": "photo", "type": "file"},
                ],
                "responses": {"405": {"description": "Invalid input"}},
            }
        }
    },
    "definitions": {"a/b": {"properties": {"name": {"type": "string", "description": "What it is called"}}}},
}


def parts_of(text, path="api.yaml"):
    return {part.name: part.extract for part in read_all(io.BytesIO(text.encode()), path=path)}


def test_an_operation_is_a_document_with_all_that_a_caller_needs():
    get = parts_of(SHOP)["GET /orders/{id}"]
    assert get.metadata.title == "Get an order"
    assert get.metadata.url == "https://eu.shop.example/docs"
    assert get.text.split("\n\n") == [
        "Get an order",
        "GET https://eu.shop.example/v1/orders/{id}",
        "This operation is deprecated.",
        "Returns one order.",
        "Authentication: API key in the header X-Key.",
        "Parameters",
        "name | in | type | required | description | default | allowed values\n"
        "id | path | integer (int64) | yes |  |  |\n"
        "expand | query | array of string | no | What to embed | lines | lines, customer",
        "Responses",
        "status | meaning\n200 | The order\n404 | No such order",
        "Fields of the response 200",
        "name | type | required\nid | integer | yes\nparent | object | no\nparent.id | integer | yes\n"
        "parent.parent | object | no\nparent.lines[] | array of object | no\n"
        "lines[] | array of object | no\nlines[].sku | string | no",
        "Example response",
        '{\n  "id": 7,\n  "paid": "no"\n}',
    ]


def test_a_body_put_together_from_several_schemas_has_the_fields_of_all():
    post = parts_of(SHOP)["POST /orders"]
    assert "note | string | yes" in post.text
    assert "id | integer | yes" in post.text
    assert "Authentication: none; or OAuth 2.0 (authorizationCode) (scopes: orders)." in post.text
    assert post.notices == ("it refers to other files, which are not read: common.yaml#/created",)


def test_an_internal_operation_is_for_staff_and_not_listed_for_customers():
    parts = parts_of(SHOP)
    assert parts["DELETE /orders/{id}"].metadata.audiences == ("internal",)
    assert "GET /orders/{id}" in parts["API"].text
    assert "DELETE" not in parts["API"].text


def test_the_api_itself_is_a_document():
    api = parts_of(SHOP)["API"]
    assert api.metadata.title == "Shop API"
    assert "Version: 1.10" in api.text
    assert "Limits\n\n60 calls a minute." in api.text


def test_swagger_2_is_read_from_json():
    post = parts_of(json.dumps(SWAGGER), "api.json")["POST /pets"]
    assert "POST https://shop.example/v2/pets" in post.text
    assert "name | type | required | description\nname | string | no | What it is called" in post.text
    assert "photo | formData | file | no" in post.text
    assert "405 | Invalid input" in post.text


@pytest.mark.parametrize(
    ("text", "path", "is_one"),
    [
        (SHOP, "api.yml", True),
        (json.dumps(SWAGGER), "api.json", True),
        (json.dumps({"components": {"schemas": {}}, "info": {}, "openapi": "3.1.0"})[:30], "api.json", True),
        ('{"items": [{"openapi": "3.0"}]}', "a.json", False),
        ('{"articles": [{"title": "openapi: 3"}]}', "a.json", False),
        ("title: about\nbody: openapi: 3\n", "a.yaml", False),
        (SHOP, "api.csv", False),
    ],
)
def test_a_description_is_recognised_by_its_top(text, path, is_one):
    assert recognises(text.encode(), path=path) is is_one


BOMB = "openapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "counting those its aliases repeat"),
        ("openapi: &a [*a]", "refers to *a"),
        ("openapi: " + "[" * 5_000, "nested more than 100 levels deep"),
        ('{"openapi":' + "[" * 5_000, "nested more than 100 levels deep"),
        ("openapi: [", "neither valid YAML nor JSON in line"),
        ("title: x\nbody: y\n", "neither openapi nor swagger stands at its top, but title, body"),
        ("- 1", "no API description"),
    ],
)
def test_what_is_hostile_damaged_or_something_else_is_refused_with_the_reason(text, message):
    with pytest.raises(ReadError, match=r"^api\.yaml ") as caught:
        parts_of(text)
    assert message in caught.value.message


def test_five_thousand_operations_with_schemas_that_refer_in_circles_end():
    circle = {"allOf": [{"$ref": "#/components/schemas/b"}], "properties": {"a": {"$ref": "#/components/schemas/a"}}}
    schemas = {"a": circle, "b": {"oneOf": [{"$ref": "#/components/schemas/a"}] * 50}, "c": {"$ref": "#/paths"}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/a"}}}}
    paths = {f"/p{number}": {"post": {"requestBody": body}} for number in range(5_000)}
    text = json.dumps({"openapi": "3.0.0", "paths": paths, "components": {"schemas": schemas}})
    assert sum(1 for _ in read_all(io.BytesIO(text.encode()), path="api.json")) == 5_001


def test_server_variables_are_filled_in_once():
    doubling = {f"v{number}": {"default": f"{{v{number + 1}}}" * 2} for number in range(60)}
    api = {"openapi": "3.0.0", "servers": [{"url": "https://{v0}", "variables": doubling}]}
    assert "https://{v1}{v1}" in parts_of(json.dumps(api))["API"].text


WORDS = """
openapi paths /a get post parameters schema $ref #/paths properties items allOf type enum name in security servers url
variables content responses 200 requestBody example description tags info components externalDocs
"""
NAMES = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES))
def test_a_description_of_any_shape_is_read(top, item):
    parts = parts_of(json.dumps({**top, "openapi": "3.0.0", "paths": {"/a": {"get": item, **item}}}))
    assert all(extract.text for extract in parts.values())


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200) | st.text("{}[]:-&*a?!|>'\"\n #<,", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    recognises(data, path="a.yaml")
    recognises(data, path="a.json")
    try:
        list(read_all(io.BytesIO(b"openapi: 3\n" + data), path="a.yaml"))
    except ReadError as error:
        assert error.message.startswith("a.yaml ")
