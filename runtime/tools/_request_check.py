"""What can be told of an HTTP request before it is sent: its address, and whether its body will be JSON."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from yarl import URL

from runtime.errors import BadTemplate
from runtime.lang import Text
from runtime.network.http_address import is_near
from runtime.network.reach import Allowance, Reach, permitted
from runtime.schema import Problem
from runtime.templating import sandbox
from runtime.templating.sandbox.reading import uses

PRIVATE = Text(
    "「{host}」是内网地址，工具访问不到。请换成公网地址；内部服务要由管理员写进 HONGYAN_EGRESS_ALLOW",
    "{host!r} is not on the public internet, so the tool cannot reach it. Use a public address; "
    "for a service of your own an operator adds it to HONGYAN_EGRESS_ALLOW",
)

JSON_BEGINS = re.compile(r"\s*(\[|\{(?![{%#])|\{\{[^{}]*\|\s*tojson\s*\}\}\s*\Z)")


def looks_like(body: str) -> str:
    """The Content-Type of a body whose headers do not say it."""
    return "application/json" if JSON_BEGINS.match(body) else "text/plain; charset=utf-8"


def private_address(url: str, allowed: Collection[str], tool: str = "http_request") -> Text | None:
    """Why that tool cannot reach the host written in `url`; None when it can, or when none is written."""
    try:
        parsed = URL(url)
    except ValueError:
        return None
    host = parsed.host or ""
    written = Reach(chosen="owner", tool=tool)
    if not host or permitted(map(Allowance.parse, allowed), parsed, written):
        return None
    return PRIVATE.fill(host=host) if is_near(host) else None


def broken_json(body: str, arguments: Mapping[str, str]) -> Text | None:
    """Why the body will not be JSON, whatever is filled in; None when it may be, or when nobody can tell."""
    failures = []
    for leaf in ("1", "文字"):
        values = _values(body, leaf) | {name: SAMPLES[kind] for name, kind in arguments.items()}
        try:
            json.loads(sandbox.render(body, values, escape="json"))
        except json.JSONDecodeError as e:
            failures.append(e)
        except (BadTemplate, RecursionError):
            return None
        else:
            return None
    last = failures[-1]
    return Text(
        "内容不是有效的 JSON，问题在第 {line} 行第 {column} 个字附近。"
        "文字要放在引号里，列表和对象用 {{{{ x|tojson }}}}",
        "The body is not JSON, near line {line} column {column}: {why}. "
        "Put text in quotes, lists and objects as {{{{ x|tojson }}}}",
    ).fill(line=last.lineno, column=last.colno, why=last.msg)


SAMPLES: Mapping[str, Any] = {
    "string": "文字", "number": 1.5, "integer": 1, "boolean": True, "array": [], "object": {},
}  # fmt: skip
"""By an argument's type."""


def _values(body: str, leaf: str) -> dict[str, Any]:
    """A value for every name and every field that the body asks for."""
    found: dict[str, Any] = {}
    for use in uses(body):
        inside = found
        path = [use.name, *(field for field in use.fields if isinstance(field, str))]
        path = path[:-1] if use.called else path
        for i, name in enumerate(path):
            below = inside.setdefault(name, {} if i < len(path) - 1 else leaf)
            if not isinstance(below, dict):
                break
            inside = below
    return found


def check(
    url: str,
    body: str,
    kind: str,
    variables: Mapping[str, str],
    allowed: Collection[str],
    arguments: Mapping[str, str],
) -> Iterator[Problem]:
    """`kind`: the Content-Type of the body, "" without one."""
    address = url.strip()
    if match := re.match(r"\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}", address):
        address = variables.get(match[1], "")
    written = re.match(r"https?://[^/?#]+", address)
    if written and "{" not in written[0] and (text := private_address(written[0], allowed)):
        yield Problem("url", text)
    if "json" in kind and (text := broken_json(body, arguments)):
        yield Problem("body", text)
