"""The Mini Program's own client with the server that it is made for, over loopback."""

import asyncio
import base64
import json
import time
from pathlib import Path

import pytest

from doorway import doorway
from script import says

ROOT = Path(__file__).parents[4]
SCRIPT = ROOT / "tests" / "templates" / "miniprogram" / "against_server.js"
DENO = ROOT / ".venv" / "bin" / "deno"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
CODES = ("code-0-of-login", "code-1-of-login")


async def told(door, folder, **asked):
    """What the client told."""
    door.clock.now = time.time()  # the client has no other
    door.platform.codes.update({code: {"openid": "oFirst1234567890abcdefghijkl"} for code in CODES})
    asked |= {"server": f"http://127.0.0.1:{door.port}", "publication": "mini", "codes": CODES}
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder), "NO_COLOR": "1", "HOME": str(folder)}
    allowed = ("--no-remote", "--no-npm", "--no-prompt", "--allow-read", "--allow-net=127.0.0.1")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), asyncio.subprocess.PIPE)
    made = await asyncio.create_subprocess_exec(
        DENO, "run", "--no-check", *allowed, SCRIPT, env=quiet, **pipes
    )
    out, wrong = await made.communicate(json.dumps(asked).encode())
    assert made.returncode == 0, wrong.decode()
    return json.loads(out)


@pytest.mark.parametrize("sockets", [True, False], ids=["a socket", "byte by byte"])
async def test_it_signs_in_asks_judges_sends_a_file_and_leaves(tmp_path, sockets):
    async with doorway(tmp_path, says("七点到十点🍵"), says("**东门**")) as door:
        found = await told(door, tmp_path, sockets=sockets, inputs=["几点开门？", "怎么走？"], file=list(PNG))
        codes = [query["js_code"] for _, _, query in door.platform.asked if "js_code" in query]
    assert found["answers"] == [
        ["几点开门？", "answered", "七点到十点🍵"],
        ["怎么走？", "answered", "**东门**"],
    ]
    assert found["history"] == [["几点开门？", "七点到十点🍵", "good"], ["怎么走？", "**东门**", "good"]]
    assert found["file"] == ["image", "茶.png", len(PNG), " ".join(str(byte) for byte in PNG)]
    assert (found["opening"], found["again"], codes) == ("欢迎", True, list(CODES))
    assert len(door.models.requests) == 2
