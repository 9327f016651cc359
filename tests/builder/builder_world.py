"""What the builder's tests share."""

from dataclasses import dataclass, field

from runtime.agents.agent import Agent
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.breaker import Unwell
from runtime.models.keyring import Resting
from runtime.models.targets import keys_of

ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": "canary0000000000", "original_id": "gh_abcdef123456"}
SAY = {"type": "reply", "id": "say", "text": "好"}
ASK = {"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}


@dataclass
class Models:
    """Whether a model works, as told: remembers which endpoints it was asked about."""

    works: bool = True
    ranks: object = None
    checked: list = field(default_factory=list)

    async def check(self, endpoint, model=""):
        self.checked.append(endpoint)
        if not self.works:
            raise ModelFailed(Text("密钥不对。", "The key is wrong."), code="auth")
        return Text("可以使用。", "It works.")

    async def listed(self, endpoint):
        return ["deepseek-chat", "deepseek-next"]

    def unwell(self):
        why = ModelFailed(Text("太忙", "too busy"), code="server")
        return [Unwell("deepseek/deepseek-chat", "open", 3, 12.4, why)]

    def resting(self, endpoint):
        why = ModelFailed(Text("密钥不对。", "The key is wrong."), code="auth")
        return [Resting(key.name, 0.0 if key.name == "main" else 599.6, why) for key in keys_of(endpoint)]


def add(studio, *flow, id="shop", **more):
    """Save an agent; return its revision."""
    agent = Agent.load({"id": id, "name": "店", "flow": list(flow) or [SAY], **more})
    return studio.library.save(agent)
