"""Requests to other servers, as a tool of ours: what a key is sent by asks for a secret instead."""

import re
from collections.abc import Mapping
from typing import Any

from runtime.elsewhere._blocks import tool
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import LONGEST
from runtime.lang import NOTHING, Text

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NO_HOST = Text(
    "网址不是以固定的 https://主机名 开头，也不是一个变量：请填好网址",
    "its address begins with no fixed https://host and is no variable either: give it one",
)
NO_METHOD = Text("没有 {method} 请求", "there are no {method} requests")
FORM = Text(
    "表单和文件改成了 JSON 或编码的内容，请核对", "form or file bodies became JSON or encoded text: check it"
)
OUTPUTS = {"body": "{id}.result.body", "status_code": "{id}.result.status", 
           "statusCode": "{id}.result.status", "data": "{id}.result.body",
           "httpRawResponse": "{id}.result.body"}  # fmt: skip
ADDRESS = re.compile(
    r"\s*(https?://[^/?#{}@\\\s]+|\{\{\s*[a-z_][a-z0-9_]*\s*\}\})(?=[/?#]|\s*\Z)", re.IGNORECASE
)


def request(
    node: Node,
    bring: Bringing,
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    body: str = "",
    why: Text = NOTHING,
) -> Outcome:
    """All texts are templates of ours already."""
    settings = settings_of(method=method, url=url, headers=headers, query=query, body=body)
    if isinstance(settings, Text):
        return Lost(settings, ["body", "status_code"])
    return tool(node, bring, settings, {}, outputs=OUTPUTS, why=why)


def settings_of(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    body: str = "",
) -> Json | Text:
    """The tool; or why there is none."""
    method = method.upper().strip() or "GET"
    if method not in METHODS:
        return NO_METHOD.fill(method=method[:20])
    address = _absolute(url.strip())
    if query:
        address += ("&" if "?" in address else "?") + "&".join(
            f"{_name(k)}={v}" for k, v in query.items() if k
        )
    if not ADDRESS.match(address):
        return NO_HOST
    settings: dict[str, Any] = {"type": "http_request", "method": method, "url": address[:LONGEST]}
    if named := {name.strip(): value for name, value in headers.items() if _is_header(name)}:
        settings["headers"] = named
    if body.strip() and method != "GET":
        settings["body"] = body[:LONGEST]
    return settings


def _absolute(url: str) -> str:
    """With its scheme, where only that is missing."""
    if re.match(r"https?://|\{\{", url, re.IGNORECASE) or not re.match(r"[\w-]+\.[\w.-]+(/|$)", url):
        return url
    return f"https://{url}"


def _name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.\[\]-]", "_", name)


def _is_header(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", name.strip()))


def secret(bring: Bringing, wanted: str) -> str:
    """An expression for a key of that name, which the owner is asked for."""
    return "secret." + plain(wanted, "imported_key")
