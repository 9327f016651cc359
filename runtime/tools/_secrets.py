"""Named secrets in a request: which ones it asks for, and how nothing of them comes back out."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.templating.sandbox.reading import printed_whole, uses
from runtime.tools._env import SECRET, Secrets

HIDDEN = "***"

NOT_PLAIN = Text(
    "密钥只能原样写成 {{ secret.名称 }}，不能拿来计算、判断或改写。",
    "A secret stands as it is, as {{ secret.name }}: it is not computed with, asked for or changed.",
)


NO_PATH = Text(
    "密钥不能放在网址的路径里，只能放在请求头、查询参数和内容里",
    "a secret must not stand in the path of the address: only in headers, query and body",
)

QUERY = re.compile(r"^(?:[^?{]|\{(?!\{)|\{\{(?:(?!\}\}).)*+\}\})*+(\?)", re.DOTALL)
"""The first ? that stands outside of braces."""


def query_of(url: str) -> str:
    """What stands behind the path, from its ?; "" when there is none."""
    match = QUERY.search(url)
    return url[match.start(1) :] if match else ""


def as_values(secrets: Mapping[str, str]) -> dict[str, Any]:
    """As templates see them."""
    return {SECRET: dict(secrets)} if secrets else {}


def named(source: str) -> set[str]:
    """The secrets that a template asks for. Raises ToolFailed when it does more with them than print them."""
    asked = [use for use in uses(source) if use.name == SECRET]
    plain = all(len(use.fields) == 1 and isinstance(use.fields[0], str) and not use.called for use in asked)
    if asked and not (plain and printed_whole(source, SECRET)):
        raise ToolFailed(NOT_PLAIN)
    return {str(use.fields[0]) for use in asked}


def opened(sources: Iterable[str], secrets: Secrets, host: str) -> dict[str, str]:
    """The values of those that the templates ask for. Raises ToolFailed: not set, not for this host."""
    names = set().union(*(named(source) for source in sources))
    return {name: secrets.open(name, host) for name in sorted(names)}


class Veil:
    """Hides secrets in what came back: a server may repeat what it was sent, in its words or ours."""

    def __init__(self, values: Iterable[str]) -> None:
        shown = {form for value in values for form in _forms(value)}
        self._forms = sorted(shown, key=len, reverse=True)

    def over(self, value: Any) -> Any:
        """Text or plain JSON, without them."""
        if not self._forms:
            return value
        if isinstance(value, str):
            for form in self._forms:
                value = value.replace(form, HIDDEN)
            return value
        if isinstance(value, Mapping):
            return {self.over(key): self.over(item) for key, item in value.items()}
        return [self.over(item) for item in value] if isinstance(value, list) else value

    def over_error(self, error: ToolFailed) -> ToolFailed:
        return error.hiding(self.over)


def _forms(value: str) -> set[str]:
    """How a value may be repeated: as it is, in a URL, in JSON, in base64."""
    lines = {value, *(line for line in value.split() if len(line) >= 4)}
    written = {form for one in lines for form in (quote(one, safe=""), quote(one), quote_plus(one))}
    written |= {json.dumps(one, ensure_ascii=ascii)[1:-1] for one in lines for ascii in (True, False)}
    packed = {base64.b64encode(one.encode()).decode().rstrip("=") for one in lines}
    return lines | written | packed
