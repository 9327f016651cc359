"""A gateway of ours in a home of its own, with an agent that is published and a model to ask."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.ports import free_port
from bench.process import Program
from runtime.agents.agent import Agent
from runtime.models.providers import Endpoint
from runtime.publish import USUAL, issue_key, publish
from runtime.simulator.wechat.accounts import Account
from runtime.store.control.control import Control

AGENT: dict[str, Any] = {
    "format": 1,
    "id": "bench",
    "name": "压测",
    "memory": {"type": "none"},
    "flow": [{"type": "model", "id": "answer", "model": "fake/bench"}],
}


KEY = Path("data", "secret.key")
WAYS = {"directly": "openai_compatible", "through litellm": "deepseek"}
"""How a model is asked, and a provider that is asked so."""


@dataclass(frozen=True)
class Installation:
    home: Path
    port: int
    path: str
    """Of the callback."""
    key: str
    """An API key of the agent."""
    program: Program

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def callback(self) -> str:
        return self.url + self.path

    async def ready(self, seconds: float = 20) -> float:
        """Wait until messages can be accepted: seconds until then, as Program.lived() counts them.

        Raises TimeoutError, OSError.
        """
        client, said = Client(self.url), "nothing"
        while self.program.lived() < seconds:
            if (code := self.program.exit_code()) is not None:
                raise ChildProcessError(f"the gateway ended with {code}, see {self.program.log}")
            try:
                answer = await client.get("/ready")
                if answer.status == 200:
                    return self.program.lived()
                said = f"{answer.status} {answer.body.decode(errors='replace')}"
            except OSError as e:
                said = type(e).__name__
            await asyncio.sleep(0.02)
        raise TimeoutError(
            f"the gateway was not ready in {seconds} s (/ready: {said}), see {self.program.log}"
        )


def beside(first: Installation, home: Path) -> Installation:
    """Another one on the same database: its files come from there, and it has the same key."""
    (home / "data").mkdir(parents=True)
    shutil.copy(first.home / KEY, home / KEY)
    port = free_port()
    environment = {**first.program.environment, "HONGYAN_HOME": str(home), "HONGYAN_PORT": str(port)}
    program = Program.python("app.py", "gateway", environment=environment, log=home / "gateway.log")
    return replace(first, home=home, port=port, program=program)


def install(
    home: Path,
    account: Account,
    *,
    model_url: str,
    platform_url: str,
    provider: str = "openai_compatible",
    agent: Mapping[str, Any] = AGENT,
    providers: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Installation:
    """Publish the agent on an Official Account in a new home. The gateway is not started. `providers`:
    endpoints by name."""
    return install_on(
        home,
        "wechat",
        account.settings,
        model_url=model_url,
        provider=provider,
        agent=agent,
        providers=providers,
        environment={"HONGYAN_WECHAT_API": platform_url, **(environment or {})},
    )


def install_on(
    home: Path,
    channel: str,
    settings: Mapping[str, str],
    *,
    model_url: str,
    environment: Mapping[str, str],
    provider: str = "openai_compatible",
    agent: Mapping[str, Any] = AGENT,
    providers: Mapping[str, str] | None = None,
) -> Installation:
    """The same on any channel, whose platform's hosts stand in the environment."""
    control = Control.in_folder(home / "data", "")
    for name, kind in (providers or {"fake": provider}).items():
        endpoint = {"name": name, "provider": kind, "api_base": f"{model_url}/v1", "models": ["bench"]}
        control.save_endpoint(Endpoint.model_validate({**endpoint, "api_key": "sk-of-the-fake"}))
    allowed = tuple(environment.get("HONGYAN_EGRESS_ALLOW", "").split())
    published = publish(control, Agent.load(agent), channel, settings, allowed=allowed)
    port = free_port()
    whole = {
        "HONGYAN_HOME": str(home),
        "HONGYAN_PORT": str(port),
        "HONGYAN_LOG": "warning",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        **environment,
    }
    program = Program.python("app.py", "gateway", environment=whole, log=home / "gateway.log")
    key = issue_key(control, Agent.load(agent), allowed=allowed, **dict.fromkeys(USUAL, 0))
    return Installation(home, port, published.path, key, program)
