"""Coze's requests to other servers."""

import re
from typing import Any

from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._graph import Node
from runtime.elsewhere._http import request
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import mapping, objects, shown, text_of
from runtime.elsewhere.coze.texts import expression, inputs, plain_value, words


def http(node: Node, bring: Bringing) -> Outcome:
    given = {**node.data, **mapping(node.data.get("inputs"))}
    own = inputs(node, bring)
    api, auth = mapping(given.get("apiInfo")), mapping(given.get("auth"))
    headers = {name: shown(one) for name, one in _pairs(bring, given.get("headers")).items()}
    query = {name: shown(one) for name, one in _pairs(bring, given.get("params")).items()}
    data = mapping(auth.get("authData"))
    if auth.get("authOpen") and auth.get("authType") == "BEARER_AUTH":
        token = next(iter(_pairs(bring, data.get("bearerTokenData")).values()), "secret.imported_key")
        headers["Authorization"] = f"Bearer {shown(token)}"
    elif auth.get("authOpen"):
        custom = mapping(data.get("customData"))
        found = _pairs(bring, custom.get("data"))
        named = next((one for one in objects(custom.get("data")) if one.get("name") == "Key"), {})
        place = headers if custom.get("addTo") == "header" else query
        place[plain_value(mapping(named).get("input")) or "key"] = shown(
            found.get("Value", "secret.imported_key")
        )
    body = mapping(given.get("body"))
    inner = mapping(body.get("bodyData"))
    kind = text_of(body.get("bodyType"))
    content = (
        words(bring, inner.get("json") or inner.get("rawText"), own)
        if kind in ("JSON", "RAW_TEXT", "")
        else ""
    )
    if kind in ("FORM_DATA", "FORM_URLENCODED"):
        form = inner.get("formData") if kind == "FORM_DATA" else inner.get("formURLEncoded")
        pairs = _pairs(bring, mapping(form).get("data") or form)
        content = (
            "{" + ", ".join(f'"{plain(name, "x")}": "{shown(one)}"' for name, one in pairs.items()) + "}"
        )
    url = re.sub(
        r"\{\{\s*block_output_(\w+?)\.([\w.]+)\s*\}\}", lambda f: _block(bring, f), text_of(api.get("url"))
    )
    url = words(bring, url, own) if "\x00" not in url else url.replace("\x00", "")
    return request(
        node, bring, method=text_of(api.get("method")), url=url, headers=headers, query=query, body=content
    )


def _block(bring: Bringing, found: re.Match[str]) -> str:
    inner = bring.ref(found[1], found[2].split("."))
    return "\x00" + (shown(inner) if inner else "")


def _pairs(bring: Bringing, given: Any) -> dict[str, str]:
    named = {text_of(one.get("name")): expression(bring, one.get("input")) for one in objects(given)}
    return {name: one for name, one in named.items() if one is not None and name}
