"""wechatpy's client, held to what we allow: our host, our access token, our way out, one try.

Left to itself it fetches tokens by /cgi-bin/token, which ends the token of every other system, and repeats a
refused call without limit. It is imported when it is first used: that takes a second.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from runtime import wellformed
from runtime.errors import SendFailed
from runtime.lang import Text

T = TypeVar("T")

NO_TOKEN = Text("没有访问令牌。", "There is no access token.")
MOST_ITEMS = 1000
MOST_CHARACTERS = 4000


def official_account(host: str, session: Any, app_id: str, token: str) -> Any:
    """A client of an Official Account."""
    from wechatpy.client import WeChatClient  # slow to import

    return _held(WeChatClient(app_id, "", access_token=token, auto_retry=False), host, session)


def enterprise(host: str, session: Any, corp_id: str, token: str) -> Any:
    """A client of an enterprise, with the Secret of one of its apps."""
    from wechatpy.enterprise.client import WeChatClient  # slow to import

    return _held(WeChatClient(corp_id, "", access_token=token, auto_retry=False), host, session)


def _held(client: Any, host: str, session: Any) -> Any:
    client._http = session
    client.API_BASE_URL = f"{host}/cgi-bin/"
    client.fetch_access_token = _refuse
    return client


def _refuse() -> None:
    raise SendFailed(NO_TOKEN, code="token")


def asks(method: Callable[..., T]) -> Callable[..., T]:
    """For a method whose object has a `failure`, which makes the exception for an answer that is none.

    It raises SendFailed and nothing else, also for an answer that cannot be read.
    """

    @functools.wraps(method)
    def whole(self: Any, *args: Any) -> T:
        from wechatpy.exceptions import WeChatClientException  # slow to import

        try:
            return method(self, *args)
        except WeChatClientException as e:
            said = {} if e.errcode is None else {"errcode": e.errcode, "errmsg": e.errmsg}
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
            said = {}
        raise self.failure(said)

    return whole


def text(value: object) -> str:
    """Of a text or a number; raises TypeError for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return wellformed.text(str(value))[:MOST_CHARACTERS]


def number(value: object) -> int:
    """Raises TypeError, ValueError, OverflowError for what is no whole number in a sensible range."""
    found = int(text(value))
    if abs(found) > 10**15:
        raise OverflowError
    return found


def items(value: object) -> Sequence[Any]:
    """Raises TypeError for what is no list."""
    if not isinstance(value, list):
        raise TypeError
    return value[:MOST_ITEMS]
