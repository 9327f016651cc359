"""Since when which surface did not work, for 90 days: what the status page tells. It names no publication."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT = 90 * 86_400.0
"""Seconds."""
MOST = 500
"""Incidents that are kept, the newest ones."""
GAP = 300.0
"""Seconds without a look after which the program itself was down."""
SHORTEST = 120.0
"""Seconds: what is over sooner was no incident."""
ALL = ""
"""The program itself."""


@dataclass(frozen=True)
class Incident:
    """`channel`: a name of the registry, or ALL. Seconds since 1970; `until` None: it still lasts."""

    channel: str
    since: float
    until: float | None = None


@dataclass
class Incidents:
    seen: float = 0.0
    """When somebody last looked."""
    open: dict[str, float] = field(default_factory=dict)
    past: list[Incident] = field(default_factory=list)

    def look(self, well: Mapping[str, bool], now: float) -> None:
        """Whether each surface is well now; one that is gone has no trouble any more."""
        if self.seen and now - self.seen > GAP:
            self.past.append(Incident(ALL, self.seen, now))
        self.seen = now
        for channel, is_well in well.items():
            if not is_well:
                self.open.setdefault(channel, now)
        for channel in [one for one in self.open if well.get(one, True)]:
            since = self.open.pop(channel)
            if now - since >= SHORTEST:
                self.past.append(Incident(channel, since, now))
        self.past = [one for one in self.past if (one.until or now) > now - KEPT][-MOST:]

    def all(self) -> list[Incident]:
        """Newest first, those that last before all others."""
        lasting = [Incident(channel, since) for channel, since in self.open.items()]
        return sorted(lasting, key=lambda one: -one.since) + sorted(self.past, key=lambda one: -one.since)

    def to_json(self) -> str:
        past = [[one.channel, one.since, one.until] for one in self.past]
        return json.dumps({"seen": self.seen, "open": self.open, "past": past})

    @classmethod
    def from_json(cls, text: str | None) -> "Incidents":
        """As it was kept; empty where nothing was, or nothing that can be read."""
        try:
            told: dict[str, Any] = json.loads(text or "{}")
            past = [Incident(str(one), float(since), float(until)) for one, since, until in told["past"]]
            lasting = {str(one): float(since) for one, since in told["open"].items()}
            return cls(float(told["seen"]), lasting, past)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()
