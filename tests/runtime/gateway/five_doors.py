"""One gateway with five ways in to one agent and a sixth to another; each is written to as it is there."""

import asyncio
import hashlib
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass

from several_published import Book

from runtime.channels import WebRequest
from runtime.channels._tencent.crypto import signature
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.message import Message
from runtime.network.platform_answer import Transferred
from script import Script, calls, says, services

TOKEN, PROOF = "callbacks2026", "w3bh00k-s3cr3t-0123456789"
SETTINGS = {
    "wechat": {
        "app_id": "wx0123456789abcdef",
        "original_id": "gh_0123456789ab",
        "token": TOKEN,
        "mode": "plain",
        "app_secret": "0" * 32,
    },
    "telegram": {"mode": "webhook", "bot_token": f"7000000001:{'A' * 35}", "webhook_secret": PROOF},
    "web": {},
    "api": {},
    "email": {"provider": "163", "address": "shop@163.com", "password": "p", "trusts": "mx.163.com"},
}
DOORS = tuple(SETTINGS)
AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "memory": {"type": "window", "turns": 20, "facts": True},
    "limits": {"messages_per_minute": 1000},
    "flow": [{"type": "model", "id": "answer"}],
}
TOLD = re.compile(r"我的(\w+)是(.+)")
TAKEN = {"ok": True, "result": {"message_id": 9}, "errcode": 0, "access_token": "AT", "expires_in": 7200}


class Repeats(Script):
    """A model that keeps what it is told of people, and repeats all that it was shown."""

    repeats = True

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        *_, last = request.messages
        if last["role"] == "user" and (told := TOLD.search(str(last["content"]))):
            return calls(("remember", {"name": told[1], "value": told[2], "kind": "about"}))
        if not self.repeats:
            return says("好的")
        return says("听到：" + "｜".join(str(one["content"]) for one in request.messages)[-1500:])


class Platforms:
    """Implements Outbound: each takes whatever is sent."""

    def api(self, host):
        return self

    async def told(self, path, body, query, headers, **bounds):
        return Transferred(200, TAKEN, b"", {})

    async def close(self):
        pass


class Letters:
    """A mailbox, as its process tells of it."""

    def __init__(self):
        self.came, self.count = asyncio.Queue(), 0

    async def call(self, server, account, path, body):
        if path != "/look":
            return {"sent": True}
        letters = [] if self.count == 0 and not body["cursor"] else [await self.came.get()]
        self.count += len(letters)
        return {"letters": letters, "cursor": f"1:{self.count + 1}", "more": False}

    async def close(self):
        pass


@dataclass
class House:
    gateway: Gateway
    models: Repeats
    letters: Letters
    count: int = 0

    async def write(self, door, who, text):
        self.count += 1
        n = self.count
        if door in ("wechat", "telegram"):
            request = written(door, who, text, n, now())
            await self.gateway.callback(door, request)
        elif door == "email":
            self.letters.came.put_nowait(letter(who, text, n))
        else:
            user = {"id": who} if door == "api" else {}
            message = Message(f"m{n}", face(door, who), text, at=now(), who=user, follows=door == "web")
            await self.followed(door, message)

    async def say(self, door, who, text):
        """What they are answered."""
        before, end = await self.newest(), now() + 30
        await self.write(door, who, text)
        while (seq := await self.newest()) == before or await self.gateway.messages.outcome(seq) is None:
            assert now() < end, f"{door} has no answer to {text}"
            await asyncio.sleep(0.01)
        return (await self.gateway.messages.outcome(seq))[0]

    async def followed(self, publication, message):
        """The end of its turn."""
        return [event async for event in self.gateway.stream(publication, message)][-1]

    async def newest(self):
        sql = "select coalesce(max(seq), 0) from messages"
        return await self.gateway.messages.database.read(lambda db: db.execute(sql).fetchone()[0])

    async def join(self, one, other, who):
        """By a code that one door gives and the other takes."""
        code = re.search(r"\d{8}", await self.say(one, who, "关联账号"))[0]
        return await self.say(other, who, f"关联账号 {code}")

    def shown(self):
        """The newest question to the model: what it is told, and what was said."""
        first, *rest = self.models.requests[-1].messages
        return first["content"], [one["content"] for one in rest]


def now():
    return asyncio.get_running_loop().wall()


def face(door, who):
    """What somebody is called there."""
    number = int(hashlib.sha256(who.encode()).hexdigest()[:6], 16) + 1000
    names = {"wechat": f"o_{who}", "telegram": str(number), "email": f"{who}@example.com"}
    return names.get(door, f"key:{who}" if door == "api" else f"v-{who}")


def written(door, who, text, n, now):
    """A call of the platform's, as it proves itself."""
    if door == "wechat":
        stamp, nonce, to = str(int(now)), f"n{n}", "gh_0123456789ab"
        fields = {"ToUserName": to, "FromUserName": face(door, who), "CreateTime": stamp, "MsgType": "text"}
        fields |= {"Content": text, "MsgId": str(n)}
        body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
        query = {"signature": signature(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        return WebRequest("POST", query, f"<xml>{body}</xml>".encode())
    person = {"id": int(face(door, who)), "is_bot": False, "first_name": who}
    told = {"message_id": n, "date": int(now), "chat": {"id": person["id"], "type": "private"}}
    update = {"update_id": n, "message": {**told, "from": person, "text": text}}
    return WebRequest("POST", {}, json.dumps(update).encode(), {"x-telegram-bot-api-secret-token": PROOF})


def letter(who, text, n):
    proof = "mx.163.com; dmarc=pass header.from=example.com"
    told = {"uid": n, "validity": 1, "at": now(), "from": face("email", who), "name": who, "subject": "信"}
    told |= {"id": f"<{n}@example.com>", "references": [], "text": text, "files": [], "too_large": False}
    return {**told, "signs": {"results": proof}}


@asynccontextmanager
async def house(folder, **agent):
    loop = asyncio.get_running_loop()
    shop = {**AGENT, **agent}
    book = Book({id: OnePublication(id, SETTINGS[id], shop, id=id) for id in DOORS})
    book.records["elsewhere"] = OnePublication("web", {}, {**shop, "id": "other"}, id="elsewhere")
    models, letters = Repeats(), Letters()
    own = (folder, book, services(models), Unobserved(), {})
    gateway = Gateway(*own, clock=loop.wall, outbound=Platforms(), outside=loop.outside)
    gateway.sender._asking._own = letters
    await gateway.start()
    try:
        yield House(gateway, models, letters)
    finally:
        await gateway.stop()
