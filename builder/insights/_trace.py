"""A turn, block by block: model rounds, tools with what they were given and gave back, outputs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from builder.insights import _words
from builder.insights._drawn import esc, fold
from builder.insights._plain import LONGEST
from builder.insights._words import milliseconds, t
from runtime import blocks
from runtime.lang import stored
from runtime.turn.within import holder, placed, round_of

Entry = Mapping[str, Any]


def trace(events: Sequence[Entry]) -> str:
    """Each block opens to what happened in it."""
    senses = [fold(_sense(event), *_sensed(event)) for event in events if event.get("type") == "sensed"]
    by_place: dict[str, list[Entry]] = {}
    for event in events:
        if block := event.get("block"):  # what has none is the turn's end, which the page tells elsewhere
            by_place.setdefault(placed(str(event.get("within", "")), str(block)), []).append(event)
    if not by_place and not senses:
        return f'<p class="soft">{esc(t("message.no_trace"))}</p>'
    inside: dict[str, list[str]] = {}
    for place, entries in by_place.items():
        around = holder(str(entries[0].get("within", "")))
        inside.setdefault(around if around in by_place else "", []).append(place)

    def drawn(place: str) -> str:
        entries = by_place[place]
        return fold(_title(entries), *map(_entry, entries), *map(drawn, inside.get(place, ())))

    judged = [_judged(event) for event in events if event.get("type") == "judged" and event.get("action")]
    return "".join([*senses, *judged, *map(drawn, inside.get("", ()))])


def _sense(event: Entry) -> str:
    title = t(f"trace.{event['sense']}")
    return f'{esc(title)} <span class="soft">{esc(milliseconds(event["ms"]))}</span>'


def _sensed(event: Entry) -> list[str]:
    """Which model saw, heard or spoke, what came of it, and what it cost."""
    cost = event["cost"]
    told = [t("trace.no_price") if cost is None else f"≈ {_words.money(cost)}"]
    if event.get("seconds") is not None:
        told.insert(0, milliseconds(round(event["seconds"] * 1000)))
    used = t("trace.known") if event.get("kept") else " · ".join(told)
    why = _words.in_lang(stored(event["why"])) if event.get("failed") else ""
    return [
        f'<p><b>{esc(event["model"])}</b></p><p class="soft">{esc(used)}</p>',
        _code(t("trace.output"), event["text"]) if event["text"] else "",
        f"<p>{esc(why)}</p>" if why else "",
    ]


def _judged(event: Entry) -> str:
    """What a check did: below it stands what was written, people were shown something else."""
    told = t("trace.judged", did=t(f"trace.did.{event['action']}"), what=event["what"])
    return f'<p class="soft">{esc(told)}</p>'


def _title(entries: Sequence[Entry]) -> str:
    named = next((entry for entry in entries if entry.get("title") or entry.get("kind")), entries[0])
    kind = blocks.registry().get(str(named.get("kind")))
    title = str(
        named.get("title")
        or (_words.in_lang(kind.about.title) if kind else named.get("kind") or named["block"])
    )
    ms = next((entry["ms"] for entry in entries if entry["type"] == "block_finished"), None)
    if number := round_of(str(named.get("within", ""))):
        title = f"{title} · {t('trace.round', n=number)}"
    return esc(title) + (f' <span class="soft">{esc(milliseconds(ms))}</span>' if ms is not None else "")


def _entry(entry: Entry) -> str:
    match entry["type"]:
        case "model_used":
            thoughts = str(entry.get("thoughts") or "")
            less = [_routed(one) for one in entry.get("routed") or ()]
            less += [t(f"trace.cached_{entry['cached']}")] if entry.get("cached") else []
            less += [t(f"trace.{key}", n=entry[key]) for key in ("left_out", "cut") if entry.get(key)]
            return (
                f'<p><b>{esc(entry["model"])}</b></p><p class="soft">{esc(_used(entry))}</p>'
                + "".join(f'<p class="soft">{esc(line)}</p>' for line in less)
                + (_code(t("trace.thoughts"), thoughts) if thoughts else "")
            )
        case "looked_up":
            key = "trace.found" if entry["fits"] else "trace.found_nothing"
            return _code(t(key, bases=", ".join(entry["bases"])), entry["query"])
        case "compared" | "drawn":
            cost = t("trace.no_price") if entry["cost"] is None else f"≈ {_words.money(entry['cost'])}"
            return f'<p><b>{esc(entry["model"])}</b></p><p class="soft">{esc(cost)}</p>'
        case "tool_called":
            name = t("trace.tool", name=entry["name"])
            return f"<p><b>{esc(name)}</b></p>" + _code(t("trace.arguments"), entry["arguments"])
        case "tool_returned":
            key = "trace.tool_failed" if entry.get("failed") else "trace.result"
            title = f"{t(key, name=entry['name'])} · {milliseconds(entry['ms'])}"
            return _code(title, entry["result"])
        case "block_finished" if entry["output"]:
            return _code(t("trace.output"), entry["output"])
    return ""


def _routed(one: Entry) -> str:
    """By which rule a name meant this model."""
    key = "trace.routed" if one["rule"] else "trace.routed_0"
    return t(key, route=one["route"], rule=one["rule"], why=_words.in_lang(stored(one["why"])))


def _used(entry: Entry) -> str:
    cost = entry["cost"]
    return t(
        "trace.used_about" if entry.get("estimated") else "trace.used",
        prompt=entry["prompt_tokens"],
        completion=entry["completion_tokens"],
        first=milliseconds(entry["first_token_ms"]),
        whole=milliseconds(entry["ms"]),
        cost=t("trace.no_price") if cost is None else f"≈ {_words.money(cost)}",
    )


def _code(title: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return f'<p class="soft">{esc(title)}</p><pre class="in-text">{esc(text[:LONGEST])}</pre>'
