"""WeCom's and WeChat's servers, as far as a scan to sign in asks them, with the errors of the real ones."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

WORDS = {
    40001: "invalid credential, access_token is invalid or not latest",
    40013: "invalid corpid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    41001: "access_token missing",
    41008: "missing code",
    42001: "access_token expired",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
}


def refuses(code, hints=True):
    return {"errcode": code, "errmsg": f"{WORDS[code]}, hints: [ req_id: fGhB2 ]" if hints else WORDS[code]}


@dataclass
class Platform:
    """`codes`: who a code stands for. Each is good once."""

    codes: dict = field(default_factory=dict)
    refuses: dict = field(default_factory=dict)
    """Error codes by the path that answers with them."""
    asked: list = field(default_factory=list)
    used: set = field(default_factory=set)

    def answer(self, path, query):
        self.asked.append((path, query))
        if code := self.refuses.get(path):
            return refuses(code)
        return getattr(self, path.rpartition("/")[2])(query)

    def exchanged(self, code, unknown=40029, used=40029):
        """Who it stands for, or the error."""
        if not code:
            return refuses(41008)
        if code in self.used:
            return refuses(used)
        if code not in self.codes:
            return refuses(unknown)
        self.used.add(code)
        return self.codes[code]


@dataclass
class WeComPlatform(Platform):
    secret: str = "corp-secret"

    def gettoken(self, query):
        if query["corpid"] != "ww1":
            return refuses(40013)
        if query["corpsecret"] != self.secret:
            return refuses(40001)
        return {"errcode": 0, "errmsg": "ok", "access_token": "corp-token", "expires_in": 7200}

    def getuserinfo(self, query):
        if query.get("access_token") != "corp-token":
            return refuses(41001)
        return {"errcode": 0, "errmsg": "ok"} | self.exchanged(query.get("code"))

    def get(self, query):
        if query["userid"] != "ZhangSan":
            return refuses(60011)
        return {"errcode": 0, "errmsg": "ok", "userid": "ZhangSan", "name": "张三", "department": [1, 7]}


@dataclass
class WeChatPlatform(Platform):
    secret: str = "app-secret"

    def access_token(self, query):
        if query["appid"] != "wx1":
            return refuses(40013)
        if query["secret"] != self.secret:
            return refuses(40125)
        return self.exchanged(query.get("code"), used=40163)

    def userinfo(self, query):
        if query.get("access_token") != "user-token":
            return refuses(40001)
        return {"openid": query["openid"], "nickname": "阿茶🍵", "sex": 0, "privilege": []}


@asynccontextmanager
async def serving(platform):
    """Its address, on loopback. Errors come with HTTP 200, and JSON as text/plain, as theirs do."""

    async def serve(reader, writer):
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                url = urlsplit(line.split()[1].decode())
                body = json.dumps(
                    platform.answer(url.path, dict(parse_qsl(url.query))), ensure_ascii=False
                ).encode()
                kind = (
                    "text/plain"
                    if isinstance(platform, WeChatPlatform)
                    else "application/json; charset=UTF-8"
                )
                writer.write(
                    f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
