"""Passkeys: made on somebody's device for one host, and proof of them there, by a finger or a PIN.

The library is loaded by whoever first needs it: it takes a tenth of a second that a start should not.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.access.changes import Change, tell
from runtime.access.proof import PASSKEY
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.errors import BadSettings, Conflict, NotFound, Refused
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import PasskeyRecord

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication

MOST = 20
"""Of one person."""
SECONDS = 120
"""That a device may ask its owner for."""
HANDLE_BYTES = 32
NOT_TAKEN = Text(
    "这个通行密钥没有通过。请用在这个网址添加过的通行密钥，或换一种方式登录。",
    "That passkey was not taken. Use one that was added at this address, or log in another way.",
)
COPIED = Text(
    "这个通行密钥像是被复制过，已拒绝。请用别的方式登录，并在「我的账号」里移除它。",
    "This passkey seems to have been copied. Log in another way, and remove it in My account.",
)
NOT_MADE = Text(
    "设备给出的通行密钥不对，请再试一次。", "What the device made is no passkey of ours: try again."
)
NO_NAME = Text("名字要有 1 到 60 个字。", "A name has 1 to 60 characters.")
TOO_MANY = Text("最多 {most} 个通行密钥，先移除一个。", "There may be {most} passkeys: remove one first.")
TWICE = Text("这个通行密钥已经添加过了。", "That passkey was added already.")
GONE = Text("这个通行密钥已经不在了。", "That passkey is gone already.")


@dataclass(frozen=True)
class Place:
    """Where passkeys are made for and open. `rp`: the host; `origin`: as a browser calls it, with scheme."""

    rp: str
    origin: str


class Passkeys:
    """Reading costs microseconds, a check 1 ms. What changes raises NotSaved. `clock`: seconds since 1970."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._rows = control.passkeys
        self._users, self._sign_ins = Users(control, clock), SignIns(control)
        self._clock = clock

    def of(self, user: str) -> list[PasskeyRecord]:
        """Who was added first comes first."""
        return [one for one in self._rows.all().values() if one.user == user]

    def are_any(self) -> bool:
        return bool(self._rows.all())

    def any_at(self, rp: str) -> bool:
        return any(one.rp == rp for one in self._rows.all().values())

    def handle(self, user: str) -> str:
        """The same in all passkeys of theirs, so that a device keeps one account of them."""
        mine = self.of(user)
        return mine[0].handle if mine else secrets.token_urlsafe(HANDLE_BYTES)

    def making(self, user: str, place: Place, challenge: bytes, handle: str) -> dict[str, Any]:
        """What a browser is asked to make one by (PublicKeyCredentialCreationOptions). Raises NotFound."""
        import webauthn
        from webauthn.helpers import options_to_json_dict, structs

        one, mine = self._users.must(user), self.of(user)
        options = webauthn.generate_registration_options(
            rp_id=place.rp,
            rp_name="鸿雁 Hongyan",
            user_name=one.id,
            user_id=handle.encode(),
            user_display_name=one.name or one.id,
            challenge=challenge,
            timeout=SECONDS * 1000,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[_described(each) for each in mine if each.rp == place.rp],
        )
        return options_to_json_dict(options)

    def add(
        self, user: str, name: str, place: Place, challenge: bytes, given: Mapping[str, Any], handle: str
    ) -> PasskeyRecord:
        """`given`: what the browser says; `handle`: `making`'s. Raises BadSettings, Conflict, NotFound."""
        named = " ".join(name.split())
        if not 0 < len(named) <= 60:
            raise BadSettings(NO_NAME, field="name")
        made = _made(given, place, challenge)
        self._users.must(user)
        response = given.get("response")
        told = response.get("transports", []) if isinstance(response, Mapping) else []
        record = PasskeyRecord(
            id=_text(made.credential_id),
            user=user,
            name=named,
            handle=handle,
            rp=place.rp,
            key=_text(made.credential_public_key),
            count=made.sign_count,
            transports=tuple(one for one in told if one in TRANSPORTS)[:8] if isinstance(told, list) else (),
            added_at=self._clock(),
        )
        with self._rows.exclusive():
            if self._rows.get(record.id):
                raise Conflict(TWICE)
            if len(self.of(user)) >= MOST:
                raise Conflict(TOO_MANY.fill(most=MOST))
            self._rows.put(record)
        tell(Change("passkey.add", user, f"user {user}", (), (named,)))
        return record

    def asking(self, place: Place, challenge: bytes, user: str | None = None) -> dict[str, Any]:
        """What a browser is asked for one by (PublicKeyCredentialRequestOptions). `user`: of whom; None: of
        whomever the device knows."""
        import webauthn
        from webauthn.helpers import options_to_json_dict, structs

        mine = [_described(each) for each in self.of(user) if each.rp == place.rp] if user else None
        options = webauthn.generate_authentication_options(
            rp_id=place.rp,
            challenge=challenge,
            timeout=SECONDS * 1000,
            allow_credentials=mine,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def check(
        self, place: Place, challenge: bytes, given: Mapping[str, Any], user: str | None = None
    ) -> PasskeyRecord:
        """Whose it is, of that user if one is given. Raises Refused (signature; replayed for a copy)."""
        with self._rows.exclusive():
            known = self._rows.get(str(given.get("id")))
            if known is None or known.rp != place.rp or (user is not None and known.user != user):
                raise Refused(NOT_TAKEN, code="signature")
            if not _names(given, known, must=user is None):
                raise Refused(NOT_TAKEN, code="signature")
            verified = _verified(given, known, place, challenge)
            if (verified.new_sign_count or known.count) and verified.new_sign_count <= known.count:
                raise Refused(COPIED, code="replayed")
            used = known.model_copy(update={"count": verified.new_sign_count, "used_at": self._clock()})
            self._rows.put(used)
        return used

    def remove(self, id: str, user: str, *, by: str = "") -> PasskeyRecord:
        """What passkeys opened ends, too: it may be whoever has the device. Raises NotFound, also for
        somebody else's."""
        with self._rows.exclusive():
            known = self._rows.get(id)
            if known is None or known.user != user:
                raise NotFound(GONE)
            self._rows.remove(id)
        self._sign_ins.end_opened_by(user, PASSKEY)
        tell(Change("passkey.remove", by or user, f"user {user}", (known.name,), ()))
        return known


TRANSPORTS = ("usb", "nfc", "ble", "internal", "cable", "hybrid")


def _made(given: Mapping[str, Any], place: Place, challenge: bytes) -> Any:
    """Raises BadSettings."""
    import webauthn

    try:
        _same_window(given)
        return webauthn.verify_registration_response(
            credential=dict(given),
            expected_challenge=challenge,
            expected_rp_id=place.rp,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as e:  # whatever the library says of such bytes: it is no passkey
        raise BadSettings(NOT_MADE, field="passkey") from e


def _verified(
    given: Mapping[str, Any], known: PasskeyRecord, place: Place, challenge: bytes
) -> "VerifiedAuthentication":
    """Raises Refused."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes

    try:
        _same_window(given)
        return webauthn.verify_authentication_response(
            credential=dict(given),
            expected_challenge=challenge,
            expected_rp_id=place.rp,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(known.key),
            credential_current_sign_count=0,  # we look ourselves, to tell a copy from anything else
            require_user_verification=True,
        )
    except Exception as e:  # whatever the library says of such bytes: it is no proof
        raise Refused(NOT_TAKEN, code="signature") from e


def _same_window(given: Mapping[str, Any]) -> None:
    """Not from a frame in somebody else's page. Raises ValueError and more."""
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    if parse_client_data_json(base64url_to_bytes(given["response"]["clientDataJSON"])).cross_origin:
        raise ValueError("cross-origin")


def _names(given: Mapping[str, Any], known: PasskeyRecord, *, must: bool) -> bool:
    """Whether the device says the same person. `must`: where we did not say whose passkey is asked for."""
    response = given.get("response")
    said = response.get("userHandle") if isinstance(response, Mapping) else None
    if said is None:
        return not must
    return isinstance(said, str) and said.rstrip("=") == _text(known.handle.encode())


def _described(one: PasskeyRecord) -> Any:
    from webauthn.helpers import base64url_to_bytes, structs

    transports = [structs.AuthenticatorTransport(each) for each in one.transports]
    return structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.id), transports=transports or None)


def _text(value: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(value)
