"""An AI card that grows while the answer is written.

It is created under a name of ours, written into as often as the platform takes it, and finished. The same
whole text once more changes nothing of it.

https://open.dingtalk.com/document/development/create-and-deliver-cards,
https://open.dingtalk.com/document/development/api-streamingupdate; the public template and its variables as
in dingtalk-stream 0.24.3, card_instance.py.
"""

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from runtime.channels import ApiAnswer, ApiRequest, Bubble, Steps
from runtime.channels._text.printable import clean
from runtime.channels.dingtalk import codes
from runtime.channels.dingtalk.account import Account
from runtime.channels.dingtalk.messages import place
from runtime.errors import SendFailed
from runtime.newest import Newest

WRITING, FINISHED = "2", "3"
KEY = "msgContent"
REMEMBERED = 2000
"""Cards that are being written."""
OVER = frozenset({"no_card", "card_over"})


@dataclass
class _Card:
    created: bool = False
    writing: bool = False
    ending: str = ""
    """With what its end was written, while nobody answered to that."""


class Cards:
    """Those of one robot. Once the platform said that it may show none, none is tried any more: only its
    owner can change that, who then publishes again."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._open = Newest[str, _Card](REMEMBERED)
        self.may = account.cards

    def grow(self, bubble: Bubble, text: str, *, done: bool) -> Steps[None]:
        """Raises SendFailed: `no_card` where there is none, `card_over` where it takes nothing more."""
        assert bubble.message is not None
        card, track = self._open.of(bubble.id, _Card), f"hongyan-{bubble.id}"
        text = clean(text)
        if not card.created:
            yield from self._begin(track, text, bubble.message.sender)
            card.created = True
        if not text:
            return
        if not card.writing:
            yield from self._asked("/v1.0/card/instances", self._data(track, WRITING, text))
            card.writing = True
        yield from self._ended(card, track, text) if done else self._written(track, text, done=False)
        if done:
            self._open.pop(bubble.id, None)
            # what it says is there by now: without this it looks as if more were to come
            yield ApiRequest("/v1.0/card/instances", self._data(track, FINISHED, text), method="PUT")

    def _begin(self, track: str, text: str, sender: str) -> Generator[ApiRequest, ApiAnswer, None]:
        """Whichever is likelier first: there is none yet, or it is one of before a restart."""
        if text and (yield from self._is_there(track, text)):
            return
        try:
            yield from self._create(track, sender)
        except SendFailed as e:
            if text or e.code != "no_card" or not self.may or not (yield from self._is_there(track, text)):
                raise

    def _is_there(self, track: str, text: str) -> Generator[ApiRequest, ApiAnswer, bool]:
        """A card of before a restart: nothing is remembered of it, and another one is not to be shown."""
        try:
            yield from self._asked("/v1.0/card/instances", self._data(track, WRITING, text))
        except SendFailed as e:
            if e.code != "card_over":
                raise
            return False
        return True

    def _create(self, track: str, sender: str) -> Generator[ApiRequest, ApiAnswer, None]:
        group, who = place(sender)
        robot = {"robotCode": self._account.robot}
        told = {
            "cardTemplateId": self._account.card_template,
            "outTrackId": track,
            "callbackType": "STREAM",
            "cardData": {"cardParamMap": {"flowStatus": "1", KEY: ""}},
            "userIdType": 1,
            "imGroupOpenSpaceModel": {"supportForward": True},
            "imRobotOpenSpaceModel": {"supportForward": True},
        }
        if group:
            there = {"openSpaceId": f"dtv1.card//IM_GROUP.{group}", "imGroupOpenDeliverModel": robot}
        else:
            model = {"spaceType": "IM_ROBOT", **robot}
            there = {"openSpaceId": f"dtv1.card//IM_ROBOT.{who}", "imRobotOpenDeliverModel": model}
        answer = yield ApiRequest("/v1.0/card/instances/createAndDeliver", told | there)
        code = codes.code_of(answer)
        if not code and answer.status == 200:
            return
        if code in codes.CARDS_DENIED:
            self.may = False
        if code in codes.STALE | codes.THROTTLED:
            raise codes.failure(code, answer.data)
        raise SendFailed(codes.TEXTS["no_card"].fill(code=code or answer.status), code="no_card")

    def _ended(self, card: _Card, track: str, text: str) -> Generator[ApiRequest, ApiAnswer, None]:
        """A card that takes nothing more after such an end has it, though nobody said so at the time."""
        had, card.ending = card.ending == text, text
        try:
            yield from self._written(track, text, done=True)
        except SendFailed as e:
            if not had or e.code != "card_over":
                card.ending = ""
                raise

    def _written(self, track: str, text: str, *, done: bool) -> Generator[ApiRequest, ApiAnswer, None]:
        """`guid`: what comes with it twice is written once; so the same text has the same."""
        mark = hashlib.sha256(f"{track}\n{done}\n{text}".encode()).hexdigest()[:32]
        told = {
            "outTrackId": track,
            "guid": mark,
            "key": KEY,
            "content": text,
            "isFull": True,
            "isFinalize": done,
            "isError": False,
        }
        yield from self._asked("/v1.0/card/streaming", told)

    def _data(self, track: str, status: str, text: str) -> dict[str, Any]:
        shown = {
            "flowStatus": status,
            KEY: text if status == FINISHED else "",
            "staticMsgContent": "",
            "sys_full_json_obj": json.dumps({"order": [KEY]}),
        }
        return {"outTrackId": track, "cardData": {"cardParamMap": shown}}

    def _asked(self, path: str, told: dict[str, Any]) -> Generator[ApiRequest, ApiAnswer, None]:
        answer = yield ApiRequest(path, told, method="PUT")
        code = codes.code_of(answer)
        if code in codes.CARDS_DENIED:
            self.may = False
        if code in codes.STALE | codes.THROTTLED:
            raise codes.failure(code, answer.data)
        if code or answer.status != 200:
            raise SendFailed(codes.TEXTS["no_card"].fill(code=code or answer.status), code="card_over")
