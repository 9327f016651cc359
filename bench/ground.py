"""What every row stands on: the fakes on loopback, programs to start against them, and how long to take."""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.installation import AGENT, WAYS, Installation, beside, install
from bench.load import Load
from bench.model import Model
from bench.ports import free_port
from bench.process import CHECKOUT, Program
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.store.database.postgres_url import VARIABLE

API_LATENCY = 0.02
"""Seconds that WeChat's API takes."""


@dataclass(frozen=True)
class Ground:
    quick: bool
    account: Account
    platform: Platform
    model: Model
    platform_url: str
    model_url: str
    figures: dict[tuple[str, int], dict[str, float]]
    """Of raw_models, measured once in a run."""
    way: str = "directly"
    """How the gateway asks its model: see installation.WAYS."""
    stored: int = 0
    """Messages of row 23; 0: as many as are usual."""

    def of(self, quick: float, full: float) -> float:
        """A size or duration, as thorough as asked for."""
        return quick if self.quick else full

    def load(self, url: str) -> Load:
        """Starts a new record of what happens."""
        self.model.clear()
        self.platform.sent.clear()
        return Load(url, self.account, self.platform)

    @contextlib.asynccontextmanager
    async def gateway(
        self,
        agent: Mapping[str, Any] = AGENT,
        account: Account | None = None,
        *,
        warm: bool = True,
        providers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Installation]:
        """A fresh one, started and warm: it has answered a message."""
        with tempfile.TemporaryDirectory(prefix="hongyan-bench-") as folder:
            made = install(
                Path(folder),
                account or self.account,
                model_url=self.model_url,
                platform_url=self.platform_url,
                agent=agent,
                providers=providers or {"fake": WAYS[self.way]},
            )
            try:
                if warm:
                    made.program.start()
                    await made.ready()
                    await self.warm(made, account or self.account)
                yield made
            finally:
                made.program.kill()

    @contextlib.asynccontextmanager
    async def gateways(self, count: int, url: str) -> AsyncIterator[list[Installation]]:
        """So many on one database at that address, all warm."""
        with tempfile.TemporaryDirectory(prefix="hongyan-bench-") as folder:
            first = self.made(Path(folder) / "1", {VARIABLE: url})
            all = [first, *(beside(first, Path(folder) / str(n)) for n in range(2, count + 1))]
            try:
                for one in all:
                    one.program.start()
                    await one.ready(60)
                for one in all:
                    await self.warm(one, self.account)
                yield all
            finally:
                for one in all:
                    one.program.kill()

    def made(self, home: Path, environment: Mapping[str, str]) -> Installation:
        """Not started."""
        return install(
            home,
            self.account,
            model_url=self.model_url,
            platform_url=self.platform_url,
            providers={"fake": WAYS[self.way]},
            environment=environment,
        )

    async def warm(self, made: Installation, account: Account) -> None:
        latency, self.model.latency = self.model.latency, 0.05
        wave = await Load(made.callback, account, self.platform).wave(2, 4, 4, settle=60)
        self.model.latency = latency
        if wave.answered < wave.messages:
            log = (made.home / "gateway.log").read_text(encoding="utf-8")
            raise RuntimeError(f"the gateway does not answer: {wave.problems} {log[-2000:]}")

    @contextlib.asynccontextmanager
    async def bare(self, mode: str) -> AsyncIterator[tuple[str, Program]]:
        """The bare server; its callback address."""
        port = free_port()
        environment = {"BARE": mode, "BARE_MODEL": self.model_url, "BARE_PLATFORM": self.platform_url}
        arguments = ["--port", str(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log"]
        program = Program.python("-m", "uvicorn", "bench.bare:app", *arguments, environment=environment)
        program.start()
        try:
            await _listens(port)
            yield f"http://127.0.0.1:{port}/wx", program
        finally:
            program.stop(2)

    async def raw_models(self, client: str, together: int) -> dict[str, float]:
        """See bench.raw_models."""
        if (client, together) not in self.figures:
            self.figures[client, together] = await self._raw_models(client, together)
        return self.figures[client, together]

    async def _raw_models(self, client: str, together: int) -> dict[str, float]:
        seconds = str(self.of(2, 5))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.raw_models", client, "--url", self.model_url,
            "--together", str(together), "--seconds", seconds,
            cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        result: dict[str, float] = json.loads(out.splitlines()[-1])
        return result


@contextlib.asynccontextmanager
async def ground(
    figures: dict[tuple[str, int], dict[str, float]], *, quick: bool, way: str = "directly", stored: int = 0
) -> AsyncIterator[Ground]:
    account, model = Account(), Model()
    platform = Platform([account])
    platform.faults.latency = API_LATENCY
    async with Server(platform.call) as api, Server(model.call) as llm:
        yield Ground(quick, account, platform, model, api.url, llm.url, figures, way, stored)


async def _listens(port: int) -> None:
    for _ in range(200):
        try:
            await Client(f"http://127.0.0.1:{port}").get("/")
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise TimeoutError("the bare server did not start")
