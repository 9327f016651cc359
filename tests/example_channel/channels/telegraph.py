"""Messages by telegraph: a connection that we hold, and telegrams that grow on it.

It differs from what ships wherever a channel may: a station may be on several lines at once, every telegram
is acknowledged, and a push goes over the line as well.
"""

import json

from pydantic import SecretStr

from runtime import wellformed
from runtime.channels import (
    ApiAnswer,
    Channel,
    Codes,
    Connects,
    End,
    Frame,
    Limits,
    Link,
    Pieces,
    Profile,
    Pushes,
    Step,
    Streams,
)
from runtime.errors import Refused, SendFailed
from runtime.lang import Text
from runtime.message import Message, Quota
from runtime.schema import About, Strict, setting

BEAT = 10.0
REASONS = {
    "malformed": Text("看不懂的电码，已丢弃。", "Not Morse; dropped."),
    "stranger": Text(
        "局里不认识这个电台，请核对呼号。", "The office does not know the station; check its sign."
    ),
    "storm": Text("线路断了，稍后重连。", "The wire is down; tried again soon."),
    "torn": Text("这张电报纸写满了。", "This form is full."),
    "busy": Text("电报员正忙。", "The clerk is busy."),
}


class Settings(Strict):
    station: str = setting(title=Text("电台", "Station"), min_length=2, max_length=32)
    sign: SecretStr = setting(title=Text("呼号", "Call sign"), widget="secret", min_length=8)


class Wire(Link):
    """Says its sign, ticks every ten seconds, acknowledges each telegram."""

    def __init__(self, settings):
        self._settings = settings
        self._tries = 0

    def opened(self, now):
        self.tick_at = now + BEAT
        sign = self._settings.sign.get_secret_value()
        return Step(send=[Frame(json.dumps({"station": self._settings.station, "sign": sign}))])

    def frame(self, text, now):
        try:
            told = wellformed.load(text.encode())
            match told["is"]:
                case "welcome":
                    self.is_up, self._tries = True, 0
                    return Step()
                case "stranger":
                    return Step(end=End(REASONS["stranger"], "stranger"))
                case "answer":
                    return Step(answers=[(str(told["to"]), ApiAnswer(200, told))])
                case "telegram":
                    message = Message(
                        str(told["id"]),
                        str(told["from"]),
                        wellformed.text(str(told["text"])),
                        at=now,
                        handle={"form": str(told["form"])},
                    )
                    return Step(messages=[message], after=[Frame(json.dumps({"got": told["id"]}))])
        except (ValueError, KeyError, TypeError):
            pass
        raise Refused(REASONS["malformed"], code="malformed")

    def tick(self, now):
        self.tick_at = now + BEAT
        return Step(send=[Frame(json.dumps({"tick": True}))])

    def closed(self, now):
        self.is_up, self._tries = False, self._tries + 1
        return End(REASONS["storm"], "storm", min(2.0**self._tries, 30.0))


class Telegraph(Connects, Streams, Pushes, Channel):
    about = About(Text("电报", "Telegraph"), Text("人们发电报", "People wire"))
    profile = Profile(
        audience="anyone",
        writes=Text("有电台的人", "Whoever has a key"),
        needs=Text("一座电台", "A station"),
        cost=Text("按字数", "By the word"),
        risk=Text("雷雨", "Thunder"),
        public_address=False,
    )
    Settings = Settings
    limits = Limits(60, "characters")
    codes = Codes(throttled=frozenset({"busy"}))
    api_host = "https://telegraph.example"
    api_host_setting = "HONGYAN_TELEGRAPH_API"
    link_host = "wss://telegraph.example"
    link_host_setting = "HONGYAN_TELEGRAPH_WS"
    exclusive = False
    answer_seconds = 3
    connects = True
    pieces = Pieces(quick=1.0, few=3, slow=4.0)
    bubble_seconds = 100
    bubble_over = frozenset({"torn"})
    push_seconds = 3600
    knows_repeats = False
    may_push = True

    @classmethod
    def explain(cls, code):
        return REASONS.get(code, Text("电报局没有收下。", "The office did not take it."))

    @classmethod
    def render(cls, markdown):
        text = markdown.strip()
        return [text[i : i + 60] for i in range(0, len(text), 60)]

    @property
    def account(self):
        return self.settings.station

    def link(self):
        return Wire(self.settings)

    def grows(self, message):
        return "form" in message.handle

    def grow(self, bubble, text, now, *, done):
        key = f"g{bubble.id}"
        told = {"form": bubble.message.handle["form"], "text": text, "done": done, "key": key}
        return Frame(json.dumps(told), key)

    def grown(self, answer):
        self.pushed(answer)

    def quota(self, message):
        return Quota(20, 3600)

    def push(self, part, to, key):
        return Frame(json.dumps({"to": to, "text": part, "key": key}), key)

    def pushed(self, answer):
        code = answer.data.get("error", "" if answer.data.get("is") == "answer" else "uncertain")
        if code != "":
            code = code if isinstance(code, str) else "uncertain"
            raise SendFailed(self.explain(code), code=code, retryable=code in self.codes.throttled)

    def probe(self):
        return Frame(json.dumps({"key": "probe"}), "probe")

    def probed(self, answer):
        self.pushed(answer)
        return True


CHANNEL = Telegraph
"""Where `discover` finds the channel."""
