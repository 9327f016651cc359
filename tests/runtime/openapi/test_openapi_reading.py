"""Descriptions of interfaces, read in a process of their own."""

import json

import pytest

from runtime.errors import Invalid
from runtime.openapi.kept import kept, kept_text
from runtime.openapi.process import UNUSABLE, Bounds, read
from runtime.tools.openapi import TOOL

SHOP = """
openapi: 3.0.3
info: {title: "茶铺 API\\u0007", version: 2024-01-01}
servers: [{url: "/v{n}", variables: {n: {default: "2"}}}, {url: "ftp://x"}]
security: [{key: []}]
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getOrder
      summary: 查订单
      tags: [订单]
      parameters:
        - {name: fields, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
    post:
      deprecated: true
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Node"}}
  /files:
    post: {requestBody: {content: {multipart/form-data: {schema: {type: object}}}}}
    put:
      requestBody:
        content:
          application/xml: {schema: {type: string}}
          multipart/form-data:
            schema:
              type: object
              required: [doc]
              properties:
                doc: {$ref: "#/components/schemas/File"}
                more: {type: array, items: {type: string, format: binary}}
                scan: {type: string, contentMediaType: image/png}
                note: {type: string, format: byte}
  /xml:
    put: {requestBody: {content: {application/xml: {schema: {type: object}}}}}
components:
  schemas:
    File: {type: string, format: binary, description: The invoice}
    Base: {type: object, required: [no], properties: {no: {type: string, readOnly: true}, id: {type: string}}}
    Node:
      allOf:
        - $ref: "#/components/schemas/Base"
        - type: object
          required: [name]
          properties:
            name: {type: [string, "null"], maxLength: 9, pattern: "(a+)+$"}
            next: {$ref: "#/components/schemas/Node"}
            kind: {oneOf: [{type: integer}, {$ref: "https://evil.example/x.json"}]}
            away: {$ref: "../etc/passwd"}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""

PETS = {
    "swagger": "2.0",
    "host": "pets.example",
    "basePath": "/v1",
    "schemes": ["http", "https"],
    "consumes": ["application/json"],
    "securityDefinitions": {
        "o": {"type": "oauth2", "flow": "application", "tokenUrl": "https://id.pets.example/token"}
    },
    "security": [{"o": []}],
    "paths": {
        "/pets": {
            "get": {
                "parameters": [
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"},
                     "collectionFormat": "multi"},
                    {"name": "ids", "in": "query", "type": "array", "collectionFormat": "pipes"},
                ]
            },
            "post": {"parameters": [{"name": "pet", "in": "body", "schema": {"type": "array"}}]},
            "put": {"parameters": [{"name": "a b", "in": "formData", "type": "string"},
                                   {"name": "a_b", "in": "formData", "type": "integer", "required": True}]},
            "patch": {"parameters": [{"name": "a", "in": "formData", "type": "string"},
                                     {"name": "photo", "in": "formData", "type": "file"}]},
        }
    },
}  # fmt: skip


async def test_operations_are_offered_and_only_the_chosen_become_tools():
    found = await read(SHOP, base="https://tea.example/docs/api.yaml", chosen=["GET /orders/{id}"])
    assert found.title == "茶铺 API"
    assert found.servers == ["https://tea.example/v2"]
    told = {one.key: (one.name, one.title, one.group, one.old, one.why) for one in found.operations}
    assert told == {
        "GET /orders/{id}": ("getOrder", "查订单", "订单", False, ""),
        "POST /orders/{id}": ("post_orders_id", "", "", True, ""),
        "POST /files": ("post_files", "", "", False, "kind"),
        "PUT /files": ("put_files", "", "", False, ""),
        "PUT /xml": ("put_xml", "", "", False, "xml"),
    }
    assert {one.why for one in found.operations} - {""} <= UNUSABLE.keys()
    [tool] = found.tools
    assert [(one["name"], one["place"], one["required"]) for one in tool["arguments"]] == [
        ("id", "path", True),
        ("fields", "query", False),
        ("X_Trace", "header", False),
    ]
    assert tool["arguments"][1]["style"] == "repeat"
    assert (tool["auth"], tool["auth_name"]) == ("header", "X-Key")
    assert TOOL.model_validate(tool).origin == (tool["source"], "GET /orders/{id}", tool["digest"])


async def test_a_schema_with_circles_is_cut_and_nothing_outside_is_asked_for():
    found = await read(SHOP, base="https://tea.example/docs/api.yaml", chosen=["POST /orders/{id}"])
    shapes = {one["name"]: one["shape"] for one in found.tools[0]["arguments"]}
    assert "no" not in shapes  # only read
    assert shapes["name"] == {"type": "string", "maxLength": 9}
    assert shapes["kind"] == {"type": "integer"}
    assert shapes["away"] == {}
    assert shapes["next"]["type"] == "object"
    assert "evil" not in json.dumps(found.tools)


async def test_a_form_says_which_of_its_parts_are_files():
    [tool] = (await read(SHOP, base="https://tea.example/docs/api.yaml", chosen=["PUT /files"])).tools
    assert tool["content"] == "multipart/form-data"
    assert [(one["name"], one["place"], one["required"]) for one in tool["arguments"]] == [
        ("doc", "file", True), ("more", "file", False), ("scan", "file", False), ("note", "body", False),
    ]  # fmt: skip
    assert tool["arguments"][0]["shape"]["description"].startswith("The invoice Name of a file")
    assert TOOL.model_validate(tool).parameters()["required"] == ["doc"]


async def test_swagger_2_is_read_alike():
    found = await read(json.dumps(PETS), chosen=["GET /pets", "POST /pets", "PUT /pets", "PATCH /pets"])
    assert found.servers == ["https://pets.example/v1", "http://pets.example/v1"]
    get, post, put, patch = found.tools
    assert [one["place"] for one in patch["arguments"]] == ["body", "file"]
    assert patch["content"] == "multipart/form-data"
    assert [one["style"] for one in get["arguments"]] == ["repeat", "pipe"]
    assert (get["auth"], get["token_url"]) == ("oauth2", "https://id.pets.example/token")
    assert [(one["name"], one["place"]) for one in post["arguments"]] == [("pet", "whole")] or post["content"]
    assert put["content"] == "application/x-www-form-urlencoded"
    assert [(one["name"], one.get("of", "")) for one in put["arguments"]] == [
        ("a_b", "a b"),
        ("body_a_b", "a_b"),
    ]
    for tool in found.tools:
        TOOL.model_validate(tool)


async def test_the_descriptions_that_are_kept_can_be_chosen_from_whole():
    for name in kept():
        found = await read(kept_text(name))
        keys = [one.key for one in found.operations]
        tools = (await read(kept_text(name), chosen=keys)).tools
        assert len(tools) == len(keys) >= 6, name
        for tool in tools:
            TOOL.model_validate({**tool, "secret": "x"})
            assert tool["auth"] in ("bearer", "header", "query"), name
            assert tool["description"] != tool["path"]


BOMB = "a0: &a0 [x,x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1},*a{i - 1}]\n" for i in range(1, 60))
DEEP = '{"openapi":"3.1.0","paths":' + '{"/a":' * 100_000
WIDE = {f"p{i}": {"$ref": f"#/components/schemas/s{i % 300}"} for i in range(330)}
WOVEN = {
    "openapi": "3.1.0",
    "paths": {f"/{i}": {"post": {"requestBody": {"content": {"application/json": {"schema": {
        "$ref": f"#/components/schemas/s{i}"}}}}}} for i in range(60)},
    "components": {"schemas": {f"s{i}": {"type": "object", "properties": WIDE} for i in range(300)}},
}  # fmt: skip
HEAD = 'openapi: "3.0.0"\npaths: {/a: {get: {summary: x}}}\n'
HOSTILE = [
    ("nothing", "", "no JSON or YAML"),
    ("words", "hello", "no JSON or YAML"),
    ("half", '{"openapi": "3.0.0", "paths": ', "broken"),
    ("a list as a key", "? [a, b]\n: c", "broken"),
    ("code", "!!python/object/apply:os.system ['id']", "broken"),
    ("a version of its own", '{"openapi": "9", "paths": {"/": {}}}', "openapi: 3.x"),
    ("no paths", '{"swagger": "2.0", "paths": []}', "no paths"),
    ("deep", DEEP, "nested too deep"),
    ("a bomb of aliases", BOMB + HEAD, None),
    ("references in a ring", HEAD + "components: {x: {a: {$ref: '#/components/x/a'}}}", None),
    ("many nothings", HEAD + "x: [" + "{}," * 60_000 + "]", None),
    ("five megabytes with circles", json.dumps(WOVEN | {"x": "y" * 200_000}), None),
]  # fmt: skip


async def test_hostile_descriptions_are_told_or_read_within_bounds():
    for name, text, why in HOSTILE:
        if why is None:
            assert (await read(text)).operations, name
            continue
        with pytest.raises(Invalid) as told:
            await read(text)
        assert why in told.value.text.en, name
    with pytest.raises(Invalid, match="5 MB"):
        await read("x" * (5 * 1024 * 1024 + 1))
    with pytest.raises(Invalid, match="too long"):
        await read(json.dumps(WOVEN), bounds=Bounds(wall=0.05))
