"""`python -m runtime.simulator --channel miniprogram --port 8091`: the fake API host, for HONGYAN_WECHAT_API.

POST /_login {"person": OPENID} gives a code of wx.login, POST /_agree {"person", "template"} says yes to one
message; the rest as the Official Account's.
"""

from runtime.simulator.http import Request, Response
from runtime.simulator.miniprogram.platform import MiniProgramPlatform
from runtime.simulator.miniprogram.simulation import APP_ID, ORIGINAL_ID, TEMPLATE
from runtime.simulator.wechat.__main__ import RemoteControl, begin
from runtime.simulator.wechat.accounts import Account


class Steered(RemoteControl):
    def __init__(self, platform: MiniProgramPlatform) -> None:
        super().__init__(platform)
        self._own = platform

    def __call__(self, request: Request) -> Response:
        if request.path not in ("/_login", "/_agree"):
            return super().__call__(request)
        given = request.json()
        person = str(given.get("person", ""))
        if request.path == "/_login":
            return Response.json({"code": self._own.login(person)})
        self._own.subscriptions.agree(person, str(given.get("template", TEMPLATE)))
        return Response.json({"ok": True})


def steered(account: Account) -> Steered:
    platform = MiniProgramPlatform(account, open_to_all=True)
    platform.subscriptions.templates[TEMPLATE] = ("thing1", "time2")
    return Steered(platform)


if __name__ == "__main__":
    begin(Account(wire="json", app_id=APP_ID, original_id=ORIGINAL_ID), steered, str(__doc__))
