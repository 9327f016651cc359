"""Letters by pigeon: signed JSON in, letters by an API out."""

import hmac
import json
import re
from dataclasses import replace
from typing import ClassVar

from pydantic import SecretStr

from example_channel.channels._keeper import Keeper
from runtime import wellformed
from runtime.channels import (
    AccessToken,
    AddressCheck,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Attached,
    Channel,
    Checked,
    ChoiceLimits,
    Chooses,
    Codes,
    Continues,
    Fetches,
    FormFile,
    Guide,
    Guides,
    Identifies,
    Limits,
    Managed,
    Management,
    MediaIn,
    MediaLimits,
    Note,
    Page,
    Pairs,
    Profile,
    Progress,
    PushesMedia,
    Question,
    QuotaLeft,
    Rate,
    ScanCode,
    ToCopy,
    Told,
    TypesByTicket,
    Uploaded,
    Verified,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.errors import Refused, SendFailed
from runtime.lang import Text
from runtime.message import Bounce, Message, Quota
from runtime.schema import About, Strict, setting

SKEW = 300
"""Seconds between a call and our clock."""
EVENTS = {
    "joined": "followed",
    "flew_off": "left",
    "picked": "menu",
    "parcel": "unsupported",
    "landed": "opened",
    "burnt": "recalled",
    "keeper_came": "taken",
    "keeper_went": "returned",
    "keeper_wrote": "replied",
}
PARCEL = re.compile(r"[A-Z0-9]{1,20}")
PARCELS = {"picture": "image", "papers": "file", "song": "voice"}
WRAPPED = b"in straw:"
REASONS = {
    "signature": Text(
        "签名不对，请核对鸽房的口令。", "Bad signature; compare the passphrase with the loft's."
    ),
    "stale": Text("请求的时间不对，请校准时钟。", "The call's time is wrong; check the clock."),
    "malformed": Text("内容不完整，已丢弃。", "Incomplete and dropped."),
    "asleep": Text("鸽子睡了，稍后会再发。", "The pigeons sleep; it is sent again later."),
    "no_rights": Text("这个鸽房不能寄信。", "This loft may not send."),
    "moved": Text("收信人搬走了。", "They have moved away."),
    "eaten": Text("包裹被吃掉了。", "The parcel was eaten."),
    "badge": Text("徽章过期了。", "The badge is out of date."),
    "passphrase": Text("口令不对。请再抄一遍。", "The passphrase is wrong. Copy it again."),
    "stranger": Text("鸽站不认识这个屋顶。请去登记它。", "The post does not know this roof. Register it."),
    "keeper": Text("养鸽人正在回信。", "The keeper answers them."),
    "hawk": Text("信鸽被鹰吃了。", "A hawk ate the pigeon."),
}


class Settings(Strict):
    loft: str = setting(title=Text("鸽房", "Loft"), min_length=3, max_length=32)
    passphrase: SecretStr = setting(title=Text("口令", "Passphrase"), widget="secret", min_length=16)
    sends: bool = setting(True, title=Text("可以寄信", "May send"))
    ringed: bool = setting(False, title=Text("扫码上环", "Ringed by a scan"))
    ring: SecretStr = setting(SecretStr(""), title=Text("脚环", "Ring"), widget="secret")


class Register(Management):
    """What the loft's owner may ask the post."""

    def callback_addresses(self):
        return self._ask("/towers", lambda told: [str(one) for one in told["towers"]])

    def quota(self, path=""):
        return self._ask("/corn", lambda told: QuotaLeft(told["most"], told["eaten"], told["left"]))

    def _ask(self, path, read):
        headers = {"authorization": f"Badge {self.token}"}
        told = self.line.session.get(self.line.host + path, headers=headers).json()
        check(ApiAnswer(200, told))
        try:
            return read(told)
        except (KeyError, TypeError) as e:
            raise SendFailed(Pigeon.explain(""), code="unreadable") from e


class Pigeon(
    *(
        Pairs,
        Keeper,
        Verifies,
        PushesMedia,
        Chooses,
        MediaIn,
        Continues,
        TypesByTicket,
        Fetches,
        Guides,
        Managed,
    ),
    Checked,
    Identifies,
    Channel,
):
    about = About(
        Text("信鸽", "Pigeon post"), Text("人们写信，智能体回信", "People write letters, the agent answers")
    )
    profile = Profile(
        audience="anyone",
        writes=Text("养鸽子的人", "Whoever keeps pigeons"),
        needs=Text("一间鸽房", "A loft"),
        cost=Text("玉米", "Corn"),
        risk=Text("老鹰", "Hawks"),
        public_address=True,
    )
    Settings = Settings
    Management = Register
    limits = Limits(100, "characters")
    words = Words(
        platform=Text("鸽站", "the pigeon post"),
        console=Text("鸽房登记处", "the loft register"),
        account=Text("鸽房", "loft"),
        proof=Text("口令", "passphrase"),
    )
    proven_codes = frozenset({"malformed"})
    ports = frozenset()
    patience = 10
    codes = Codes(
        gone=frozenset({"eaten"}),
        stale=frozenset({"badge"}),
        forbidden=frozenset({"no_rights"}),
        unreachable=frozenset({"moved", "keeper"}),
        throttled=frozenset({"asleep"}),
        blocking={"strike": 120.0, "stranger": 60.0},
        credentials=frozenset({"passphrase"}),
        address=frozenset({"stranger"}),
        lost=frozenset({"ring_broken"}),
    )
    api_host = "https://api.pigeon.example"
    api_host_setting = "HONGYAN_PIGEON_API"
    push_seconds = 3600
    rates = (Rate(20, 60), Rate(100, 1800))
    knows_repeats = True
    typing_seconds = 5
    fetch_seconds = 60
    fresh_seconds = 600
    ticket_seconds = 300
    refused_tickets = frozenset({"ticket"})
    verified_by = frozenset({"passphrase"})
    choice_limits = ChoiceLimits(most=4, text=12, value=40, question=80, in_bytes=False)
    media_in: ClassVar = {
        "image": MediaLimits(1_000_000, frozenset({"image/png"})),
        "file": MediaLimits(1_000_000),
        "voice": MediaLimits(1_000_000, frozenset({"audio/amr"})),
    }
    media_hosts = frozenset({"*.basket.example"})
    media_out: ClassVar = {
        "image": MediaLimits(200_000, frozenset({"image/png"})),
        "voice": MediaLimits(100_000, frozenset({"audio/amr"}), seconds=60),
    }
    yields = frozenset({"ring"})
    most_codes = 2
    code_seconds = 120
    guide = Guide(
        ask=("loft",),
        rare=("sends", "ringed"),
        title=Text("登记鸽房", "Your loft"),
        where=Text("登记处的第一页。", "On the first page of the register."),
        advice=(),
        paste=Text("把下面的抄到登记处。", "Copy this into the register."),
    )

    @classmethod
    def explain(cls, code):
        return REASONS.get(code, Text("鸽站没有收下。", "The pigeon post did not take it."))

    @classmethod
    def suggest(cls):
        return {"passphrase": "feather-feather-feather"}

    def to_copy(self, address):
        return [
            ToCopy("url", Text("地址", "Address"), address),
            ToCopy("passphrase", Text("口令", "Passphrase"), self._key.decode()),
        ]

    @property
    def reminders(self):
        return (
            [] if self.settings.sends else [Note(Text("只收不寄", "Receives only"), Text("别忘了", "Mind"))]
        )

    @classmethod
    def render(cls, markdown):
        lines = markdown.strip()
        return [lines[i : i + 100] for i in range(0, len(lines), 100)]

    # In

    def receive(self, request, now):
        if request.method != "POST":
            raise refused("malformed")
        if not hmac.compare_digest(
            sign(self._key, request.body), request.headers.get("x-pigeon", "").encode("utf-8", "replace")
        ):
            raise refused("signature")
        try:
            told = wellformed.load(request.body)
            at, letters = float(told["at"]), told.get("letters", [])
            messages = [letter(one, at) for one in letters]
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise refused("malformed") from None
        if not abs(now - at) <= SKEW:
            raise refused("stale")
        if mark := told.get("check"):
            return Arrivals(response=Verified(f"coo {mark}", mark=str(mark)))
        signal, ticket = told.get("waiting") is True, str(told.get("ticket", ""))
        return Arrivals(messages, signal, ticket=ticket, account=str(told.get("loft", "")))

    def acknowledge(self):
        return WebResponse("coo")

    def address_check(self, mark, now):
        body = json.dumps({"at": now, "check": mark}).encode()
        headers = {"x-pigeon": sign(self._key, body).decode()}
        return AddressCheck(WebRequest("POST", {}, body, headers), f"coo {mark}".encode())

    @property
    def owner(self):
        return self._key.decode()

    def fetch(self, cursor, ticket):
        return ApiRequest("/letters", query={"after": cursor, "ticket": ticket}, largest=2**20)

    def page(self, answer):
        check(answer, unreadable="uncertain")
        try:
            letters = [letter(one, float(one["at"])) for one in answer.data["letters"]]
            lost = [Bounce(str(one["to"]), str(one["key"]), "hawk") for one in answer.data.get("lost", [])]
            return Page(letters, str(answer.data["next"]), answer.data["more"] is True, lost)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as e:
            raise SendFailed(self.explain(""), code="unreadable") from e

    # Out

    @property
    def account(self):
        return self.settings.loft

    @property
    def may_push(self):
        return self.settings.sends

    @property
    def _key(self):
        return self.settings.passphrase.get_secret_value().encode()

    def quota(self, message):
        return Quota(500, 3600)

    def token_request(self):
        return ApiRequest("/badge", {"loft": self.account, "passphrase": self._key.decode()})

    def token(self, answer):
        check(answer)
        if not isinstance(answer.data.get("badge"), str):
            raise SendFailed(self.explain(""), code="unreadable")
        return AccessToken(answer.data["badge"], 600)

    def authorized(self, request, token):
        return replace(request, headers={"authorization": f"Badge {token}"})

    def push(self, part, to, key):
        return ApiRequest("/send", {"to": to, "text": part, "key": key})

    def pushed(self, answer):
        check(answer, unreadable="uncertain")

    def attached(self, message):
        return [
            Attached(PARCELS[one["kind"]], one, one.get("called", ""))
            for one in message.data.get("parcels", [])
        ]

    def get(self, file):
        where = ApiRequest(f"/parcels/{file.place['parcel']}", most=self.media_in[file.kind].most)
        if basket := file.place.get("basket"):
            where = replace(where, host=f"https://{basket}")
        answer = yield where
        check(answer)
        return answer.content

    def open(self, file, content):
        if not content.startswith(WRAPPED):
            raise ValueError("not wrapped")
        return content[len(WRAPPED) :]

    def put(self, media):
        answer = yield ApiRequest(
            "/parcels", upload=FormFile("parcel", media.name, WRAPPED + media.content, media.type)
        )
        check(answer)
        if not isinstance(answer.data.get("parcel"), str):
            raise SendFailed(self.explain(""), code="unreadable")
        return Uploaded({"parcel": answer.data["parcel"]}, 600)

    def push_choices(self, choices, to, key, after=None):
        twigs = {one.text: one.value for one in choices.options}
        return ApiRequest("/send", {"to": to, "text": choices.question, "twigs": twigs, "key": key})

    def chosen(self, message, offered, now):
        if message.data.get("event") != "menu":
            return None
        return ApiRequest("/nest", {"of": message.sender, "twig": message.text})

    def push_media(self, shown, to, key):
        return ApiRequest("/send", {"to": to, "parcel": shown.data["parcel"], "key": key})

    def probe(self):
        return ApiRequest("/rights")

    def probed(self, answer):
        check(answer)
        return answer.data.get("sends") is True

    def identify(self, sender):
        return ApiRequest("/breeder", {"of": sender})

    def identified(self, answer):
        check(answer)
        return answer.data["breeder"] if isinstance(answer.data.get("breeder"), str) else ""

    def typing(self, to):
        return ApiRequest("/scratching", {"to": to})

    def ticket_request(self, to):
        return ApiRequest("/ring_seed", {"to": to})

    def ticket(self, answer):
        check(answer)
        if not isinstance(answer.data.get("seed"), str):
            raise SendFailed(self.explain(""), code="unreadable")
        return AccessToken(answer.data["seed"], 60)

    def ticketed(self, request, ticket):
        return replace(request, body={**request.body, "seed": ticket})

    def continued(self, request, thread):
        return replace(request, body={**request.body, "thread": thread})

    # Ringed by a scan

    @property
    def is_joined(self):
        return not self.settings.ringed or bool(self.settings.ring.get_secret_value())

    def code_request(self, known):
        return ApiRequest("/rings", {"known": [one["ring"] for one in known]})

    def code(self, answer):
        check(answer)
        ring = answer.data.get("ring")
        if not isinstance(ring, str):
            raise SendFailed(self.explain(""), code="unreadable")
        return ScanCode(ring, f"https://pigeon.example/ring/{ring}")

    def progress_request(self, ticket, digits, host):
        return ApiRequest("/ring", {"ring": ticket, "digits": digits}, host=host)

    def progress(self, answer):
        check(answer)
        match answer.data.get("reached"):
            case "joined":
                return Progress("joined", settings={"ring": str(answer.data["key"])})
            case str(reached) if reached in ("shown", "scanned", "digits", "blocked", "expired", "known"):
                return Progress(reached)
        raise SendFailed(self.explain(""), code="unreadable")

    def typed(self, answer):
        check(answer)

    def questions(self):
        return [Question("feathers", Text("羽毛", "Feathers"), ApiRequest("/feathers"), feathers)]

    def seen_address(self, answer):
        return str(answer.data.get("roof", "")) if answer.data.get("error") == "stranger" else ""


def sign(key, body):
    return hmac.digest(key, body, "sha256").hex().encode()


def letter(one, at):
    sender, id = str(one["from"]), str(one["id"])
    if "event" in one:
        data = {"event": EVENTS[one["event"]]}
        data |= {ours: one[theirs] for theirs, ours in (("crumb", "welcome"), ("of", "id")) if theirs in one}
        return Message(id, sender, wellformed.text(str(one.get("value", ""))), "event", at, data)
    parcels = [{name: str(value) for name, value in parcel.items()} for parcel in one.get("parcels", [])]
    if any(not PARCEL.fullmatch(parcel["parcel"]) or parcel["kind"] not in PARCELS for parcel in parcels):
        raise ValueError("no such parcel")
    kind = PARCELS[parcels[0]["kind"]] if parcels else "text"
    data = {"parcels": parcels} if parcels else {}
    handle = {"thread": str(one["thread"])} if "thread" in one else {}
    return Message(id, sender, wellformed.text(str(one["text"])), kind, at, data, handle=handle)


def feathers(answer):
    check(answer)
    left = int(answer.data["left"]) if isinstance(answer.data.get("left"), int) else 0
    says = Text("还剩 {left} 根羽毛。", "{left} feathers are left.").fill(left=left)
    return Told(left > 0, says, Text("等它长出来。", "Let them grow."))


def check(answer, unreadable="unreadable"):
    """The post says what is wrong with a status and a word."""
    if answer.status == 200 and "error" not in answer.data:
        return
    code = answer.data.get("error")
    code = code if isinstance(code, str) and code else unreadable
    raise SendFailed(Pigeon.explain(code), code=code, retryable=code in Pigeon.codes.throttled)


def refused(code):
    return Refused(REASONS[code], code=code)


CHANNEL = Pigeon
