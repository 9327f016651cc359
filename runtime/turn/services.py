"""What every turn shares, and what of it a tool may use."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.code.running import Sandbox
from runtime.errors import ToolFailed
from runtime.knowledge.search.found import Searches
from runtime.lang import Text
from runtime.models.budgets import Budgets
from runtime.models.completion import Models
from runtime.models.painting import Paints
from runtime.templating.prompts import Prompts
from runtime.tools import Browses, Env, Http, Mails, Makes, NoSecrets, RunsPrograms, Says, Secrets
from runtime.turn.answer_cache import AnswerCache

FOR_TOOLS = (
    "knowledge",
    "mail",
    "says",
    "programs",
    "makes",
    "paints",
    "browser",
)
"""What tools are given of it by the same name."""

UNREACHABLE = Text(
    "没有人能从外面访问这里，所以没法等回话。请主人设置公网地址（HONGYAN_PUBLIC_URL）。",
    "Nobody can reach us from outside, so no later answer can be waited for. The owner sets the public "
    "address (HONGYAN_PUBLIC_URL).",
)


def later_answer_at(public_url: Callable[[], str], token: str) -> str:
    """The address of runtime/server/api/later_answers.py. Raises ToolFailed where nobody can reach us."""
    base = public_url().rstrip("/")
    if not base:
        raise ToolFailed(UNREACHABLE)
    return f"{base}/back/{token}"


def unreachable(token: str) -> str:
    """Where there is no address. Raises ToolFailed."""
    raise ToolFailed(UNREACHABLE)


@dataclass(frozen=True)
class Services:
    """None: there is no such thing here, and what needs it says so."""

    models: Models
    prompts: Prompts
    http: Http
    secrets: Secrets = field(default_factory=NoSecrets)
    budgets: Budgets = field(default_factory=lambda: Budgets(list, time.time))
    """What was spent today, and may be."""
    answers: AnswerCache | None = None
    knowledge: Searches | None = None
    code: Sandbox = field(default_factory=Sandbox)
    mail: Mails | None = None
    says: Says | None = None
    programs: RunsPrograms | None = None
    callback: Callable[[str], str] = unreachable
    """The address at which the call with that token is awaited. Raises ToolFailed where there is none."""
    makes: Makes | None = None
    paints: Paints | None = None
    browser: Browses | None = None

    def env(self, now: datetime, values: Mapping[str, Any], **more: Any) -> Env:
        """What a tool may use of it, and what the turn adds."""
        usual = {name: getattr(self, name) for name in FOR_TOOLS}
        return Env(self.http, now, values, secrets=self.secrets, **{**usual, **more})
