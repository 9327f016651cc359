"""Where an invitation leads: somebody chooses a password, once, and is in."""

import asyncio
import html
import string

from starlette.requests import Request
from starlette.responses import Response

from runtime.access.membership import Membership
from runtime.access.proof import LINK, Proof
from runtime.errors import BadSettings, Refused
from runtime.lang import Text
from runtime.server.door.arrivals import Arrivals
from runtime.server.door.forms import alert, form_of
from runtime.server.door.others import NoOthers, Others
from runtime.server.door.sign_in_page import HINTS, button
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.settings import check_password
from runtime.store.control.user_records import UserRecord

FORM = string.Template(
    """$wrong
<form method="post" action="$action">
<label for="name">$name_label</label>
<input id="name" value="$name" autocomplete="username" readonly>
<label for="password">$label</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required
autofocus>
<label for="again">$again</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="8" required>
<button>$button</button>
</form>"""
)
WELCOME = Text("欢迎！请给自己选一个密码。", "Welcome! Choose a password of your own.")
WELCOME_ELSEWHERE = Text("欢迎！请用下面的方式登录。", "Welcome! Sign in here.")
REPLACES = Text(
    "您原来的密码不再能用，别处的登录也会结束。",
    "Your password of before opens no more, and you are signed out everywhere else.",
)
NAME = Text("登录名", "Name")
LABEL = Text("新密码（至少 8 个字符）", "New password (8 characters or more)")
AGAIN = Text("再输一遍", "The same again")
BUTTON = Text("保存并登录", "Save and log in")
UNLIKE = Text("两次输入的密码不一样。", "The two passwords differ.")
NO_LINK = Text("这个链接不能用了", "This link is of no use any more")


class Invited:
    def __init__(self, membership: Membership, arrivals: Arrivals, others: Others | None = None) -> None:
        self._membership = membership
        self._arrivals = arrivals
        self._others = others or NoOthers()

    def routes(self) -> list[Way]:
        return [
            Way("/invited/{token:str}", self.show, methods=["GET"], needs=Entry.ANYBODY),
            Way("/invited/{token:str}", self.accept, methods=["POST"], needs=Entry.ANYBODY),
        ]

    async def show(self, request: Request) -> Response:
        """A link changes nothing: whatever looks at it beforehand uses nothing up."""
        try:
            one = self._membership.invited(request.path_params["token"])
        except Refused as e:
            return self._gone(request, e)
        return self._page(request, one)

    async def accept(self, request: Request) -> Response:
        token, form = request.path_params["token"], await form_of(request)
        try:
            one = self._membership.invited(token)
            if closed := self._others.no_password(one.id):
                return self._page(request, one, closed, 403)
            password = check_password(form.get("password", ""), "password")
            if password != form.get("again"):
                return self._page(request, one, UNLIKE, 400)
            one = await asyncio.to_thread(self._membership.accept, token, password)
        except BadSettings as e:
            return self._page(request, one, e.text, 400)
        except Refused as e:
            await self._arrivals.tell(request, "", "account.accept", "refused", (LINK, e.code))
            return self._gone(request, e)
        await self._arrivals.tell(request, one.id, "account.accept", "done", (LINK,))
        return await self._arrivals.come(request, Proof(one.id, (LINK,)))

    def _gone(self, request: Request, error: Refused) -> Response:
        visit = Visit(request.scope)
        return small_page(visit, NO_LINK, alert(error.text, visit.lang), 410, back=visit.path)

    def _page(
        self, request: Request, one: UserRecord, wrong: Text | None = None, status: int = 200
    ) -> Response:
        visit = Visit(request.scope)
        lang = visit.lang
        asks = (
            ""
            if self._others.no_password(one.id)
            else FORM.substitute(
                wrong=alert(wrong, lang),
                action=html.escape(f"{visit.root}{visit.path}"),
                name_label=html.escape(NAME.to(lang)),
                name=html.escape(one.id),
                label=html.escape(LABEL.to(lang)),
                again=html.escape(AGAIN.to(lang)),
                button=html.escape(BUTTON.to(lang)),
            )
        )
        offers = [(offer, {"invitation": visit.path.rpartition("/")[2]}) for offer in self._others.offers()]
        buttons = "".join(button(visit, offer, told) for offer, told in offers)
        about = WELCOME if asks else WELCOME_ELSEWHERE
        said = "" if asks else alert(wrong, lang)
        if one.last_sign_in is not None and not self._membership.is_last(one):
            buttons += HINTS.substitute(hint=html.escape(REPLACES.to(lang)))
        return small_page(visit, about, said + asks + buttons, status, back=visit.path)
