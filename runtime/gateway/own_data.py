"""All that is kept of a person as one page to read, which holds the same as JSON to save."""

import base64
import html
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from runtime.lang import Text
from runtime.safety.inert_html import plain

TITLE = Text("我的数据", "My data")
SAVE = Text("另存为 JSON", "Save as JSON")
ABOUT = Text("这是 {at} 为止保存的关于您的全部内容。", "All that is kept of you, as of {at}.")
NOTHING = Text("没有", "nothing")
PARTS = {
    "facts": Text("记住的事", "What is remembered"),
    "values": Text("资料", "Values"),
    "profile": Text("平台告诉的", "What the platform tells"),
    "consent": Text("您的同意", "Your consent"),
    "signed_in": Text("登录", "Signed in"),
    "summary": Text("聊天摘要", "Summary of the conversation"),
    "customer": Text("绑定的客户", "Bound customer"),
    "reminders": Text("提醒", "Reminders"),
    "places": Text("占用的名额", "Places taken"),
    "tickets": Text("人工服务", "Served by people"),
    "files": Text("文件（按内容的指纹）", "Files, by fingerprint"),
}
TALK = Text("聊天记录", "Conversation")
SEEN = Text("谁看到过您的内容", "Who saw something of yours")
MODEL, TOOL = Text("模型", "model"), Text("工具", "tool")
STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;"
    "color:#1d2320;background:#fff;overflow-wrap:anywhere}h2{margin-top:2rem}li{margin:.4rem 0}"
    "small{color:#5a635e}p.you{background:#e8f3ec;padding:.6rem .8rem;border-radius:.6rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6ebe8;background:#141816}small{color:#9aa59f}"
    "p.you{background:#1f2d25}a{color:#7cc79c}}"
)


def page(whole: Mapping[str, Any], language: str, now: float | None = None) -> bytes:
    """HTML that stands alone: no script, nothing loaded. `whole`: as exported_person gives it."""
    at = time.time() if now is None else now
    packed = base64.b64encode(json.dumps(whole, ensure_ascii=False, indent=2).encode()).decode()
    about = ABOUT.fill(at=_moment(at)).to(language)
    parts = [*_parts(whole, ("facts", "values", "files"), language)]
    for surface in whole["surfaces"]:
        own = [name for name in PARTS if name in surface and name not in ("facts", "values", "files")]
        parts += _parts(surface, own, language)
        parts += _seen(surface["messages"], language)
        parts += [f"<h2>{_said(TALK.to(language))}</h2>", *map(_exchange, surface["messages"])]
    return (
        f'<!doctype html><html lang="{_said(language)}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_said(TITLE.to(language))}</title><style>{STYLE}</style>"
        f"<h1>{_said(TITLE.to(language))}</h1><p>{_said(about)}</p>"
        f'<p><a download="my-data.json" href="data:application/json;base64,{packed}">'
        f"{_said(SAVE.to(language))}</a></p>{''.join(parts)}</html>"
    ).encode()


def _parts(whole: Mapping[str, Any], names: Iterable[str], language: str) -> Iterable[str]:
    for name in names:
        if whole.get(name):
            yield f"<h2>{_said(PARTS[name].to(language))}</h2>{_drawn(whole[name])}"


def _seen(messages: Iterable[Mapping[str, Any]], language: str) -> list[str]:
    """Each once, with when it saw something last."""
    last: dict[tuple[str, str], float] = {}
    for one in messages:
        for seen in one["seen_by"]:
            last[seen["to"], seen["model"]] = seen["at"]
    if not last:
        return []
    words = {"model": MODEL.to(language), "tool": TOOL.to(language)}
    rows = (
        f"<li>{_said(words[to])} {_said(name)} <small>{_moment(at)}</small></li>"
        for (to, name), at in last.items()
    )
    return [f"<h2>{_said(SEEN.to(language))}</h2><ul>{''.join(rows)}</ul>"]


def _exchange(one: Mapping[str, Any]) -> str:
    reply = f"<p>{_said(one['reply'])}</p>" if one["reply"] else ""
    said = f'<p class="you">{_said(one["text"])}</p>' if one["text"] else ""
    return f"<small>{_moment(one['at'])}</small>{said}{reply}" if said or reply else ""


def _drawn(value: Any) -> str:
    """Plain data as lists within lists."""
    if isinstance(value, Mapping):
        filled = [(name, inner) for name, inner in value.items() if inner not in (None, "", [], {})]
        return f"<ul>{''.join(f'<li>{_said(name)}: {_drawn(inner)}</li>' for name, inner in filled)}</ul>"
    if isinstance(value, list | tuple):
        return f"<ul>{''.join(f'<li>{_drawn(inner)}</li>' for inner in value)}</ul>"
    return _said(str(value))


def _said(text: str) -> str:
    return html.escape(plain(text)).replace("\n", "<br>")


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))
