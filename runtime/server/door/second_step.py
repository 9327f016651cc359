"""The second step: a code, a recovery code or a passkey; and setting codes up, where a role asks for them."""

import html
import string

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.proof import CODE, PASSKEY
from runtime.access.second import codes
from runtime.access.second.second_factors import WRONG_CODE, SecondFactors, Wanted
from runtime.errors import BadSettings, Conflict, HongyanError, NotFound, Refused
from runtime.lang import Text
from runtime.server.door.arrivals import PROVE, SET_UP, Arrivals, Half
from runtime.server.door.counted import Counted
from runtime.server.door.forms import alert, below_root, form_of
from runtime.server.door.passkey_forms import PasskeyForms
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of

ABOUT = Text("还差一步：证明是您本人。", "One more step: show that it is you.")
LABEL = Text("验证码或恢复码", "Code or recovery code")
HINT = Text(
    "打开手机上的验证器，输入现在的六位数字。手机不在身边？用一个恢复码。都没有了，请管理成员的人为您重置。",
    "Enter the six digits that your authenticator app shows now. Phone not at hand? Use a recovery code. "
    "Lost both? Whoever looks after people can reset them.",
)
GO = Text("继续", "Go on")
OTHER = Text("换一个人登录", "Log in as somebody else")
SET_UP_ABOUT = Text(
    "您的角色要求两步验证，现在设置一次。", "Your role asks for a second factor: set it up now, once."
)
SCAN = Text(
    "用手机上的验证器（如腾讯身份验证器、Google Authenticator、1Password）扫这个码：",
    "Scan this with an authenticator app on your phone, such as Google Authenticator or 1Password:",
)
BY_HAND = Text("扫不了？手工输入这个密钥：", "Cannot scan? Enter this secret by hand:")
SHOWN = Text("验证器显示的六位数字", "The six digits that the app shows")
KEEP = Text(
    "设置好了。请保存恢复码，只显示这一次。", "That is set up. Keep these codes: they are shown only now."
)
KEEP_HINT = Text(
    "手机丢了的时候，每个恢复码可以代替验证码用一次。请打印，或存进密码管理器。",
    "When the phone is lost, each stands in for a code, once. Print them, or put them into a password store.",
)
KEPT = Text("已保存，进入", "I have kept them: go on")
FORM = string.Template(
    """$wrong
<form method="post" action="$action">
<label for="code">$label</label>
<input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false"
maxlength="40" required autofocus>
<button>$go</button>
</form>
"""
)
ENROL = string.Template(
    """<p>$scan</p>
<img class="qr" src="$picture" alt="$address" width="200" height="200">
<p class="hint">$by_hand <code class="secret">$secret</code></p>
"""
)


class SecondStep:
    """Only for whoever is half way in, in this browser."""

    def __init__(
        self, arrivals: Arrivals, second: SecondFactors, counted: Counted, passkeys: PasskeyForms
    ) -> None:
        self._arrivals = arrivals
        self._second = second
        self._counted = counted
        self._passkeys = passkeys

    def routes(self) -> list[Way]:
        return [
            Way(PROVE, self.show, methods=["GET"], needs=Entry.ANYBODY),
            Way(PROVE, self.prove, methods=["POST"], needs=Entry.ANYBODY),
            Way(f"{PROVE}/passkey", self.prove_by_passkey, methods=["POST"], needs=Entry.ANYBODY),
            Way(SET_UP, self.show_set_up, methods=["GET"], needs=Entry.ANYBODY),
            Way(SET_UP, self.set_up, methods=["POST"], needs=Entry.ANYBODY),
        ]

    async def show(self, request: Request) -> Response:
        half = self._half(request, Wanted.PROOF)
        return self._page(request, half) if half else self._begin_anew(request)

    async def prove(self, request: Request) -> Response:
        if (half := self._half(request, Wanted.PROOF)) is None:
            return self._begin_anew(request)
        user, typed = half.proof.user, (await form_of(request)).get("code", "")
        try:
            async with self._counted.one(request, "code", user) as (this, _):
                if factor := self._second.prove(user, typed):
                    this.right()
        except (Refused, BadSettings) as e:
            await self._refused(request, half, CODE, e.code)
            return self._page(request, half, e.text, status_of(e))
        if factor is None:
            await self._refused(request, half, CODE)
            return self._page(request, half, WRONG_CODE, 401)
        return await self._in(request, half, factor)

    async def prove_by_passkey(self, request: Request) -> Response:
        if (half := self._half(request, Wanted.PROOF)) is None:
            return self._begin_anew(request)
        visit, user = Visit(request.scope), half.proof.user
        try:
            await self._passkeys.proved(visit, await form_of(request), f"second {user}", user)
        except Refused as e:
            await self._refused(request, half, PASSKEY, e.code)
            return self._page(request, half, e.text, 401)
        return await self._in(request, half, PASSKEY)

    async def show_set_up(self, request: Request) -> Response:
        half = self._half(request, Wanted.SET_UP)
        return self._enrol(request, half) if half else self._begin_anew(request)

    async def set_up(self, request: Request) -> Response:
        if (half := self._half(request, Wanted.SET_UP)) is None:
            return self._begin_anew(request)
        user, visit = half.proof.user, Visit(request.scope)
        try:
            made = self._second.confirm(user, half.id, (await form_of(request)).get("code", ""))
        except (BadSettings, Conflict) as e:
            return self._enrol(request, half, e)
        await self._arrivals.tell(request, user, "account.second-factor", "done", (CODE,))
        listed = "".join(f"<li><code>{html.escape(one)}</code></li>" for one in made)
        there = html.escape(below_root(request, half.there))
        body = (
            f'<ul class="codes">{listed}</ul><p class="hint">{html.escape(KEEP_HINT.to(visit.lang))}</p>'
            f'<a class="button" href="{there}">{html.escape(KEPT.to(visit.lang))}</a>'
        )
        response = small_page(visit, KEEP, body)
        await self._arrivals.let_in(request, response, half.proof.and_by(CODE))
        return response

    async def _in(self, request: Request, half: Half, factor: str) -> Response:
        response = RedirectResponse(below_root(request, half.there), 303)
        await self._arrivals.let_in(request, response, half.proof.and_by(factor))
        return response

    async def _refused(self, request: Request, half: Half, factor: str, code: str = "") -> None:
        by = (*half.proof.by, factor, *filter(None, [code]))
        await self._arrivals.tell(request, half.proof.user, "account.sign-in", "refused", by)

    def _half(self, request: Request, wanted: Wanted) -> Half | None:
        """Who is half way in, and is asked for that."""
        half = self._arrivals.half(Visit(request.scope))
        try:
            return half if half and self._second.wanted(half.proof.user) is wanted else None
        except NotFound:
            return None

    def _begin_anew(self, request: Request) -> Response:
        return RedirectResponse(below_root(request, "/login"), 303)

    def _page(self, request: Request, half: Half, wrong: Text | None = None, status: int = 200) -> Response:
        visit, user = Visit(request.scope), half.proof.user
        lang, has_codes = visit.lang, self._second.find(user) is not None
        offered = self._passkeys.offered(visit, f"{PROVE}/passkey", f"second {user}", user=user)
        code = self._form(visit, PROVE, LABEL, wrong) if has_codes else alert(wrong, lang)
        hint = f'<p class="hint">{html.escape(HINT.to(lang))}</p>' if has_codes else ""
        other = (
            f'<p class="hint"><a href="{html.escape(visit.root)}/login">{html.escape(OTHER.to(lang))}</a></p>'
        )
        ways = f'<div class="ways">{offered.html}</div>' if offered.html else ""
        body = f"{code}{ways}{hint}{other}"
        response = small_page(visit, ABOUT, body, status, back=PROVE, script=offered.script)
        offered.bind(response, visit)
        return response

    def _enrol(self, request: Request, half: Half, wrong: HongyanError | None = None) -> Response:
        visit, user = Visit(request.scope), half.proof.user
        secret = self._second.proposed(user, half.id)
        address = codes.address(secret, user)
        shown = ENROL.substitute(
            scan=html.escape(SCAN.to(visit.lang)),
            picture=html.escape(codes.picture(address)),
            address=html.escape(address),
            by_hand=html.escape(BY_HAND.to(visit.lang)),
            secret=html.escape(codes.spaced(secret)),
        )
        body = shown + self._form(visit, SET_UP, SHOWN, wrong.text if wrong else None)
        return small_page(visit, SET_UP_ABOUT, body, status_of(wrong) if wrong else 200, back=SET_UP)

    def _form(self, visit: Visit, action: str, label: Text, wrong: Text | None) -> str:
        return FORM.substitute(
            wrong=alert(wrong, visit.lang),
            action=html.escape(f"{visit.root}{action}"),
            label=html.escape(label.to(visit.lang)),
            go=html.escape(GO.to(visit.lang)),
        )
