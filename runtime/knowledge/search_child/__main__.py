"""Read what is asked, line by line, and answer it, until nobody listens or asks any longer."""

import base64
import json
import os
import socket
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # is read when numpy is loaded

import numpy as np
import numpy.typing as npt

from runtime import child_process
from runtime.errors import HongyanError
from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.search_child.encoder import encode
from runtime.knowledge.search_child.nearest import Signs, grouped

IDLE = 900.0
"""Seconds without a question after which its memory is given back."""
BATCH = 64
"""Texts that are encoded at once."""
MEMORY = 1 << 30
"""Bytes of data; what asks for more fails, and the process with it."""
MOST_BASES = 16
"""Whose signs are held; those used last."""

Json = dict[str, Any]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


class Service:
    def __init__(self, encode: Encode = encode) -> None:
        self._encode = encode
        self._bases: OrderedDict[tuple[str, int], tuple[Index, Signs]] = OrderedDict()

    def answer(self, asked: Json) -> Json:
        work: dict[str, Callable[[Json], Json]] = {
            "encode": self._encoded, "fill": self._filled, "nearest": self._nearest, "group": self._grouped
        }  # fmt: skip
        try:
            return work[asked["do"]](asked)
        except (HongyanError, OSError, sqlite3.Error, ValueError, KeyError, TypeError) as e:
            return {"error": f"{type(e).__name__}: {e}"[:500]}

    def _encoded(self, asked: Json) -> Json:
        return {"vectors": [_packed(vector) for vector in self._encode(asked["texts"])]}

    def _grouped(self, asked: Json) -> Json:
        texts = asked["texts"]
        pieces = [self._encode(texts[n : n + BATCH]) for n in range(0, len(texts), BATCH)]
        return {"places": grouped(np.concatenate(pieces), asked["same"]) if pieces else []}

    def _filled(self, asked: Json) -> Json:
        index, signs = self._base(asked["path"])
        if vectors.embedding(index) != vectors.OFFLINE:
            return {"filled": 0, "left": 0}
        lacking = vectors.missing(index, min(BATCH, asked["most"]))
        made = self._encode([text for _, text in lacking]).astype(np.float16) if lacking else ()
        numbers = {id: (text, row.tobytes()) for (id, text), row in zip(lacking, made, strict=True)}
        vectors.keep(index, vectors.OFFLINE, numbers)
        signs.look_again()
        return {"filled": len(numbers), "left": vectors.lacking(index)}

    def _nearest(self, asked: Json) -> Json:
        index, signs = self._base(asked["path"])
        if asked.get("vector"):
            vector = np.frombuffer(base64.b64decode(asked["vector"]), np.float16).astype(np.float32)
        else:
            vector = self._encode([asked["text"]])[0]
        with index.reading() as db:
            return {"nearest": signs.nearest(db, vector, asked["most"], asked.get("only"))}

    def _base(self, path: str) -> tuple[Index, Signs]:
        """Raises FileNotFoundError: a base that went is not made anew by who asks for it."""
        key = (path, Path(path).stat().st_ino)
        base = self._bases.pop(key, None) or (Index(Path(path)), Signs())
        self._bases[key] = base
        while len(self._bases) > MOST_BASES or any(one[0] == path and one != key for one in self._bases):
            gone = next(
                (one for one in self._bases if one[0] == path and one != key), next(iter(self._bases))
            )
            self._bases.pop(gone)[0].close()
        return base


def _packed(vector: npt.NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype(np.float16).tobytes()).decode()


def serve(connection: socket.socket, service: Service, idle: float = IDLE) -> None:
    connection.settimeout(idle)
    lines = connection.makefile("rb")
    try:
        while line := lines.readline():
            connection.sendall(json.dumps(service.answer(json.loads(line))).encode() + b"\n")
    except (TimeoutError, ConnectionError):
        return


def main() -> None:
    _, descriptor, parent = sys.argv
    child_process.settle(int(parent), MEMORY)
    serve(socket.socket(fileno=int(descriptor)), Service())
    os._exit(0)


if __name__ == "__main__":
    main()
