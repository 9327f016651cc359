"""The bare limit of a callback server: verify, decrypt, acknowledge; optionally store, or answer.

    BARE=durable uvicorn bench.bare:app

BARE=ack stores nothing; durable inserts into SQLite (WAL, synchronous=FULL, group commit) first; answer asks
the model and sends, in memory: a floor to measure against, not a design.
"""

import asyncio
import json
import os
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.crypto import Seal, sign
from runtime.simulator.wechat.wire import Wire

ACCOUNT = Account()


class Inbox:
    """One thread, one transaction for all that queued up meanwhile."""

    def __init__(self) -> None:
        path = Path(tempfile.mkdtemp()) / "inbox.db"
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript(
            "pragma journal_mode=wal; pragma synchronous=full;"
            "create table inbox(id text primary key, body text)"
        )
        self._waiting: list[tuple[tuple[str, str], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, id: str, body: str) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(((id, body), future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [row for row, _ in batch])
            for _, future in batch:
                future.set_result(None)

    def _commit(self, rows: list[tuple[str, str]]) -> None:
        self._db.execute("begin")
        self._db.executemany("insert or ignore into inbox values(?,?)", rows)
        self._db.execute("commit")


class Bare:
    def __init__(self, mode: str, model: str, platform: str) -> None:
        self._mode, self._model, self._platform = mode, model, platform
        self._wire = Wire(ACCOUNT)
        self._seal = Seal(ACCOUNT.encoding_aes_key, ACCOUNT.app_id)
        self._inbox = Inbox()
        self._tasks: set[asyncio.Task[None]] = set()
        self._token = ""
        self._session: aiohttp.ClientSession | None = None

    async def callback(self, request: Request) -> PlainTextResponse:
        query = request.query_params
        outer = self._wire.parse((await request.body()).decode())
        signed = sign(ACCOUNT.token, query["timestamp"], query["nonce"], outer["Encrypt"])
        if signed != query["msg_signature"]:
            return PlainTextResponse("", 403)
        body = self._seal.open(outer["Encrypt"])
        fields = self._wire.parse(body)
        if self._mode == "durable":
            await self._inbox.put(fields["MsgId"], body)
        if self._mode == "answer":
            task = asyncio.create_task(self._answer(fields["FromUserName"], fields["Content"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return PlainTextResponse("success")

    async def _answer(self, to: str, text: str) -> None:
        asked = {"model": "bench", "messages": [{"role": "user", "content": text}]}
        answer = await self._post(f"{self._model}/v1/chat/completions", asked)
        reply = answer["choices"][0]["message"]["content"]
        if not self._token:
            who = {"grant_type": "client_credential", "appid": ACCOUNT.app_id, "secret": ACCOUNT.app_secret}
            self._token = (await self._post(f"{self._platform}/cgi-bin/stable_token", who))["access_token"]
        message = {"touser": to, "msgtype": "text", "text": {"content": reply}}
        url = f"{self._platform}/cgi-bin/message/custom/send?access_token={self._token}"
        await self._post(url, message)

    async def _post(self, url: str, body: dict[str, Any]) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        # the platform takes \uXXXX for literal text
        async with self._session.post(url, data=json.dumps(body, ensure_ascii=False).encode()) as response:
            return await response.json(content_type=None)


bare = Bare(
    os.environ.get("BARE", "ack"), os.environ.get("BARE_MODEL", ""), os.environ.get("BARE_PLATFORM", "")
)
app = Starlette(routes=[Route("/wx", bare.callback, methods=["POST"])])
