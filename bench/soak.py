"""Row 13: many turns over all providers, and whether anything dies, grows or is left open."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression
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
TOGETHER = 14
"""Messages to each provider at once; the next ones when they are answered, so that any machine keeps up."""
PEOPLE = 56
"""Who write to each provider, in each step."""
STEADY = 0.5
"""MB that a process may grow in a thousand turns of the second half: what is remembered of the people."""

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


@dataclass(frozen=True)
class Weight:
    """Resident memory in MB after so many turns."""

    turns: int
    gateway: float
    litellm: float


async def all_providers(ground: Ground) -> list[Row]:
    """Some turns first, so that everything is loaded. Every step brings people who never wrote before."""
    ground.model.latency = 0.2
    turns = int(ground.of(900, 20_000))
    step = TOGETHER * len(PROVIDERS) * int(ground.of(4, 8))
    async with ground.gateway(AGENT_OF_ALL, providers={n: n for n in PROVIDERS}, warm=False) as gateway:
        gateway.program.start()
        await gateway.ready()
        lost = await _turns(ground, gateway, step // 2, "first", settle=300)
        weights, children = [_weight(gateway, 0)], gateway.program.helpers()
        while weights[-1].turns < turns:
            lost += await _turns(ground, gateway, step, str(weights[-1].turns))
            weights.append(_weight(gateway, weights[-1].turns + step))
            print(f"row 13: {weights[-1]}, lost {lost}", file=sys.stderr, flush=True)
        open_now = _connections(gateway)
        log = (gateway.home / "gateway.log").read_text(encoding="utf-8")
        deaths = log.count("process ended") + (gateway.program.exit_code() is not None)
        replaced = children != gateway.program.helpers()
    most = 2 * TOGETHER * len(PROVIDERS)
    return [
        Row("13", f"{turns} turns over {len(PROVIDERS)} providers", "",
            f"{deaths} deaths; {_told(weights)}{', replaced' if replaced else ''}, {open_now} connections",
            f"0 deaths, flat, <= {most} connections",
            deaths == 0 and is_flat(weights) and open_now <= most, harm=lost)
    ]  # fmt: skip


def slope(weights: Sequence[Weight], process: str) -> float:
    """MB for each 1000 turns, over the second half: the straight line that fits best."""
    half = weights[len(weights) // 2 :]
    if len(half) < 4:
        return 0.0  # too few to tell
    return linear_regression([w.turns / 1000 for w in half], [getattr(w, process) for w in half]).slope


def is_flat(weights: Sequence[Weight]) -> bool:
    """At the end not much more than at first, and in the second half no steady growth that would go on."""
    first, last = weights[0], weights[-1]
    grown = (last.gateway - first.gateway * 1.1, last.litellm - first.litellm * 1.1)
    return max(grown) <= 20 and all(slope(weights, one) <= STEADY for one in ("gateway", "litellm"))


def _told(weights: Sequence[Weight]) -> str:
    return ", ".join(
        f"{one} {getattr(weights[0], one):.0f} -> {getattr(weights[-1], one):.0f} MB "
        f"({slope(weights, one):+.2f} a thousand in the second half)"
        for one in ("gateway", "litellm")
    )


async def _turns(ground: Ground, gateway: Installation, turns: int, people: str, settle: float = 90) -> int:
    """So many, shared by all providers, side by side; how many were not answered."""
    load, lost = ground.load(gateway.callback), 0
    for number in range(turns // (TOGETHER * len(PROVIDERS))):
        place = number * TOGETHER % PEOPLE
        group = f"o_{people}_{place}"
        waves = [
            load.wave(
                1000, TOGETHER, TOGETHER, settle=settle, person=f"{group}_{name}", text=f"<{name}> 你好"
            )
            for name in PROVIDERS
        ]
        lost += sum(wave.messages - wave.answered for wave in await asyncio.gather(*waves))
    return lost


def _weight(gateway: Installation, turns: int) -> Weight:
    return Weight(turns, gateway.program.rss(), gateway.program.helpers_rss())


def _connections(gateway: Installation) -> int:
    """Open ones to the model, of the gateway and of litellm's process."""
    processes = [psutil.Process(gateway.program.pid), *gateway.program.helpers()]
    found = [one for process in processes for one in process.net_connections("tcp")]
    return sum(one.status == psutil.CONN_ESTABLISHED and bool(one.raddr) for one in found)
