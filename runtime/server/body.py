"""Read a request's body within bounds of size and time."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from runtime.errors import Refused
from runtime.lang import Text

SECONDS = 10
TOO_LARGE = Text("请求太大，最多 {most} 字节。", "The request is too large: {most} bytes at most.")
TOO_SLOW = Text("请求没有在 {seconds} 秒内发完。", "The request was not sent within {seconds} s.")
CUT_OFF = Text("请求没有发完就断开了。", "The connection ended before the request did.")


async def read_body(request: Request, most: int, seconds: float = SECONDS) -> bytes:
    """The whole body. Raises Refused (too_large, too_slow, cut_off) before more than `most` bytes are held.

    A body that is compressed is not opened: whoever parses it will find it malformed.
    """
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > most:
        raise Refused(TOO_LARGE.fill(most=most), code="too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise Refused(TOO_LARGE.fill(most=most), code="too_large")
    except TimeoutError:
        raise Refused(TOO_SLOW.fill(seconds=round(seconds)), code="too_slow") from None
    except ClientDisconnect:
        raise Refused(CUT_OFF, code="cut_off") from None
    return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """For an application behind us: the body that was already read, then what comes after it."""
    is_read = False

    async def replay() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
