"""Why a connection did not come about, in words."""

import errno
import socket

from runtime.lang import Text, as_it_is

NO_SUCH_HOST = Text("找不到这个主机名", "there is no host of that name")
NOBODY_THERE = Text("那里没有服务在接收", "nothing answers at that port")
NO_WAY = Text("这台服务器到不了那里", "there is no way there from this server")
CUT = Text("对方断开了连接", "the other side ended the connection")
_BY_NUMBER = {
    socket.EAI_NONAME: NO_SUCH_HOST,
    socket.EAI_NODATA: NO_SUCH_HOST,
    errno.ECONNREFUSED: NOBODY_THERE,
    errno.EHOSTUNREACH: NO_WAY,
    errno.ENETUNREACH: NO_WAY,
    errno.ECONNRESET: CUT,
    errno.EPIPE: CUT,
}
LONGEST = 200


def why(error: BaseException) -> Text:
    """What is usual in words; anything else as it says it itself."""
    number = error.errno if isinstance(error, OSError) else None
    said = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return _BY_NUMBER.get(number or 0) or as_it_is(str(said)[:LONGEST] or type(error).__name__)
