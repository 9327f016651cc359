"""What a server answered, as a tool gives it on: bounded, typed, or a sentence about what came instead."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.network.fetched import Fetched, Http
from runtime.network.reach import Reach
from runtime.tools._secrets import Veil

LONGEST = 8000
"""Characters of an answer that the model is shown."""

DEEPEST = 30
"""Lists and objects inside each other in a body; deeper answers are text. Templates follow 50."""

MOST = 2_000_000
"""Bytes of a platform's answer: far more than it sends, and little enough to be parsed."""

FAILED = Text("接口返回 {status}：{start}", "The interface returned {status}: {start}")
NO_JSON = Text(
    "{host} 的回答不是 JSON：{start}",
    "What {host} answered is not JSON: {start}",
)
TOO_MUCH = Text("{host} 的回答太大，没有读。", "The answer of {host} is too large and was not read.")


def told(answer: Fetched) -> dict[str, Any]:
    """Status and JSON; text when it is not JSON or too long."""
    if len(answer.text) <= LONGEST and not answer.cut:
        try:
            return {"status": answer.status, "body": wellformed.load(answer.text, deepest=DEEPEST)}
        except ValueError:
            return {"status": answer.status, "body": answer.text}
    return {"status": answer.status, "body": answer.text[:LONGEST], "cut": True}


def refuse_failure(answer: Fetched) -> None:
    """Raises ToolFailed with how the answer begins, unless it is a good one."""
    if not 200 <= answer.status < 300:
        raise ToolFailed(FAILED.fill(status=answer.status, start=answer.text.strip()[:300]))


async def asked_json(
    http: Http,
    method: str,
    url: str,
    *,
    reach: Reach,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 15,
    veil: Veil | None = None,
) -> dict[str, Any]:
    """What a platform answers: a JSON object of any fields, of which nothing is believed yet.

    `veil`: hides the keys that were sent. Raises ToolFailed.
    """
    veil = veil or Veil(())
    try:
        answer = await http.fetch(
            method, url, headers=headers, body=body, seconds=seconds, max_bytes=MOST, reach=reach
        )
    except ToolFailed as e:
        raise veil.over_error(e) from None
    answer = replace(answer, text=veil.over(answer.text))
    refuse_failure(answer)
    host = urlsplit(url).netloc
    if answer.cut:
        raise ToolFailed(TOO_MUCH.fill(host=host))
    try:
        found = await wellformed.read(answer.text, deepest=DEEPEST)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ToolFailed(NO_JSON.fill(host=host, start=answer.text.strip()[:200]))
    return found


def check_json(body: str) -> None:
    """Raises ToolFailed when what is to be sent is no JSON."""
    try:
        wellformed.load(body, deepest=DEEPEST)
    except ValueError as e:
        raise ToolFailed(
            Text(
                "填好的内容不是有效的 JSON（{why}）。文字要放在引号里，列表用 {{{{ x|tojson }}}}。",
                "The finished body is not JSON ({why}). Put text in quotes, lists as {{{{ x|tojson }}}}.",
            ).fill(why=e)
        ) from None
