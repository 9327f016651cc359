"""What a provider, or whoever sits between, may try: each is refused, and says why."""

import base64
import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from lying_provider import CLIENT, EC, ISSUER, KEY, NOW, OTHER_KEY, LyingProvider, confused

from runtime.access.sso.asking.way import Trip
from runtime.access.sso.claims import values
from runtime.access.sso.kinds import Net
from runtime.errors import Blocked, Refused
from runtime.lang import Text
from runtime.network.platform_api import Outbound
from runtime.store.control.sso_records import ProviderRecord

TRIP = Trip("state-1", "nonce-1", "v" * 43, "https://us.example/login/sso/corp/back")


def way(provider, **more):
    told = {"id": "corp", "kind": "oidc", "name": "Corp", "issuer": ISSUER, "client_id": CLIENT}
    return Net(provider, Outbound()).way(ProviderRecord.model_validate({**told, **more}), "s3cret")


async def who(provider, *, trip=TRIP, now=NOW, **query):
    provider.nonce = provider.nonce or trip.nonce
    return await way(provider).who(trip, {"code": "good", **query}, now)


async def test_the_browser_is_led_with_state_nonce_and_pkce():
    address = await way(LyingProvider()).address(TRIP, "")
    asks = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{ISSUER}/auth?")
    assert (asks["response_type"], asks["client_id"], asks["redirect_uri"]) == ("code", CLIENT, TRIP.back)
    assert (asks["state"], asks["nonce"], asks["code_challenge_method"]) == ("state-1", "nonce-1", "S256")
    assert (len(asks["code_challenge"]), TRIP.verifier in address) == (43, False)
    assert asks["scope"].split()[0] == "openid"


async def test_what_is_true_is_believed_and_userinfo_adds_what_the_token_lacks():
    came = await who(LyingProvider(userinfo={"email": "else@x.example", "name": "Anna"}))
    assert (came.realm, came.subjects, came.name) == (ISSUER, ("u-1",), "Anna")
    assert (came.email, came.is_email_verified, came.claims["groups"]) == ("anna@x.example", True, ["boss"])


UNPROVED = {
    "verified is false": {"email_verified": False},
    "nothing is said": {"email_verified": None},
    "a word for it": {"email_verified": "true"},
    "a letter that folds into another": {"email": "an\u212a@x.example"},
    "a sign that nobody sees": {"email": "an\u200bna@x.example"},
    "a space in front": {"email": " anna@x.example"},
    "longer than what is kept": {"email": f"anna@x.example{'a' * 200}"},
    "no text": {"email": ["anna@x.example"]},
}


@pytest.mark.parametrize("claims", UNPROVED.values(), ids=list(UNPROVED))
async def test_an_address_that_is_not_proved_opens_no_account_and_fits_no_rule(claims):
    came = await who(LyingProvider(claims=claims))
    assert (came.is_email_verified, values(came.claims, "email")) == (False, [])


async def test_a_proved_address_fits_a_rule():
    came = await who(LyingProvider())
    assert (came.is_email_verified, values(came.claims, "email")) == (True, ["Anna@X.example"])


OCT = {"kty": "oct", "kid": "one", "k": base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")}
LIES = {
    "wrong nonce": ({"nonce": "nonce-of-another"}, "nonce"),
    "no nonce": ({"claims": {"nonce": None}}, "nonce"),
    "wrong issuer": ({"claims": {"iss": "https://evil.example"}}, "iss"),
    "no issuer": ({"claims": {"iss": None}}, "iss"),
    "other audience": ({"claims": {"aud": "another-client"}}, "aud"),
    "no audience": ({"claims": {"aud": None}}, "aud"),
    "several audiences, no azp": ({"claims": {"aud": [CLIENT, "another"]}}, "azp"),
    "for another client": ({"claims": {"aud": [CLIENT, "another"], "azp": "another"}}, "azp"),
    "azp of another": ({"claims": {"azp": "another"}}, "azp"),
    "expired": ({"claims": {"exp": int(NOW) - 3600}}, "expired"),
    "no end": ({"claims": {"exp": None}}, "exp"),
    "end is a text": ({"claims": {"exp": "never"}}, "exp"),
    "from the future": ({"claims": {"iat": int(NOW) + 3600, "exp": int(NOW) + 7200}}, "future"),
    "not yet good": ({"claims": {"nbf": int(NOW) + 3600}}, "future"),
    "nobody": ({"claims": {"sub": ""}}, "sub"),
    "somebody without end": ({"claims": {"sub": "x" * 300}}, "sub"),
    "a list for a name": ({"claims": {"sub": ["u-1"]}}, "sub"),
    "access token of another": ({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "at_hash"),
    "alg none": ({"header": {"alg": "none"}}, "alg none"),
    "HS256 with the public key": ({"header": {"alg": "HS256"}, "key": confused(KEY)}, "alg HS256"),
    "HS256 with our secret": (
        {"header": {"alg": "HS256"}, "key": b"s3cret"},
        "alg HS256",
    ),
    "HS256, and the key is published": (
        {"header": {"alg": "HS256"}, "key": b"k" * 32, "answers": {"keys": (200, {"keys": [OCT]})}},
        "alg HS256",
    ),
    "a key that is not published": ({"key": OTHER_KEY}, "no published key"),
    "our kid, another key": ({"key": OTHER_KEY, "header": {"kid": "one"}}, "no published key"),
    "no keys": ({"published": ()}, "no published key"),
    "no token": ({"answers": {"token": (200, {"access_token": "at"})}}, "no id_token"),
    "a token that is none": ({"answers": {"token": (200, {"id_token": "a.b.c"})}}, "not signed"),
    "a token without end": ({"answers": {"token": (200, {"id_token": "x" * 100_000})}}, "no id_token"),
    "userinfo of another": ({"userinfo": {"sub": "u-2"}}, "somebody else"),
    "used code": ({"codes": ["good"]}, "refused"),
    "another's secret": ({"answers": {"token": (401, {"error": "invalid_client"})}}, "client id or secret"),
    "another issuer's discovery": ({"discovery": {"issuer": "https://evil.example"}}, "calls itself"),
    "its slash": ({"discovery": {"issuer": f"{ISSUER}/"}}, "calls itself"),
    "discovery that is none": ({"answers": {"openid-configuration": (404, {})}}, "no OpenID Connect"),
    "discovery in HTML": ({"answers": {"openid-configuration": (200, "<html>")}}, "not answer JSON"),
    "huge discovery": ({"answers": {"openid-configuration": (200, "[" * 300_000)}}, "too large"),
    "keys by http": ({"discovery": {"jwks_uri": "http://sso.example.com/keys"}}, "not https"),
    "a page of ours as authorization endpoint": (
        {"discovery": {"authorization_endpoint": "javascript:alert(1)"}},
        "no whole address",
    ),
    "password in an address": (
        {"discovery": {"token_endpoint": "https://a:b@sso.example.com/t"}},
        "no whole address",
    ),
    "no token endpoint": ({"discovery": {"token_endpoint": None}}, "token_endpoint"),
    "an address inside": (
        {"answers": {"token": Blocked(Text("不在公网上", "This address is not on the public internet."))}},
        "public internet",
    ),
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_signs_anybody_in(lie):
    lies, says = LIES[lie]
    with pytest.raises(Refused) as e:
        await who(LyingProvider(**lies))
    assert e.value.code in ("proof", "provider")
    assert says in e.value.text.en, e.value.text.en
    assert "s3cret" not in str(e.value)


@pytest.mark.parametrize(
    ("discovery", "query"),
    [
        ({}, {"iss": "https://evil.example"}),
        ({"authorization_response_iss_parameter_supported": True}, {}),
    ],
)
async def test_a_browser_that_another_provider_sent_is_refused_before_anybody_is_asked(discovery, query):
    provider = LyingProvider(discovery=discovery)
    with pytest.raises(Refused, match="Another provider"):
        await who(provider, **query)
    assert not any(url.endswith("/token") for _, url, *_ in provider.asked)  # the code goes to nobody


@pytest.mark.parametrize(
    ("said", "says"), [("access_denied", "cancelled"), ("login_required", "login_required")]
)
async def test_whoever_cancels_is_told_so(said, says):
    with pytest.raises(Refused, match=says):
        await who(LyingProvider(), error=said)


@pytest.mark.parametrize("query", [{"code": ""}, {"code": "x" * 5000}])
async def test_no_code_is_no_proof(query):
    with pytest.raises(Refused) as e:
        await who(LyingProvider(), **query)
    assert e.value.code == "proof"


async def test_keys_are_rotated_at_any_time():
    provider = LyingProvider(nonce=TRIP.nonce)
    asking = way(provider)
    await asking.who(TRIP, {"code": "good"}, NOW)
    provider.key, provider.published, provider.codes = OTHER_KEY, (OTHER_KEY,), []
    await asking.who(TRIP, {"code": "good"}, NOW)
    provider.key, provider.codes = KEY, []
    with pytest.raises(Refused, match="no published key"):  # what was withdrawn does not count any more
        await asking.who(TRIP, {"code": "good"}, NOW)


@pytest.mark.parametrize(("key", "alg"), [(KEY, "PS256"), (EC, "ES256")])
async def test_other_algorithms_with_two_keys_are_taken(key, alg):
    assert (await who(LyingProvider(key=key, header={"alg": alg}))).subjects == ("u-1",)


async def test_a_key_that_can_be_broken_signs_nothing():
    with warnings.catch_warnings(action="ignore"):  # the library warns of it
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
        with pytest.raises(Refused, match="no published key"):
            await who(LyingProvider(key=weak, published=(weak,)))


CHECKS = {
    "good": ({}, True, "client id and secret are accepted"),
    "wrong issuer": ({"discovery": {"issuer": "https://else.example"}}, False, "https://else.example"),
    "nothing there": ({"answers": {"openid-configuration": (404, {})}}, False, "no OpenID Connect"),
    "secret": ({"answers": {"token": (401, {"error": "invalid_client"})}}, False, "client id or secret"),
    "clock": ({"date": "Mon, 21 Sep 2026 15:13:20 GMT"}, False, "differ by 3600 s"),
    "keys": ({"published": ()}, False, "no signing key"),
    "redirect": (
        {
            "answers": {
                "token": (400, {"error": "invalid_request", "error_description": "Invalid redirect_uri"})
            }
        },
        False,
        TRIP.back,
    ),
}


@pytest.mark.parametrize("fault", CHECKS)
async def test_the_check_names_the_fault(fault):
    lies, good, says = CHECKS[fault]
    found = await way(LyingProvider(**lies)).check(TRIP.back, NOW)
    assert all(one.ok for one in found) is good
    assert says in " ".join(one.says.en for one in found if one.ok is good)
