"""A channel that writes to anybody and shows buttons, an agent that asks by a card, and taps on it."""

from world import Plain

from runtime.channels import Announces, ApiRequest, ChoiceLimits, Chooses

ASKS = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [
        {
            "type": "approve",
            "id": "ok",
            "question": "给 {{ message.text }} 退款？",
            "text": "已提交",
            "through": "p",
            "members": ["boss", "vice"],
        },
        {"type": "reply", "id": "say", "text": "{{ ok.by }} 退了"},
    ],
}


class Carded(Announces, Chooses, Plain):
    choice_limits = ChoiceLimits(most=6, text=10, value=1024, question=112)

    def check_receiver(self, to):
        """Anybody."""

    def push_choices(self, choices, to, key, after=None):
        values = [one.value for one in choices.options]
        return ApiRequest("push", {"to": to, "part": (choices.question, *values)})

    def chosen(self, message, offered, now):
        return ApiRequest(
            "push", {"to": message.sender, "part": f"✓ {offered.with_value(message.text).text}"}
        )


def cards(w):
    """Who got one: the question, and what yes and no say."""
    return {to: part for to, part in w.account.sent if isinstance(part, tuple)}


async def tap(w, who, value, id, **more):
    await w.push(value, id=id, **{"from": who, "event": "menu", **more})
