"""OpenID Connect: the code flow with PKCE (RFC 7636), state and nonce, as RFC 9700 wants it."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from runtime.access.sso.asking.id_token import checked, keys_of
from runtime.access.sso.asking.metadata import Known, Metadata
from runtime.access.sso.asking.way import CLOCK_SKEW, Came, Finding, Trip, code_of, stranger, trouble
from runtime.access.sso.asking.web import Said, Web
from runtime.access.sso.kinds import SECRET, Field, Kind
from runtime.errors import Refused
from runtime.lang import Text, as_it_is
from runtime.store.control.sso_records import ProviderRecord

REFUSED_SECRET = ("invalid_client", "unauthorized_client")
REFUSED_CODE = ("invalid_grant", "invalid_code")
"""The second is Glewlwyd's."""
DENIED = Text("您在登录服务那里取消了登录。", "The sign-in was cancelled at the provider.")
SAYS_NO = Text("登录服务拒绝了：{why}。", "The provider refused: {why}.")
OTHER_ISSUER = Text(
    "回来的是另一个登录服务，已拒绝。请从登录页重新开始。",
    "Another provider sent you back: refused. Begin again at the sign-in page.",
)
BAD_SECRET = Text(
    "登录服务不认这个客户端 ID 或密钥（{why}）。请在那边重新复制，并确认它可以用授权码（code）登录。",
    "The provider refuses this client id or secret ({why}). Copy them from there again, and see that this "
    "client may use the authorization code flow.",
)
BAD_BACK = Text(
    "登录服务不认回调地址。请在那边登记：{back}",
    "The provider does not know the redirect address. Register there: {back}",
)
OTHER_SUBJECT = Text(
    "userinfo 说的是另一个人，已拒绝。", "The userinfo endpoint speaks of somebody else: refused."
)
FOUND = Text("找到了登录服务：{issuer}", "The provider was found: {issuer}")
CLOCK_GOOD = Text("时钟一致。", "The clocks agree.")
CLOCK_BAD = Text(
    "本机时钟和登录服务差 {seconds} 秒，令牌会被当作过期或来自将来。",
    "This machine's clock and the provider's differ by {seconds} s: tokens count as "
    "expired, or from the future.",
)
CLOCK_HINT = Text("请给两边都开启网络校时（NTP）。", "Set both by NTP.")
KEYS_GOOD = Text("签名公钥可用（{n} 把）。", "Its signing keys can be used ({n}).")
KEYS_BAD = Text("没有可用的签名公钥。", "It publishes no signing key that can be used.")
KEYS_HINT = Text(
    "那边要用 RS256、ES256 等非对称算法签名，RSA 至少 2048 位。",
    "It must sign with RS256, ES256 or the like; RSA keys have 2048 bits or more.",
)
SECRET_GOOD = Text("客户端 ID 和密钥可用。", "The client id and secret are accepted.")
SECRET_OPEN = Text(
    "密钥没有试出来（{why}），要真登录一次才知道。",
    "Whether the secret is right shows when somebody signs in ({why}).",
)


class Oidc:
    """One provider. `steady`: seconds of a clock that goes on, for how old what is known is."""

    def __init__(
        self,
        record: ProviderRecord,
        secret: str,
        web: Web,
        known: Known,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._record, self._secret = record, secret
        self._web, self._known, self._steady = web, known, steady

    @property
    def realm(self) -> str:
        return self._record.issuer

    async def address(self, trip: Trip, agent: str) -> str:
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # authlib has 4 MB, which few need

        about = await self._about()
        return joined(
            about.authorization,
            {
                "response_type": "code",
                "client_id": self._record.client_id,
                "redirect_uri": trip.back,
                "scope": " ".join(dict.fromkeys(("openid", *self._record.scopes))),
                "state": trip.state,
                "nonce": trip.nonce,
                "code_challenge": create_s256_code_challenge(trip.verifier),
                "code_challenge_method": "S256",
            },
        )

    async def who(self, trip: Trip, query: Mapping[str, str], now: float) -> Came:
        about = await self._about()
        if query.get("iss", about.issuer) != about.issuer or (about.says_issuer and "iss" not in query):
            raise stranger(OTHER_ISSUER)
        if error := query.get("error"):
            raise stranger(DENIED if error == "access_denied" else SAYS_NO.fill(why=_bounded(error)))
        said = await self._token(about, code_of(query), trip)
        access = said.data.get("access_token")
        access = access if isinstance(access, str) and access.isascii() and access.isprintable() else ""
        keys = keys_of((await self._web.get(about.keys)).data)
        token = said.data.get("id_token")
        claims = checked(
            token,
            keys,
            issuer=about.issuer,
            client=self._record.client_id,
            trip=trip,
            access=access,
            now=now,
        )
        more = await self._more(about, access, claims["sub"])
        if "email" in claims:  # whether an address is verified is said beside it
            more = {name: value for name, value in more.items() if name != "email_verified"}
        return came(about.issuer, {**more, **claims}, str(token))

    async def check(self, back: str, now: float) -> list[Finding]:
        findings = []
        try:
            about = await self._known.of(self._record.issuer, self._steady(), anew=True)
            findings.append(Finding(True, FOUND.fill(issuer=about.issuer)))
            findings += _clock(about.at, now)
            keys = keys_of((await self._web.get(about.keys)).data)
            good = Finding(True, KEYS_GOOD.fill(n=len(keys)))
            findings.append(good if keys else Finding(False, KEYS_BAD, KEYS_HINT))
            findings.append(await self._try_secret(about, back))
        except Refused as e:
            findings.append(Finding(False, e.text))
        return findings

    async def end_address(self, token: str, after: str) -> str:
        about = await self._about()
        if not about.end_session:
            return ""
        told = {"client_id": self._record.client_id, "post_logout_redirect_uri": after}
        return joined(about.end_session, {**({"id_token_hint": token} if token else {}), **told})

    async def _about(self) -> Metadata:
        return await self._known.of(self._record.issuer, self._steady())

    async def _token(self, about: Metadata, code: str, trip: Trip) -> Said:
        said = await self._asked(about, code, trip)
        error = str(said.data.get("error", ""))
        if said.status == 200 and not error:
            return said
        why = _bounded(f"{error} {said.data.get('error_description', '')}") or f"HTTP {said.status}"
        if error in REFUSED_SECRET:
            raise trouble(BAD_SECRET.fill(why=why))
        if "redirect" in why.lower():
            raise trouble(BAD_BACK.fill(back=trip.back))
        if error in REFUSED_CODE:
            raise stranger(SAYS_NO.fill(why=why))
        raise trouble(SAYS_NO.fill(why=why))

    async def _asked(self, about: Metadata, code: str, trip: Trip) -> Said:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": trip.back}
        form["code_verifier"] = trip.verifier
        client, headers = self._record.client_id, dict[str, str]()
        if self._secret and not about.posts_secret:
            pair = f"{quote_plus(client)}:{quote_plus(self._secret)}"  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client} | ({"client_secret": self._secret} if self._secret else {})
        return await self._web.post(about.token, form, headers)

    async def _more(self, about: Metadata, access: str, subject: str) -> dict[str, Any]:
        """What only the userinfo endpoint tells, e.g. groups. It may be signed or closed: then nothing is."""
        if not about.userinfo or not access:
            return {}
        try:
            said = await self._web.get(about.userinfo, {"Authorization": f"Bearer {access}"})
        except Refused:
            return {}
        if said.status != 200:
            return {}
        if said.data.get("sub") != subject:
            raise stranger(OTHER_SUBJECT)
        return said.data

    async def _try_secret(self, about: Metadata, back: str) -> Finding:
        """By a code that nobody gave: who does not know us says so before looking at it."""
        trip = Trip("", "", "0" * 43, back)
        said = await self._asked(about, "hongyan-check", trip)
        error = str(said.data.get("error", ""))
        why = _bounded(f"{error} {said.data.get('error_description', '')}") or f"HTTP {said.status}"
        if error in REFUSED_SECRET or (said.status in (401, 403) and not error):
            return Finding(False, BAD_SECRET.fill(why=why))
        if "redirect" in why.lower():
            return Finding(False, BAD_BACK.fill(back=back))
        if error in REFUSED_CODE:
            return Finding(True, SECRET_GOOD)
        return Finding(True, SECRET_OPEN.fill(why=why))


def came(issuer: str, claims: Mapping[str, Any], token: str) -> Came:
    def text(name: str) -> str:
        value = claims.get(name)
        return _bounded(value) if isinstance(value, str) else ""

    email, is_verified = _email(claims)
    if not is_verified:  # anybody may write any address there: neither an account nor a rule goes by it
        claims = {name: value for name, value in claims.items() if name != "email"}
    return Came(
        realm=issuer,
        subjects=(claims["sub"],),
        name=text("name") or text("nickname") or text("preferred_username"),
        login=text("preferred_username") or email.partition("@")[0],
        email=email,
        is_email_verified=is_verified,
        claims=claims,
        token=token,
    )


def _email(claims: Mapping[str, Any]) -> tuple[str, bool]:
    """An address, and whether it is proved. Capitals of ASCII alone are folded and nothing is left out: what
    would become another's address by more than that is nobody's."""
    told = claims.get("email")
    if not isinstance(told, str):
        return "", False
    email = _bounded(told).lower()
    plain = "".join(c.lower() if c.isascii() else c for c in told)
    return email, email == plain and claims.get("email_verified") is True


def joined(url: str, query: Mapping[str, str]) -> str:
    """The address with more in its query; what a provider's own address asks for already stays."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def _bounded(said: str) -> str:
    return "".join(c for c in " ".join(said.split()) if c.isprintable())[:200]


def _clock(theirs: float | None, now: float) -> list[Finding]:
    if theirs is None:
        return []
    apart = abs(theirs - now)
    if apart <= CLOCK_SKEW:
        return [Finding(True, CLOCK_GOOD)]
    return [Finding(False, CLOCK_BAD.fill(seconds=round(apart)), CLOCK_HINT)]


KIND = Kind(
    as_it_is("OpenID Connect"),
    (
        Field(
            "issuer",
            Text("issuer（签发者）", "Issuer"),
            Text(
                "登录服务的地址，例如 https://sso.example.com/realms/main",
                "The provider's address, e.g. https://sso.example.com/realms/main",
            ),
        ),
        Field(
            "client_id",
            Text("客户端 ID", "Client id"),
            Text("在那边登记应用时得到。", "From registering us there."),
        ),
        Field("secret", Text("客户端密钥", "Client secret"), SECRET, must=False),
    ),
    ("groups", "realm_access.roles", "roles", "email", "sub"),
    lambda net, record, secret: Oidc(record, secret, net.web, net.known),
    order=1,
    proves_email=True,
)
