"""Row 13: many turns over all providers, and whether anything dies, grows or is left open."""

import asyncio
from typing import Any

import psutil

from bench.ground import Ground
from bench.installation import AGENT, Installation
from bench.table import Row

PROVIDERS = (
    "openai_compatible",
    "deepseek",
    "openai",
    "qwen",
    "glm",
    "moonshot",
    "doubao",
    "minimax",
    "openrouter",
)
"""Those whose servers the fake model can play. All but the first are asked through litellm."""
RATE = 60
"""Messages a second, over all."""
PEOPLE = 50
"""For each provider."""

AGENT_OF_ALL: dict[str, Any] = {
    **AGENT,
    "flow": [
        {
            "type": "branch",
            "id": "which",
            "cases": [
                {
                    "title": name,
                    "when": f"'<{name}>' in message.text",
                    "flow": [
                        {"type": "model", "id": f"ask_{name}", "model": f"{name}/bench"},
                        {"type": "reply", "id": f"say_{name}", "text": f"{{{{ ask_{name}.text }}}}"},
                    ],
                }
                for name in PROVIDERS
            ],
            "otherwise": [],
        }
    ],
}


async def all_providers(ground: Ground) -> list[Row]:
    """Some turns first, so that everything is loaded; growth counts from there."""
    ground.model.latency = 0.2
    turns = int(ground.of(900, 20_000)) // len(PROVIDERS)
    async with ground.gateway(AGENT_OF_ALL, providers={n: n for n in PROVIDERS}, warm=False) as gateway:
        gateway.program.start()
        await gateway.ready()
        lost = await _turns(ground, gateway, max(turns // 10, 20), settle=90)
        before, children = _weights(gateway), gateway.program.helpers()
        lost += await _turns(ground, gateway, turns, settle=90)
        after, open_now = _weights(gateway), _connections(gateway)
        log = (gateway.home / "gateway.log").read_text(encoding="utf-8")
        deaths = log.count("process ended") + (gateway.program.exit_code() is not None)
        replaced = children != gateway.program.helpers()
    most = 2 * PEOPLE * len(PROVIDERS)
    flat = all(now <= was * 1.1 + 20 for was, now in zip(before, after, strict=True))
    return [
        Row("13", f"{turns * len(PROVIDERS)} turns over {len(PROVIDERS)} providers", "",
            f"{deaths} deaths; gateway {before[0]:.0f} -> {after[0]:.0f} MB, "
            f"litellm {before[1]:.0f} -> {after[1]:.0f} MB{', replaced' if replaced else ''}, "
            f"{open_now} connections",
            f"0 deaths, flat, <= {most} connections", deaths == 0 and flat and open_now <= most, harm=lost)
    ]  # fmt: skip


async def _turns(ground: Ground, gateway: Installation, each: int, settle: float) -> int:
    """So many of each provider, side by side; how many were not answered."""
    load = ground.load(gateway.callback)
    waves = [
        load.wave(
            RATE / len(PROVIDERS), each, PEOPLE, settle=settle, person=f"o_{name}", text=f"<{name}> 你好"
        )
        for name in PROVIDERS
    ]
    return sum(wave.messages - wave.answered for wave in await asyncio.gather(*waves))


def _weights(gateway: Installation) -> tuple[float, float]:
    return gateway.program.rss(), gateway.program.helpers_rss()


def _connections(gateway: Installation) -> int:
    """Open ones to the model, of the gateway and of litellm's process."""
    processes = [psutil.Process(gateway.program.pid), *gateway.program.helpers()]
    found = [one for process in processes for one in process.net_connections("tcp")]
    return sum(one.status == psutil.CONN_ESTABLISHED and bool(one.raddr) for one in found)
