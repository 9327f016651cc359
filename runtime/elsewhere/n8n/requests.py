"""n8n's requests to other servers."""

import json

from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._graph import Node
from runtime.elsewhere._http import request, secret
from runtime.elsewhere._words import mapping, objects, shown, text_of
from runtime.elsewhere.n8n.texts import words
from runtime.lang import NOTHING, Text

KEY = Text(
    "凭据没有跟过来：用密钥代替，请核对放在哪里",
    "its credential did not come along: a secret stands for it; check where it goes",
)


def http(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    headers = pairs(node, bring, data.get("headerParameters") or data.get("headerParametersUi"))
    query = pairs(node, bring, data.get("queryParameters") or data.get("queryParametersUi"))
    sent = pairs(node, bring, data.get("bodyParameters") or data.get("bodyParametersUi"))
    body = words(node, bring, data.get("jsonBody") or data.get("body") or data.get("bodyParametersJson"))
    if not body and sent:
        body = (
            "{"
            + ", ".join(f'{json.dumps(name, ensure_ascii=False)}: "{text}"' for name, text in sent.items())
            + "}"
        )
    why = NOTHING
    if text_of(data.get("authentication")) not in ("", "none"):
        name = text_of(data.get("nodeCredentialType") or data.get("genericAuthType") or node.title)
        headers.setdefault("Authorization", f"Bearer {shown(secret(bring, name))}")
        why = KEY
    method = text_of(data.get("method") or data.get("requestMethod")) or "GET"
    return request(
        node,
        bring,
        method=method,
        url=words(node, bring, data.get("url")),
        headers=headers,
        query=query,
        body=body,
        why=why,
    )


def pairs(node: Node, bring: Bringing, given: object) -> dict[str, str]:
    found = objects(mapping(given).get("parameters") or mapping(given).get("parameter"))
    return {
        text_of(one.get("name")): words(node, bring, one.get("value")) for one in found if one.get("name")
    }
