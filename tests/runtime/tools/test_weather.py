"""The weather of a place, with and without a key."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from runtime.errors import ToolFailed
from runtime.tools.weather import TOOL
from tool_fakes import KEY, NOW, QWEATHER, Keys, env, open_meteo, qweather

OPEN = TOOL(type="weather")


def own(**more):
    return TOOL(type="weather", source="qweather", host=QWEATHER, **more)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("杭州", "杭州, 浙江, 中国"),
        (" 杭州市 ", "杭州, 浙江, 中国"),
        ("浙江省杭州市", "杭州, 浙江, 中国"),
        ("中国浙江省杭州市西湖区", "杭州, 浙江, 中国"),
        ("paris", "Paris, France"),
    ],
)
async def test_a_place_is_found_as_people_write_it(place, name):
    told = await OPEN.call({"place": place, "days": 2}, env(open_meteo()))
    assert told["place"] == name
    chinese = name.startswith("杭")
    assert told["now"] == {
        "time": "2026-11-29T09:00",
        "weather": "阴" if chinese else "overcast",
        "celsius": 9.3,
        "wind_kmh": 11.2,
    }
    assert [(day["date"], day["max_celsius"], day["min_celsius"]) for day in told["days"]] == [
        ("2026-11-29", 12.5, 4.0),
        ("2026-11-30", 12.5, 4.0),
    ]
    assert [day.get("rain_percent") for day in told["days"]] == [None, 80.0]
    assert told["days"][0]["weather"] == ("小雨" if chinese else "light rain")


async def test_the_usual_city_is_taken_when_none_is_named_and_asked_for_when_there_is_none():
    usual = TOOL(type="weather", place="杭州")
    assert (await usual.call({}, env(open_meteo())))["place"].startswith("杭州")
    with pytest.raises(ToolFailed, match="Ask the person"):
        await OPEN.call({}, env(open_meteo()))
    with pytest.raises(ToolFailed, match="Atlantis"):
        await OPEN.call({"place": "Atlantis"}, env(open_meteo()))


async def test_qweather_is_asked_with_a_key():
    keys = Keys()
    told = await own().call({"place": "杭州"}, env(qweather(), keys))
    assert told["now"]["celsius"] == 9.0
    assert told["now"]["weather"] == "阴"
    assert [day["weather"] for day in told["days"]] == ["小雨"] * 3
    assert keys.sent_to == [("qweather", QWEATHER)]
    with pytest.raises(ToolFailed, match="no place"):
        await own().call({"place": "Atlantis"}, env(qweather()))
    with pytest.raises(ToolFailed) as caught:
        await own().call({"place": "杭州"}, env(qweather(), Keys(qweather="wrong-key-99")))
    assert "wrong-key-99" not in str(caught.value)


async def test_qweather_is_asked_with_a_token_that_its_owner_signed():
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def allowed(headers):
        head, body, signature = headers["Authorization"].removeprefix("Bearer ").split(".")
        private.public_key().verify(unpacked(signature), f"{head}.{body}".encode())
        told = json.loads(unpacked(body))
        now = NOW.timestamp()
        assert json.loads(unpacked(head)) == {"alg": "EdDSA", "kid": "CRED1"}
        return told["sub"] == "PROJ1" and told["iat"] <= now < told["exp"] <= now + 86_400

    tool = own(project="PROJ1", credential="CRED1")
    told = await tool.call({"place": "杭州", "days": 7}, env(qweather(allowed), Keys(qweather=pem)))
    assert len(told["days"]) == 7
    with pytest.raises(ToolFailed, match="Ed25519") as caught:
        await tool.call({"place": "杭州"}, env(qweather(allowed), Keys()))
    assert KEY not in str(caught.value)


def unpacked(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_what_is_missing_is_told_before_publishing():
    assert [one.field for one in TOOL(type="weather", source="qweather").check({}, ())] == ["host"]
    assert own().host == f"https://{QWEATHER}"
    assert own().secrets() == {"qweather": QWEATHER}
    assert OPEN.secrets() == {}
