"""Whoever asks somebody else asks through one of our sessions."""

from pathlib import Path

from aiohttp import web

from runtime.network.sessions import KeptSession, open_session

RUNTIME = Path(__file__).parents[3] / "runtime"
ELSEWHERE = "runtime/simulator/"
"""It plays the platforms' side, which is nobody's of ours."""


def test_sessions_are_set_up_in_one_place():
    found = [
        path.relative_to(RUNTIME.parent).as_posix()
        for path in RUNTIME.rglob("*.py")
        if "aiohttp.ClientSession(" in path.read_text(encoding="utf-8")
    ]
    assert [path for path in found if not path.startswith(ELSEWHERE)] == ["runtime/network/sessions.py"]


async def test_no_cookie_travels_with_the_next_request():
    seen = []

    async def answer(request):
        seen.append(request.headers.get("cookie"))
        response = web.Response(text="好")
        response.set_cookie("who", "somebody")
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with open_session() as session:
        for _ in range(2):
            async with session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/"):
                pass
    await runner.cleanup()
    assert seen == [None, None]


async def test_a_kept_session_is_opened_once_and_again_after_it_was_closed():
    kept = KeptSession()
    first = kept.get()
    assert kept.get() is first
    await kept.close()
    await kept.close()
    second = kept.get()
    assert first.closed
    assert not second.closed
    await kept.close()
