"""n8n's expressions, `={{ $json.name }}`: JavaScript, of which paths are understood."""

import re
from typing import Any

from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Node
from runtime.elsewhere._words import as_it_is, literal, mapping, text_of

BRACES = re.compile(r"\{\{(.{1,2000}?)\}\}", re.DOTALL)
PATH = r"((?:\??\.[A-Za-z_$][\w$]*|\[\s*(?:'[^']*'|\"[^\"]*\"|\d+)\s*\])*)"
JSON = re.compile(r"\$json" + PATH + r"\s*$")
BODY = re.compile(r"\$(?:input\.(?:item|first\(\))\.json)" + PATH + r"\s*$")
NODE = re.compile(
    r"\$(?:\(\s*['\"](?P<a>[^'\"]+)['\"]\s*\)|node\[['\"](?P<b>[^'\"]+)['\"]\]|node\.(?P<c>\w+)|items\(['\"](?P<d>[^'\"]+)['\"]\))"
    r"(?:\.(?:item|first\(\)|last\(\)|all\(\)|itemMatching\(\d+\)))?(?:\[0\])?\.json" + PATH + r"\s*$"
)
STEP = re.compile(r"\??\.([A-Za-z_$][\w$]*)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))\s*\]")
TAIL = re.compile(r"\.(?:toString|toJsonString|trim|toLowerCase|toUpperCase)\(\)\s*$|\.first\(\)\s*$")
TAILS = {
    "trim": "|trim",
    "toLowerCase": "|lower",
    "toUpperCase": "|upper",
    "toJsonString": "|tojson",
    "first": "|first",
}


def before(node: Node) -> str:
    return text_of(mapping(node.data.get("")).get("before"))


def expression(node: Node, bring: Bringing, source: str) -> str | None:
    """Of one `{{ … }}`; None, and told, for what is more than a path."""
    source = source.strip().rstrip(";").strip()
    filters = ""
    while found := TAIL.search(source):
        name = re.sub(r"\W", "", found[0])
        filters = TAILS.get(name, "") + filters
        source = source[: found.start()].strip()
    inner = _path(node, bring, source)
    return inner + filters if inner is not None else None


def _path(node: Node, bring: Bringing, source: str) -> str | None:
    if found := JSON.match(source) or BODY.match(source):
        return bring.ref(before(node), steps(found[1])) if before(node) in bring.made else "message.text"
    if found := NODE.match(source):
        name = found["a"] or found["b"] or found["c"] or found["d"]
        return bring.ref(name, steps(found.groups()[-1]))
    if re.match(r"\$(now|today)", source):
        return "now"
    if re.fullmatch(r"\$workflow\.\w+", source):
        return "agent.name"
    if re.fullmatch(r"'[^'\\{}]*'|\d+(\.\d+)?", source):
        return source
    return bring.named(source[:60])


def steps(path: str) -> list[str | int]:
    found: list[str | int] = []
    for one in STEP.finditer(path or ""):
        found.append(int(one[4]) if one[4] else next(group for group in one.groups() if group is not None))
    return found


def words(node: Node, bring: Bringing, given: Any) -> str:
    """A parameter as a template: an expression where it begins with `=`."""
    if isinstance(given, dict) and "__rl" in given:
        given = given.get("value")
    text = text_of(given)
    if not text.startswith("="):
        return as_it_is(text)
    return bring.words(text[1:], BRACES, lambda source: expression(node, bring, source))


def value(node: Node, bring: Bringing, given: Any) -> str:
    """As an expression: of a single `{{ … }}` that, else text."""
    text = text_of(given)
    if (
        text.startswith("=")
        and (only := re.fullmatch(r"=\s*\{\{(.*)\}\}\s*", text, re.DOTALL))
        and "{{" not in only[1]
    ):
        return expression(node, bring, only[1]) or "''"

    return literal(text.removeprefix("="))
