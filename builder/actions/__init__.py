"""What each click does, as plain functions: no gradio in here, so that it is tested without a browser.

An action takes JSON values from the page and returns JSON values, or a `Notice`, for it. It raises
HongyanError when the person should be told something instead.
"""

import asyncio
import functools
import inspect
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.errors import HongyanError
from runtime.lang import Text

log = logging.getLogger("hongyan.builder")

Action = Callable[..., Any]
"""Called with keyword arguments from the page; a function that is not `async` runs in a thread."""


@dataclass(frozen=True)
class Notice:
    """What the person is told, and what the page needs to go on."""

    text: Text | None = None
    value: Any = None
    ok: bool = True
    field: str = ""
    code: str = ""

    def to_json(self) -> dict[str, Any]:
        text = self.text and {"zh": self.text.zh, "en": self.text.en}
        return {"ok": self.ok, "text": text, "field": self.field, "code": self.code, "value": self.value}


def pair(text: Text) -> dict[str, str]:
    """A sentence as the page gets it, which picks the language."""
    return {"zh": text.zh, "en": text.en}


async def click(actions: Mapping[str, Action], request: Any) -> dict[str, Any]:
    """Run the action that the page asked for. Whatever happens, the page gets a sentence it can show."""
    name, arguments = _asked(request)
    action = actions.get(name)
    if action is None:
        text = Text(
            "页面和服务的版本不一致，请刷新页面。", "This page is older than the server. Please reload it."
        )
        return Notice(text, ok=False, code="unknown_action").to_json()
    try:
        return await _run(action, arguments)
    except HongyanError as e:
        code = e.code or type(e).__name__
        return Notice(e.text, ok=False, field=e.field, code=code).to_json()
    except Exception:  # noqa: BLE001 # a click always gets an answer; the bug is logged
        return Notice(excuse(name), ok=False, code="bug").to_json()


def excuse(what: str) -> Text:
    """Log the bug that is being handled; what the person is told of it."""
    reference = secrets.token_hex(3)
    log.exception("%s failed, reference %s", what, reference)
    return Text(
        f"出了点意外，没有做成。请重试；仍然不行时，按编号 {reference} 查看日志。",
        f"Something unexpected went wrong. Try again; if it stays, look for {reference} in the log.",
    )


async def _run(action: Action, arguments: dict[str, Any]) -> dict[str, Any]:
    if inspect.iscoroutinefunction(action):
        result = await action(**arguments)
    else:
        result = await asyncio.to_thread(action, **arguments)
    notice = result if isinstance(result, Notice) else Notice(value=result)
    return notice.to_json()


def _asked(request: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(request, dict):
        return "", {}
    arguments = request.get("args")
    return str(request.get("action")), arguments if isinstance(arguments, dict) else {}


def bound(studio: Any, *functions: Action) -> dict[str, Action]:
    """Actions by name, each with its first argument given."""
    return {function.__name__: functools.partial(function, studio) for function in functions}
