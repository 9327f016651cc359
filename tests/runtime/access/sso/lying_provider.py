"""An OpenID provider in memory that lies as a test wants it to."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from runtime.network.fetched import Fetched

ISSUER = "https://sso.example.com/realms/main"
CLIENT = "hongyan"
NOW = 1_790_000_000.0
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


def b64(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


@dataclass
class LyingProvider:
    """`claims`, `discovery`: over what is true; None takes a name away. `answers`: by the path's end."""

    claims: dict = field(default_factory=dict)
    discovery: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    header: dict = field(default_factory=dict)
    key: object = field(default_factory=lambda: KEY)
    published: tuple = (KEY, EC)
    nonce: str = ""
    userinfo: dict = field(default_factory=dict)
    date: str = "Mon, 21 Sep 2026 14:13:20 GMT"
    codes: list = field(default_factory=list)
    """Used ones."""
    asked: list = field(default_factory=list)
    own: tuple = ()
    """Beginnings of addresses that an operator permits."""

    def permits(self, url, reach):
        return url.startswith(self.own) if self.own else False

    def tokens(self):
        claims = {
            "iss": ISSUER, "sub": "u-1", "aud": CLIENT, "nonce": self.nonce,
            "iat": int(NOW), "exp": int(NOW) + 300, "email": "Anna@X.example", "email_verified": True,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": getattr(self.key, "kid", None) or "one", **self.header}
        if header["alg"] == "none":
            return {"access_token": "at", "id_token": f"{b64(header)}.{b64(claims)}."}
        if isinstance(self.key, bytes):
            signed = f"{b64(header)}.{b64(claims)}"
            proof = base64.urlsafe_b64encode(hmac.digest(self.key, signed.encode(), "sha256")).rstrip(b"=")
            return {"access_token": "at", "id_token": f"{signed}.{proof.decode()}"}
        token = jwt.encode(header, claims, self.key, [header["alg"]])
        return {"access_token": "at", "id_token": token, "token_type": "Bearer"}

    def about(self):
        told = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
        } | self.discovery
        return {name: value for name, value in told.items() if value is not None}

    async def fetch(
        self, method, url, *, headers=None, body=None, seconds=15, max_bytes=1, reach=None, enough=None
    ):
        self.asked.append((method, url, headers or {}, body))
        name = url.rpartition("/")[2]
        answer = self.answers.get(name)
        if isinstance(answer, Exception):
            raise answer
        status, said = answer or self.usual(name, headers or {}, body)
        text = said if isinstance(said, str) else json.dumps(said)
        cut, content = len(text) > max_bytes, text.encode()[:max_bytes]
        return Fetched(url, status, "application/json", text, content, cut, {"date": self.date})

    def usual(self, name, headers, body):
        if name == "openid-configuration":
            return 200, self.about()
        if name == "keys":
            return 200, {"keys": [key.as_dict(private=False) for key in self.published]}
        if name == "userinfo":
            assert headers["Authorization"] == "Bearer at"
            return 200, {"sub": "u-1", "groups": ["boss"], **self.userinfo}
        form = {field: values[0] for field, values in parse_qs(body.decode()).items()}
        basic = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
        if basic != f"{CLIENT}:s3cret":
            return 401, {"error": "invalid_client"}
        if form["code"] in self.codes or form["code"] != "good":
            return 400, {"error": "invalid_grant", "error_description": "Code not valid"}
        self.codes.append(form["code"])
        assert len(hashlib.sha256(form["code_verifier"].encode()).digest()) == 32
        return 200, self.tokens()


def confused(key):
    """The public key as a secret, which a careless library takes for one (CVE-2015-9235)."""
    return key.as_pem(private=False)
