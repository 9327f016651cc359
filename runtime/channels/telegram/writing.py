"""What a chat sees of an answer that is being written: the typing sign, alone with somebody a draft, and in a
group a message that is edited.

https://core.telegram.org/bots/api#editmessagetext
"""

from typing import Any, ClassVar

from runtime.channels import ApiAnswer, ApiRequest, Bubble, Drafts, Edits, Pieces, Types
from runtime.channels.telegram import codes as answers
from runtime.channels.telegram import rendering
from runtime.channels.telegram.codes import check
from runtime.channels.telegram.messages import where, whole
from runtime.channels.telegram.sending import found, quiet_html, sent
from runtime.errors import SendFailed
from runtime.message import Message


class ShownWriting(Drafts, Edits, Types):
    typing_seconds: ClassVar[float] = 5.0
    draft_seconds: ClassVar[float] = 1.2
    draft_life: ClassVar[float] = 20.0
    edit_pieces: ClassVar[Pieces] = Pieces(quick=3.0, few=5, slow=8.0)
    """Of the 20 that a group takes in a minute some are left for the answers of others."""

    def typing(self, to: str) -> ApiRequest:
        return ApiRequest("/sendChatAction", {"chat_id": where(to), "action": "typing"})

    def typed(self, answer: ApiAnswer) -> None:
        check(answer)

    def edits(self, message: Message) -> bool:
        """In groups, which have no drafts."""
        return message.overheard and message.kind != "event"

    def begin(self, message: Message, text: str) -> ApiRequest:
        return sent(text, message.sender, message.handle)

    def begun(self, answer: ApiAnswer) -> str:
        check(answer, unreadable="uncertain")
        if handle := self.handle(answer):
            return handle
        raise SendFailed(answers.UNREADABLE, code="uncertain")

    def edit(self, handle: str, text: str) -> ApiRequest:
        at, more = found(handle), {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
        words = quiet_html(rendering.safe(text), str(at["chat_id"]))
        return ApiRequest("/editMessageText", {**at, "text": words, **more})

    def edited(self, answer: ApiAnswer) -> None:
        try:
            check(answer, unreadable="uncertain")
        except SendFailed as e:
            if e.code != answers.SAME:
                raise

    def withdraw(self, handle: str) -> ApiRequest:
        return ApiRequest("/deleteMessage", found(handle))

    def drafts(self, message: Message) -> bool:
        """Only alone with somebody."""
        return not message.overheard

    def draft(self, bubble: Bubble, text: str) -> ApiRequest:
        assert bubble.message
        number = int(bubble.id.rpartition("-")[2][:7], 16) + 1
        body = {
            "chat_id": where(bubble.message.sender),
            "draft_id": number,
            "text": text,
            "parse_mode": "HTML",
        }
        return ApiRequest("/sendMessageDraft", body)

    def drafted(self, answer: ApiAnswer) -> None:
        check(answer)

    def handle(self, answer: ApiAnswer) -> str:
        result: Any = answer.data.get("result")
        chat = result.get("chat") if isinstance(result, dict) else None
        number = whole(result.get("message_id")) if isinstance(result, dict) else None
        place = whole(chat.get("id")) if isinstance(chat, dict) else None
        return f"{place} {number}" if number is not None and place is not None else ""
