"""The page by which people come in: a password, a passkey, and ways that lead elsewhere and back."""

import html
import string
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.responses import Response

from runtime.access.users import Users
from runtime.lang import Text
from runtime.server.door.forms import alert
from runtime.server.door.others import NoOthers, Offer, Others
from runtime.server.door.passkey_forms import PasskeyForms
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit

ABOUT = Text("搭好智能体，一键发布到微信。", "Build an agent, publish it to WeChat.")
NAME = Text("登录名", "Name")
LABEL = Text("密码", "Password")
BUTTON = Text("登录", "Log in")
HINT = Text(
    "第一次启动时，密码会显示在终端里。忘了密码？在服务器上运行 python app.py password。",
    "The terminal showed the password at first start. Forgot it? Run python app.py password on the server.",
)
HINT_OF_SOME = Text(
    "忘了密码？请能管理成员的人给您一个新链接。",
    "Forgot your password? Whoever looks after people can give you a new link.",
)
FORM = string.Template(
    """<form method="post" action="$action">
<input type="hidden" name="next" value="$next">
$name<label for="password">$label</label>
<input id="password" name="password" type="password" autocomplete="current-password" required$focus>
<button>$button</button>
</form>
"""
)
HINTS = string.Template('<p class="hint">$hint</p>')
EMERGENCY = string.Template('<details class="hint"><summary>$summary</summary>\n$form</details>')
EMERGENCY_WORDS = Text("应急：主人用密码登录", "In an emergency: the owner, by password")
BESIDE = string.Template('<div class="ways">$ways</div>\n')
OTHER = string.Template('<a class="button other" href="$href">$words</a>\n')
NAME_FIELD = string.Template(
    """<label for="name">$label</label>
<input id="name" name="name" value="$name" autocomplete="username" autocapitalize="none" required autofocus>
"""
)


class SignInPage:
    """`others`: ways in that lead elsewhere."""

    def __init__(self, users: Users, passkeys: PasskeyForms, others: Others | None = None) -> None:
        self._users = users
        self._passkeys = passkeys
        self.others = others or NoOthers()

    def show(
        self, visit: Visit, there: str, wrong: Text | None = None, status: int = 200, *, name: str = ""
    ) -> Response:
        """`there`: where they want to go; `name`: what was typed before."""
        lang = visit.lang
        asks_name = len(self._users.all()) > 1
        offered = self._passkeys.offered(visit, "/login/passkey", "sign-in", there)
        others = "".join(button(visit, offer, {"next": there}) for offer in self.others.offers())
        form = FORM.substitute(
            action=html.escape(f"{visit.root}/login"),
            next=html.escape(there),
            name=NAME_FIELD.substitute(label=html.escape(NAME.to(lang)), name=html.escape(name))
            if asks_name
            else "",
            focus="" if asks_name else " autofocus",
            label=html.escape(LABEL.to(lang)),
            button=html.escape(BUTTON.to(lang)),
        )
        body = alert(wrong, lang) + self._arranged(form, offered.html, others, lang, asks_name)
        back = f"/login?next={quote(there)}"
        response = small_page(visit, ABOUT, body, status, back=back, script=offered.script)
        offered.bind(response, visit)
        return response

    def _arranged(self, form: str, passkeys: str, others: str, lang: str, asks_name: bool) -> str:
        """Where all but one come in elsewhere, that stands first, and what is that one's is folded away."""
        if self.others.is_only():
            words = html.escape(EMERGENCY_WORDS.to(lang))
            rest = form + (BESIDE.substitute(ways=passkeys) if passkeys else "")
            return others + EMERGENCY.substitute(summary=words, form=rest)
        beside = passkeys + others
        hint = html.escape((HINT_OF_SOME if asks_name else HINT).to(lang))
        return form + (BESIDE.substitute(ways=beside) if beside else "") + HINTS.substitute(hint=hint)


def button(visit: Visit, offer: Offer, told: Mapping[str, str]) -> str:
    """To another way in."""
    href = f"{visit.root}{offer.path}?{urlencode(told)}"
    return OTHER.substitute(href=html.escape(href), words=html.escape(offer.words.to(visit.lang)))
