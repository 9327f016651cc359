"""Any platform that can call an address: `{sender, content, msg_type}` in, the answer out, without code.

Where things stand in a call is what its owner says (paths), how it is proven too (signing); the rest is
runtime/standard_message.py.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from runtime.answer import AnswerPart, MediaKind
from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Attached,
    CallsOut,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Guide,
    Guides,
    Limits,
    MediaIn,
    MediaLimits,
    Note,
    Profile,
    Responds,
    Steps,
    Symptom,
    ToCopy,
    Tried,
    Understood,
    Verified,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._said import said
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.webhook import guide, paths, trying
from runtime.channels.webhook.reading import Reader, body_of
from runtime.channels.webhook.settings import WebhookSettings
from runtime.channels.webhook.signing import ID, Signing
from runtime.choices import Choices, numbered
from runtime.errors import Refused, SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About
from runtime.standard_message import MEDIA, PLAIN_ID

LONGEST = 20_000
"""Characters of one part; a publication may want shorter ones."""
ANY_TIME = 365 * 86_400.0
JSON = "application/json; charset=utf-8"
MB = 1024 * 1024
TRIED_AGAIN = frozenset({"http_429", "http_502", "http_503", "http_504"})


class Webhook(Responds, Announces, Chooses, MediaIn, CallsOut, Tried, Guides, Channel):
    about = About(
        Text("Webhook", "Webhook"),
        Text(
            "任何能发 HTTP 请求的平台：它把消息发来，我们回答，不用写代码",
            "Any platform that can call an address: messages come, answers go, without code",
        ),
        icon="globe",
        color="#7c3aed",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = WebhookSettings
    limits: ClassVar[Limits] = Limits(LONGEST, "characters")
    machines_write: ClassVar[bool] = True
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset({"secret"})
    tells: ClassVar[frozenset[Event]] = frozenset(
        {"followed", "left", "opened", "scanned", "menu", "rated", "recalled", "unsupported"}
    )
    proven_codes: ClassVar[frozenset[str]] = frozenset({"stale", "malformed"})
    window: ClassVar[float] = 10.0
    attempts: ClassVar[int] = 1
    codes: ClassVar[Codes] = Codes(
        throttled=TRIED_AGAIN,
        blocking={"http_401": 600, "http_403": 600, "http_404": 600, "http_410": 3600, "blocked": 600},
        credentials=frozenset({"http_401", "http_403"}),
    )
    api_host: ClassVar[str] = "https://example.invalid"
    api_host_setting: ClassVar[str] = "HONGYAN_WEBHOOK_API"
    permitted_as: ClassVar[str] = "webhook"
    push_seconds: ClassVar[float] = ANY_TIME
    knows_repeats: ClassVar[bool] = True
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(10, 60, 200, 2000, in_bytes=False)
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {kind: MediaLimits(20 * MB) for kind in MEDIA}

    def __init__(self, settings: WebhookSettings) -> None:
        super().__init__(settings)
        self._its = settings
        self._signing, self._reader = Signing(settings), Reader(settings)
        self._shape = paths.shape(settings.fields)
        parts = urlsplit(settings.callback)
        self._host = f"{parts.scheme}://{parts.netloc}" if settings.callback else ""
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @classmethod
    def explain(cls, code: str) -> Text:
        return guide.CODES.get(code) or super().explain(code)

    @property
    def caution(self) -> Note | None:
        is_replayed = self._its.proof == "signature" and self._its.signed == "body"
        return guide.REPLAYED if is_replayed else None

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(clean(markdown), LONGEST, "characters")

    def cut(self, text: str) -> list[str]:
        return split(text, self._its.longest, "characters")

    # What comes

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if request.method == "GET":
            return self._verified(request)
        if request.method != "POST":
            raise Refused(guide.CODES["method"], code="method")
        proof = self._signing.check(request, now)
        body = body_of(request)
        if mark := self._reader.challenge(request, body):
            return Arrivals(response=Verified(mark, mark=mark))
        return Arrivals(self._reader.messages(request, body, proof, now))

    def _verified(self, request: WebRequest) -> Arrivals:
        """Whoever verifies an address by GET sends the secret along, as `hub.verify_token`."""
        secret = self._its.secret.get_secret_value().encode()
        given = [value.encode("utf-8", "replace") for value in request.query.values()]
        mark = self._reader.challenge(request, None)
        if not any([hmac.compare_digest(secret, one) for one in given]) or not mark:
            raise Refused(guide.CODES["signature"], code="signature")
        return Arrivals(response=Verified(mark, mark=mark))

    def acknowledge(self) -> WebResponse:
        """With the words that the owner wants in each answer, since some platforms look at these."""
        fixed = [one for one in self._shape if not one[1]]
        return WebResponse(json.dumps(paths.shaped(fixed, {}), ensure_ascii=False), content_type=JSON)

    @property
    def responds(self) -> bool:
        return self._its.answer != "callback"

    @property
    def response_seconds(self) -> float:
        return float(self._its.seconds)

    @property
    def responds_first(self) -> bool:
        return self._its.answer == "both"

    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        key = hashlib.sha256(f"{message.sender}\n{message.id}".encode()).hexdigest()[:32]
        whole = self._whole([AnswerPart(part)], message.sender, key, message.id)
        return WebResponse(json.dumps(whole, ensure_ascii=False), content_type=JSON)

    # What is sent

    @property
    def account(self) -> str:
        name = self._its.callback or self._its.secret.get_secret_value()
        return hashlib.sha256(name.encode()).hexdigest()[:12]

    @property
    def own_host(self) -> str:
        return self._host

    @property
    def secrets_go_to(self) -> frozenset[str]:
        """A signature shows nobody the secret."""
        return frozenset({self._host} if self._host and self._its.proof == "bearer" else ())

    @property
    def may_push(self) -> bool:
        return self._its.answer != "response"

    def check_receiver(self, to: str) -> None:
        if not PLAIN_ID.fullmatch(to):
            raise Wrong(guide.NO_RECEIVER)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return self._sent([AnswerPart(part)], to, key, "")

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        return self._sent([AnswerPart(part)], message.sender, key, message.id)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        words = f"{choices.question}\n\n{numbered(choices.question, choices.options)}"
        part = AnswerPart(words, "choices", choices.to_json())
        return self._sent([part], to, key, after.id if after else "")

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """Signed as it leaves: the time is part of it."""
        if not isinstance(request.upload, bytes):
            return request
        signed = self._signing.headers(request.upload, request.headers[ID], time.time())
        return ApiRequest(request.path, headers={**request.headers, **signed}, upload=request.upload)

    def pushed(self, answer: ApiAnswer) -> None:
        """Any 2xx; what it says besides does not matter."""
        if 200 <= answer.status < 300:
            return
        code = f"http_{answer.status}"
        is_busy = code in TRIED_AGAIN
        known = is_busy or 300 <= answer.status < 500
        text = guide.CODES.get(code) or guide.OTHER_STATUS.fill(status=answer.status)
        raise SendFailed(text, code=code if known else "uncertain", retryable=is_busy, wait=answer.wait)

    def probed(self, answer: ApiAnswer) -> bool:
        return True

    def _sent(self, parts: Sequence[AnswerPart], to: str, key: str, of: str) -> ApiRequest:
        body = json.dumps(self._whole(parts, to, key, of), ensure_ascii=False).encode("utf-8", "replace")
        return ApiRequest(self._path, headers={"content-type": JSON, ID: key}, upload=body)

    def _whole(self, parts: Sequence[AnswerPart], to: str, key: str, of: str) -> dict[str, Any]:
        told = said(parts, to, key, of).told()
        whole = {"in_reply_to": "", "parts": [], **told}
        return paths.shaped(self._shape, whole) if self._shape else told

    # Files

    def attached(self, message: Message) -> Sequence[Attached]:
        found = message.data.get("attached")
        return [
            Attached(one["kind"], {"url": one["url"]}, str(one.get("name", "")))
            for one in (found if isinstance(found, list) else ())
            if isinstance(one, Mapping) and one.get("kind") in MEDIA and one.get("url")
        ]

    def get(self, file: Attached) -> Steps[bytes]:
        parts = urlsplit(file.place["url"])
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answer = yield ApiRequest(
            path, host=f"{parts.scheme}://{parts.netloc}", most=self.media_in[file.kind].most
        )
        if answer.status >= 300 or not answer.content:
            raise SendFailed(guide.NO_FILE, code=f"http_{answer.status}")
        return answer.content

    # What the owner is told

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        return guide.to_copy(address, self._its, self._signing)

    def example(self, address: str) -> Text:
        return trying.example(address, self._its, self._signing)

    def understood(self, pasted: str) -> Understood:
        return trying.understood(pasted, self._reader)

    @property
    def reminders(self) -> Sequence[Note]:
        return guide.reminders(self._its, self._signing)


CHANNEL = Webhook
