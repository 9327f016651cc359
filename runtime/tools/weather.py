"""The weather of a place, now and in the next days."""

import base64
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.network.reach import Reach, host_of
from runtime.schema import About, Problem, Strict, setting
from runtime.tools import Env, Power, Tool, checked, schema_of
from runtime.tools._answers import asked_json
from runtime.tools._api_address import ApiAddress, SecretName, authority
from runtime.tools._forecasts import open_meteo, qweather
from runtime.tools._request_check import private_address
from runtime.tools._secrets import Veil

SOURCES = {
    "open_meteo": Text("Open-Meteo（不用密钥）", "Open-Meteo (no key)"),
    "qweather": Text("和风天气", "QWeather"),
}
NO_HOST = Text(
    "请填和风天气控制台里的 API Host，例如 abc123.re.qweatherapi.com",
    "give the API host of your QWeather console, such as abc123.re.qweatherapi.com",
)
NO_PLACE = Text("请先问用户想查哪个城市。", "Ask the person which city is meant.")
BAD_PEM = Text(
    "密钥「{name}」不是 Ed25519 私钥（PEM）。用 API KEY 时请把项目 ID 和凭据 ID 留空。",
    "The secret {name!r} is no Ed25519 private key (PEM). For an API key leave project and credential empty.",
)
LIFETIME = 900
"""Seconds that a signed token is good for; QWeather takes up to a day."""


class Arguments(Strict):
    place: str = Field("", description="A city, in any language, e.g. 杭州 or Paris.", max_length=100)
    days: int = Field(3, description="Days to tell, from today on.", ge=1, le=7)


class Weather(Tool):
    """Tell the weather of a city, now and in the next days (°C, mm, km/h)."""

    about: ClassVar[About] = About(
        Text("查天气", "Weather"),
        Text("现在和未来几天的天气", "The weather now and in the next days"),
        "cloud",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "place": Text("哪里", "Where"),
        "days": Text("几天", "How many days"),
    }
    type: Literal["weather"]
    source: Literal["open_meteo", "qweather"] = setting(
        "open_meteo",
        title=Text("数据来源", "Source"),
        hint=Text("Open-Meteo 不要密钥，和风天气要", "Open-Meteo takes no key, QWeather does"),
        choices=lambda: dict(SOURCES),
    )
    place: str = setting(
        "",
        title=Text("默认城市", "Usual city"),
        hint=Text("没有说城市时查这里", "Used when no city is named"),
        max_length=100,
    )
    host: ApiAddress = setting(
        "",
        title=Text("和风天气的 API Host", "QWeather's API host"),
        hint=Text("在和风天气控制台的设置里", "In the settings of QWeather's console"),
        when=("source", "qweather"),
    )
    secret: SecretName = setting(
        "qweather",
        title=Text("密钥的名称", "Name of the secret"),
        hint=Text(
            "「模型」页「密钥」里保存的 API KEY；用 JWT 时是私钥（PEM）",
            "An API key as kept under Secrets on the Models page, or the private key (PEM) for JWT",
        ),
        when=("source", "qweather"),
    )
    project: str = setting(
        "",
        title=Text("项目 ID（用 JWT 时）", "Project id (for JWT)"),
        hint=Text("在和风天气控制台的项目里", "In the project, in QWeather's console"),
        when=("source", "qweather"),
        pattern=r"^[A-Za-z0-9]{0,40}$",
    )
    credential: str = setting(
        "",
        title=Text("凭据 ID（用 JWT 时）", "Credential id (for JWT)"),
        hint=Text("在和风天气控制台的凭据里", "At the credential, in QWeather's console"),
        when=("source", "qweather"),
        pattern=r"^[A-Za-z0-9]{0,40}$",
    )

    @property
    def repeatable(self) -> bool:
        return True

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.READS})

    @property
    def where(self) -> str:
        return host_of(self.host) if self.source == "qweather" else "open-meteo.com"

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        if self.source == "qweather" and not self.host:
            yield Problem("host", NO_HOST)
        elif self.host and (text := private_address(self.host, allowed, self.type)):
            yield Problem("host", text)

    def secrets(self) -> dict[str, str]:
        is_needed = self.source == "qweather" and self.secret
        return {self.secret: authority(self.host)} if is_needed else {}

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        given = checked(Arguments, arguments)
        place = given.place.strip() or self.place.strip()
        if not place:
            raise ToolFailed(NO_PLACE)
        if self.source == "open_meteo":
            return await open_meteo(place, given.days, self._getting(env, {}, Veil(())))
        if not self.host:
            raise ToolFailed(NO_HOST)
        key = env.secrets.open(self.secret, authority(self.host))
        headers = self._signed(key, env.now.timestamp())
        return await qweather(self.host, place, given.days, self._getting(env, headers, Veil([key])))

    def _getting(self, env: Env, headers: Mapping[str, str], veil: Veil) -> Any:
        async def get(base: str, path: str) -> dict[str, Any]:
            reach = Reach(chosen="owner", tool=self.type, hosts=(host_of(base),))
            return await asked_json(
                env.http, "GET", base + path, headers=headers, reach=reach, veil=veil, seconds=12
            )

        return get

    def _signed(self, key: str, now: float) -> dict[str, str]:
        """The headers that prove who asks: https://dev.qweather.com/docs/configuration/authentication/."""
        if not (self.project and self.credential):
            return {"X-QW-Api-Key": key}
        try:
            private = load_pem_private_key(key.encode(), None)
        except (ValueError, TypeError):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise ToolFailed(BAD_PEM.fill(name=self.secret))
        header = {"alg": "EdDSA", "kid": self.credential}
        # A minute back, for clocks that differ.
        payload = {"sub": self.project, "iat": int(now) - 60, "exp": int(now) + LIFETIME}
        signed = ".".join(_packed(json.dumps(part).encode()) for part in (header, payload))
        return {"Authorization": f"Bearer {signed}.{_packed(private.sign(signed.encode()))}"}


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


TOOL = Weather
