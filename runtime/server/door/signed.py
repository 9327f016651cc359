"""Cookies that say what we wrote into them, and nothing else."""

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.sealed_owner import SealedOwner


class Signed:
    """`what` is in the signature: a cookie of one kind is none of another."""

    def __init__(self, owner: SealedOwner) -> None:
        self._owner = owner

    def write(self, what: str, held: Any) -> str:
        """Its time is in what it holds: the library's own would be the clock's, and not the caller's."""
        return str(self._serializer(what).dumps(held))

    def read(self, what: str, cookie: str) -> Any:
        """What a genuine cookie holds; None for any other, and when nobody may sign in."""
        try:
            return self._serializer(what).loads(cookie)
        except (BadData, NotFound, UnicodeEncodeError):
            return None

    def _serializer(self, what: str) -> URLSafeSerializer:
        how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        record = self._owner.get()
        if record is None:
            raise NotFound(Text("还没有设置密码。", "No password was set yet."))
        key = self._owner.session_key(record)
        return URLSafeSerializer(key, salt=f"hongyan.{what}", signer_kwargs=how)


def cookie_name(secure: bool) -> str:
    """Browsers refuse a `__Host-` cookie that another host or plain HTTP tries to set."""
    return "__Host-hongyan" if secure else "hongyan"


def set_cookie(response: Response, name: str, value: str, max_age: int, *, secure: bool) -> None:
    """`max_age`: seconds; 0 removes it."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="lax")
