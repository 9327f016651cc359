"""What every turn shares, and what of it a tool may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.code.running import Sandbox
from runtime.knowledge.search.found import Searches
from runtime.models.completion import Models
from runtime.templating.prompts import Prompts
from runtime.tools import Env, Http, Mails, NoSecrets, RunsPrograms, Says, Secrets


@dataclass(frozen=True)
class Services:
    """None: there is no such thing here, and what needs it says so."""

    models: Models
    prompts: Prompts
    http: Http
    secrets: Secrets = field(default_factory=NoSecrets)
    knowledge: Searches | None = None
    code: Sandbox = field(default_factory=Sandbox)
    mail: Mails | None = None
    says: Says | None = None
    programs: RunsPrograms | None = None

    def env(self, now: datetime, values: Mapping[str, Any], **more: Any) -> Env:
        """What a tool may use of it, and what the turn adds."""
        usual = {"knowledge": self.knowledge, "mail": self.mail, "says": self.says, "programs": self.programs}
        return Env(self.http, now, values, secrets=self.secrets, **{**usual, **more})
