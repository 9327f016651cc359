"""How a request says whose it is: by a named secret, in the form that an interface wants."""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.network.reach import Reach, host_of
from runtime.newest import Newest
from runtime.tools import Env
from runtime.tools._api_address import authority

Kind = Literal["none", "bearer", "basic", "header", "query", "oauth2"]
KINDS: dict[Kind, Text] = {
    "none": Text("不需要", "None"),
    "bearer": Text("Bearer 令牌", "Bearer token"),
    "header": Text("请求头里的密钥", "Key in a header"),
    "query": Text("网址参数里的密钥", "Key in the query"),
    "basic": Text("用户名和密码", "User name and password"),
    "oauth2": Text("OAuth2 客户端凭据", "OAuth2 client credentials"),
}
EARLIER = 60
"""Seconds before its end that a token is no longer used."""
LONGEST = 3600
"""Seconds that one is kept, whatever it says of itself."""
NO_TOKEN = Text("{host} 没有给出令牌：{start}", "{host} gave no token: {start}")


@dataclass(frozen=True)
class WayIn:
    """`name`: of the header or the query's parameter; `user`: or the id of an OAuth2 client."""

    kind: Kind
    secret: str = ""
    name: str = ""
    user: str = ""
    token_url: str = ""
    scope: str = ""

    def secrets(self, host: str) -> dict[str, str]:
        """Its named secret, and the host that it is sent to."""
        if self.kind == "none" or not self.secret:
            return {}
        return {self.secret: authority(self.token_url) if self.kind == "oauth2" else host}

    def reveals(self, host: str) -> list[tuple[str, str]]:
        """Who is shown the secret, and who the token that it is exchanged for, which opens as much."""
        shown = self.secrets(host).items()
        return [(name, to) for name, there in shown for to in dict.fromkeys((there, host))]

    async def opened(self, env: Env, host: str, tool: str) -> "Shown":
        """Raises ToolFailed: the secret is not set, not for that host; no token was given for it."""
        if self.kind == "none" or not self.secret:
            return Shown()
        value = ""
        for name, to in self.reveals(host):
            value = env.secrets.open(name, to)
        if self.kind == "header":
            return Shown(headers={self.name or "X-API-Key": value}, hidden=(value,))
        if self.kind == "query":
            return Shown(query=[(self.name or "key", value)], hidden=(value,))
        if self.kind == "basic":
            pair = base64.b64encode(f"{self.user}:{value}".encode()).decode()
            return Shown(headers={"Authorization": f"Basic {pair}"}, hidden=(value, pair))
        token = await self._token(env, value, tool) if self.kind == "oauth2" else value
        return Shown(headers={"Authorization": f"Bearer {token}"}, hidden=(value, token))

    async def _token(self, env: Env, secret: str, tool: str) -> str:
        """Raises ToolFailed."""
        whose = f"{self.token_url}\n{self.user}\n{self.scope}\n{secret}"
        key = hashlib.sha256(whose.encode()).hexdigest()
        known = _tokens.get(key)
        if known and known[1] > time.monotonic():
            return known[0]
        host = host_of(self.token_url)
        asked = {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        pair = base64.b64encode(f"{self.user}:{secret}".encode()).decode()
        answer = await env.http.fetch(
            "POST",
            self.token_url,
            headers={
                "Authorization": f"Basic {pair}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=urlencode(asked).encode(),
            max_bytes=100_000,
            reach=Reach(chosen="owner", tool=tool, hosts=(host,)),
        )
        try:
            said: Any = wellformed.load(answer.text, deepest=10)
        except ValueError:
            said = None
        token = said.get("access_token") if isinstance(said, dict) else None
        if answer.status != 200 or not isinstance(token, str) or not 0 < len(token) <= 8000:
            start = answer.text.strip()[:200].replace(secret, "***").replace(pair, "***")
            raise ToolFailed(NO_TOKEN.fill(host=host, start=start))
        seconds = said.get("expires_in")
        lasts = min(float(seconds), LONGEST) if isinstance(seconds, int | float) else 300.0
        if lasts > EARLIER:
            _tokens[key] = (token, time.monotonic() + lasts - EARLIER)
        return token


_tokens: Newest[str, tuple[str, float]] = Newest(200)
"""By whose they are, as a hash; until when, by a clock that never jumps."""


@dataclass(frozen=True)
class Shown:
    """What a request carries. `hidden`: what of it nobody else may see."""

    headers: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    hidden: tuple[str, ...] = ()
