"""A model server on loopback that speaks OpenAI's chat completions and misbehaves on request."""

import asyncio
import json
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

USAGE = {"prompt_tokens": 50, "completion_tokens": 40, "total_tokens": 90}


@dataclass(frozen=True)
class Say:
    """One scripted response. `tool_calls` are (name, arguments as raw JSON text).

    `cut_after`, `hang_after`: bytes of the body that are sent before the connection closes, or goes silent.
    `silent_cut`: the response has no length, so that a cut looks like its end.
    `raw`: this body instead of a completion. `wait`: seconds before the first byte.
    """

    text: str | None = "你好"
    tool_calls: tuple[tuple[str, str], ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    finish: str = ""
    reasoning: str = ""
    wait: float = 0
    pieces: int = 4
    cut_after: int | None = None
    hang_after: int | None = None
    silent_cut: bool = False
    drip: float = 0
    """Seconds between two bytes of the body."""
    counts: bool = True
    """It says how many tokens it used."""


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class FakeLLM:
    """`async with FakeLLM(Say("one"), Say(status=500)) as llm: llm.url`. The last response repeats.

    A function in the script makes its response of the call. `at`: a bound socket that it listens on.
    """

    def __init__(self, *script: Say | Callable[[Call], Say], at: socket.socket | None = None) -> None:
        self.script = deque(script or [Say()])
        self._at = at
        self.calls: list[Call] = []
        self.connections = 0
        """Opened so far."""
        self.called = asyncio.Event()
        self.closed_early = asyncio.Event()
        """The caller closed a connection whose response was not finished."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "FakeLLM":
        place = {"sock": self._at} if self._at else {"host": "127.0.0.1", "port": 0}
        self._server = await asyncio.start_server(self._accept, **place)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # A transport closes one turn of the loop after it was told to.
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while call := await self._read(reader):
                self.calls.append(call)
                self.called.set()
                say = self.script[0] if len(self.script) == 1 else self.script.popleft()
                say = say(call) if callable(say) else say
                if not await self._respond(say, call, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller went away
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Call | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Call(first.split()[1], headers, json.loads(body or b"{}"))

    async def _respond(
        self, say: Say, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Send it; False when the connection must not be used again."""
        await asyncio.sleep(say.wait)
        streamed = bool(call.body.get("stream")) and say.raw is None and say.status == 200
        body = b"".join(_events(say)) if streamed else _body(say)
        kind = "text/event-stream" if streamed else "application/json"
        length = {"connection": "close"} if say.silent_cut else {"content-length": str(len(body))}
        headers = {"content-type": kind, **length, **say.headers}
        head = f"HTTP/1.1 {say.status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
        if say.hang_after != 0:
            writer.write(head.encode() + b"\r\n")
        if say.drip:
            for byte in body:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(say.drip)
        stop = say.cut_after if say.cut_after is not None else say.hang_after
        writer.write(body[:stop])
        await writer.drain()
        if say.hang_after is not None:
            await reader.read()
            self.closed_early.set()
        return say.cut_after is None and say.hang_after is None and not say.silent_cut


def _calls(say: Say) -> list[dict[str, Any]]:
    return [
        {
            "index": i,
            "id": f"call_{i}",
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for i, (name, arguments) in enumerate(say.tool_calls)
    ]


def _finish(say: Say) -> str:
    return say.finish or ("tool_calls" if say.tool_calls else "stop")


def _body(say: Say) -> bytes:
    if say.raw is not None:
        return say.raw
    if say.status != 200:
        error = {"message": say.text, "type": "error", "code": None}
        return json.dumps({"error": error}, ensure_ascii=False).encode()
    message: dict[str, Any] = {"role": "assistant", "content": say.text}
    if say.tool_calls:
        message["tool_calls"] = _calls(say)
    if say.reasoning:
        message["reasoning_content"] = say.reasoning
    choice = {"index": 0, "message": message, "finish_reason": _finish(say)}
    whole = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        **({"usage": USAGE} if say.counts else {}),
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _events(say: Say) -> Iterator[bytes]:
    """The completion as server-sent events: text in pieces, each tool call's arguments in two."""

    def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
        return _sse(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

    yield event({"role": "assistant", "content": ""})
    if say.reasoning:
        yield event({"reasoning_content": say.reasoning})
    text = say.text or ""
    step = max(1, -(-len(text) // say.pieces))
    for start in range(0, len(text), step):
        yield event({"content": text[start : start + step]})
    for call in _calls(say):
        function = call["function"]
        half = len(function["arguments"]) // 2
        yield event(
            {"tool_calls": [{**call, "function": {**function, "arguments": function["arguments"][:half]}}]}
        )
        rest = {"index": call["index"], "function": {"arguments": function["arguments"][half:]}}
        yield event({"tool_calls": [rest]})
    yield event({}, _finish(say))
    if say.counts:
        yield _sse(choices=[], usage=USAGE)
    yield b"data: [DONE]\n\n"


def _sse(**more: Any) -> bytes:
    chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", **more}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"
