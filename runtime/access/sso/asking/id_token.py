"""An ID token, checked as OpenID Connect Core 3.1.3.7 says, against keys that its issuer publishes.

Authlib checks the claims, and joserfc, which it is built on, the signature; what may sign is decided here.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from runtime import wellformed
from runtime.access.sso.asking.way import CLOCK_SKEW, Trip, stranger, trouble
from runtime.lang import Text

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Never `none`; and no HS…, whose key is the client's secret, or a public key that somebody takes for one."""
KINDS = ("RSA", "EC", "OKP")
RSA_LENGTH = range(342, 1367)
"""Characters of a modulus of 2048 to 8192 bits: less can be broken, more costs too much to ask."""
MOST_KEYS = 50
LONGEST = 64 * 1024
"""Characters of a token."""
NO_TOKEN = Text(
    "登录服务没有给出身份令牌（id_token）。请确认那边是 OpenID Connect。",
    "The provider gave no id_token. Check that it speaks OpenID Connect.",
)
BAD_SIGNATURE = Text(
    "身份令牌的签名不对：{why}。",
    "The ID token is not signed by its issuer, or not in a way that counts: {why}.",
)
NO_KEY = Text("登录服务没有公布签名用的密钥", "no published key fits it")
EXPIRED = Text(
    "身份令牌已过期。请检查本机和登录服务的时钟。",
    "The ID token has expired. Check the clocks of this machine and of the provider.",
)
EARLY = Text(
    "身份令牌的时间在将来。请检查本机和登录服务的时钟。",
    "The ID token is from the future. Check the clocks of this machine and of the provider.",
)
OTHER_CLAIM = Text(
    "身份令牌里的 {claim} 不对，已拒绝。", "The ID token's {claim} is not what it must be: refused."
)

Key = RSAKey | ECKey | OKPKey


def keys_of(told: Mapping[str, Any]) -> list[Key]:
    """Of a JWKS (RFC 7517), those that may sign; whatever cannot be read is left out."""
    found: list[Key] = []
    entries = told.get("keys")
    for one in entries[:MOST_KEYS] if isinstance(entries, list) else ():
        if not isinstance(one, dict) or one.get("kty") not in KINDS or one.get("use", "sig") != "sig":
            continue
        if one["kty"] == "RSA" and len(str(one.get("n", ""))) not in RSA_LENGTH:
            continue
        try:
            key = JWKRegistry.import_key({**one})
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            found.append(key)
    return found


def checked(
    token: Any, keys: Sequence[Key], *, issuer: str, client: str, trip: Trip, access: str, now: float
) -> dict[str, Any]:
    """What it says. Raises Refused."""
    from authlib.oidc.core import CodeIDToken  # authlib has 4 MB, which few need

    if not isinstance(token, str) or not token or len(token) > LONGEST:
        raise trouble(NO_TOKEN)
    header, claims = _signed(token, keys)
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client},
    }
    params = {"client_id": client, "access_token": access}
    try:
        CodeIDToken(claims, header, options, params).validate(int(now), int(CLOCK_SKEW))
    except ExpiredTokenError:
        raise stranger(EXPIRED) from None
    except ClaimError as e:
        raise stranger(_claim(e)) from None
    except (JoseError, TypeError, ValueError, AttributeError):
        raise stranger(OTHER_CLAIM.fill(claim="claims")) from None
    _further(claims, client, trip, now)
    return claims


def _signed(token: str, keys: Sequence[Key]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims. Raises Refused."""
    try:
        claimed = jws.extract_compact(token.encode())
        header = claimed.headers()
    except (JoseError, ValueError, TypeError):
        raise stranger(BAD_SIGNATURE.fill(why="JWS")) from None
    algorithm, named = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise stranger(BAD_SIGNATURE.fill(why=f"alg {str(algorithm)[:20]}"))
    for key in keys:
        if named is not None and key.kid is not None and key.kid != named:
            continue
        try:
            said = jws.deserialize_compact(token.encode(), key, [str(algorithm)])
            claims = wellformed.load(said.payload or b"", largest=LONGEST, unrepeated=True)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(claims, dict):
            return header, claims
    raise stranger(BAD_SIGNATURE.fill(why=NO_KEY))


def _further(claims: Mapping[str, Any], client: str, trip: Trip, now: float) -> None:
    """What is stricter here than in the library. Raises Refused."""
    audience, issued = claims["aud"], claims["iat"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client:
        raise stranger(OTHER_CLAIM.fill(claim="azp"))
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), trip.nonce.encode()):
        raise stranger(OTHER_CLAIM.fill(claim="nonce"))
    if issued > now + CLOCK_SKEW:
        raise stranger(EARLY)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise stranger(OTHER_CLAIM.fill(claim="sub"))


def _claim(e: ClaimError) -> Text:
    name = str(getattr(e, "claim", ""))[:20] or "claims"
    return EARLY if name in ("iat", "nbf") else OTHER_CLAIM.fill(claim=name)
