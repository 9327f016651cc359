"""Tokens of people who are signed in: what is none of ours, in every disguise, opens nothing."""

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwk, jws

from runtime.access.access_tokens import AccessTokens, Claims
from runtime.access.refresh_tokens import RefreshTokens
from runtime.errors import Refused
from runtime.store.control.control import Control

NOW = 1_790_000_000.0


class World:
    def __init__(self, folder):
        self.now = NOW
        self.control = Control.in_folder(folder)
        self.tokens = AccessTokens(self.control, lambda: self.now)
        self.good = self.tokens.make("page", "v-1", "f" * 22)
        self.head, self.claims = map(opened, self.good.split(".")[:2])
        self.id, self.key = self.control.token_keys.newest(NOW)

    def signed(self, head=None, key=None, **claims):
        """With the right key, unless another is given; a claim of None is left out."""
        said = {name: one for name, one in {**self.claims, **claims}.items() if one is not None}
        text = f"{packed({**self.head, **(head or {})})}.{packed(said)}"
        proof = hmac.digest(self.key if key is None else key, text.encode(), hashlib.sha256)
        return f"{text}.{packed_bytes(proof)}"


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def packed_bytes(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def packed(data):
    return packed_bytes(json.dumps(data).encode())


def opened(part):
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def refused(world, token):
    with pytest.raises(Refused) as e:
        world.tokens.read(token)
    return e.value.code


def test_a_token_says_who_came_and_how_it_is_made_is_known(world):
    assert world.tokens.read(world.good) == Claims("page", "v-1", "f" * 22, NOW + 900)
    assert world.tokens.read(world.signed()) == world.tokens.read(world.good)
    assert world.head == {"alg": "HS256", "typ": "at+jwt", "kid": world.id}


def none_without_proof(world):
    return world.signed({"alg": "none"}).rpartition(".")[0] + "."


def by_a_public_key(world):
    """RS256's public key taken for a secret."""
    public = rsa.generate_private_key(65537, 2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return world.signed({"alg": "RS256"}, public.public_bytes(serialization.Encoding.PEM, form))


def by_rs256(world):
    key = jwk.RSAKey.generate_key(2048)
    return jws.serialize_compact({**world.head, "alg": "RS256"}, json.dumps(world.claims).encode(), key)


def with_its_own_key(world):
    own = {"kty": "oct", "k": packed_bytes(b"k" * 32)}
    return world.signed({"jwk": own}, b"k" * 32)


TRICKS = {
    "no proof": none_without_proof,
    "alg none": lambda w: w.signed({"alg": "none"}),
    "alg None": lambda w: w.signed({"alg": "None"}),
    "alg HS512": lambda w: w.signed({"alg": "HS512"}),
    "alg a list": lambda w: w.signed({"alg": ["HS256"]}),
    "a public key as secret": by_a_public_key,
    "RS256": by_rs256,
    "its own key": with_its_own_key,
    "jku": lambda w: w.signed({"jku": "https://evil.example/keys"}),
    "x5u": lambda w: w.signed({"x5u": "https://evil.example/chain"}),
    "x5c": lambda w: w.signed({"x5c": ["MIIB"]}),
    "crit": lambda w: w.signed({"crit": ["exp"], "exp": 1}),
    "b64": lambda w: w.signed({"b64": False, "crit": ["b64"]}),
    "zip": lambda w: w.signed({"zip": "DEF"}),
    "kid a path": lambda w: w.signed({"kid": "../../../../dev/null"}, b""),
    "kid a query": lambda w: w.signed({"kid": "x' or '1'='1"}),
    "kid unknown": lambda w: w.signed({"kid": "00000000"}),
    "kid a number": lambda w: w.signed({"kid": 7}),
    "kid null": lambda w: w.signed({"kid": None}),
    "another kind": lambda w: w.signed({"typ": "JWT"}),
    "an empty key": lambda w: w.signed(key=b""),
    "another key": lambda w: w.signed(key=b"k" * 32),
    "another issuer": lambda w: w.signed(iss="0" * 32),
    "no issuer": lambda w: w.signed(iss=None),
    "no audience": lambda w: w.signed(aud=None),
    "two audiences": lambda w: w.signed(aud=["page", "other"]),
    "no end": lambda w: w.signed(exp=None),
    "an end of a year": lambda w: w.signed(exp=int(NOW) + 31_536_000),
    "an end in words": lambda w: w.signed(exp=str(int(NOW) + 900)),
    "an end that is true": lambda w: w.signed(exp=True),
    "an end that is no number": lambda w: w.signed(exp=float("inf")),
    "from the future": lambda w: w.signed(iat=int(NOW) + 61, exp=int(NOW) + 700),
    "no family": lambda w: w.signed(sid=None),
    "other claims than signed": lambda w: ".".join(
        (w.good.split(".")[0], packed({**w.claims, "sub": "v-2"}), w.good.split(".")[2])
    ),
    "cut": lambda w: w.good[:-1],
    "five parts": lambda w: w.good + ".x.y",
    "padded": lambda w: w.good + "=",
    "with a line": lambda w: w.good + "\n",
    "huge": lambda w: w.signed(sub="x" * 5000),
    "not ASCII": lambda w: w.good.replace("ey", "ｅy", 1),
    "a refresh token": lambda w: RefreshTokens(w.control).first().text,
    "": lambda w: "",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS.keys())
def test_a_trick_opens_nothing(world, trick):
    assert refused(world, trick(world)) == "bad_token"


@pytest.mark.parametrize(
    ("later", "code"), [(959, ""), (961, "token_expired"), (-59, ""), (-61, "bad_token")]
)
def test_clocks_may_differ_by_a_minute(world, later, code):
    world.now += later
    assert (refused(world, world.good) if code else "") == code


def test_a_key_signs_for_a_month_and_opens_until_the_one_after_next(world):
    keys = world.control.token_keys
    world.now += 30 * 86_400
    id, _ = keys.newest(world.now)
    assert id != world.id
    world.now = NOW
    assert world.tokens.read(world.good)
    keys.rotate(NOW + 30 * 86_400 + 1)
    assert refused(world, world.good) == "bad_token"


def test_keys_are_sealed_and_another_installation_s_open_nothing(world, tmp_path):
    stored = (tmp_path / "control" / "token_keys.json").read_text()
    assert world.key.hex() not in stored
    elsewhere = Control.in_folder(tmp_path / "elsewhere")
    assert refused(world, AccessTokens(elsewhere, lambda: NOW).make("page", "v-1", "f" * 22)) == "bad_token"
    assert RefreshTokens(world.control).read(RefreshTokens(elsewhere).first().text) is None
