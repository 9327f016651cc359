"""What every turn shares, and what of it a tool may use."""

import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any

from runtime.code.running import Sandbox
from runtime.knowledge.search.found import Searches
from runtime.models.budgets import Budgets
from runtime.models.completion import Models
from runtime.models.painting import Paints
from runtime.newest import Newest
from runtime.safety.checks import Inspects
from runtime.safety.words.lists import WordLists
from runtime.templating.prompts import Prompts
from runtime.tools import (
    Browses,
    Env,
    Http,
    Mails,
    Makes,
    NoSecrets,
    RunsPrograms,
    Says,
    Secrets,
    Sessions,
    Tool,
)
from runtime.turn.answer_cache import AnswerCache
from runtime.turn.awaited import LaterAnswers
from runtime.turn.sent import Reads
from runtime.turn.using import Used

JUDGED = 20_000
FOR_TOOLS = (
    "secrets",
    "knowledge",
    "mail",
    "says",
    "programs",
    "sessions",
    "makes",
    "paints",
    "browser",
)
"""What tools are given of it by the same name."""


KEY = token_bytes(32)


def _of_this_process(what: str) -> str:
    return hmac.digest(KEY, what.encode(), "sha256").hex()


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
    sessions: Sessions = field(default_factory=Sessions)
    callback: LaterAnswers = field(default_factory=LaterAnswers)
    makes: Makes | None = None
    reads: Reads | None = None
    """What people sent, by its hash."""
    paints: Paints | None = None
    browser: Browses | None = None
    mark: Callable[[str], str] = _of_this_process
    """64 digits that nobody else can make of it."""
    lists: WordLists | None = None
    """Of words that checks look for."""
    inspects: Inspects | None = None
    """The check of the platform on which the message was written."""
    judged: Newest[bytes, bool] = field(default_factory=lambda: Newest(JUDGED))
    """Texts of earlier turns that checks looked at, and whether they were stopped."""
    lent: Sequence[Tool] = ()
    """Tools that whoever runs the turn lends its model, which no agent can name: for as long as it runs."""
    instead: "Callable[[Tool, Mapping[str, Any]], Used | None] | None" = None
    """In a test: what a tool is taken to have given, without being called; None: it is called."""

    def given(self, tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        """What it is taken to have given; None where it is to be called."""
        used = self.instead(tool, arguments) if self.instead else None
        return None if used is None else vars(used)

    def env(self, now: datetime, values: Mapping[str, Any], **more: Any) -> Env:
        """What a tool may use of it, and what the turn adds."""
        usual = {name: getattr(self, name) for name in FOR_TOOLS}
        return Env(self.http, now, values, **{**usual, **more})
