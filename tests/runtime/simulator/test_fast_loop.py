import asyncio
import threading
import time

from played_world import run
from runtime.simulator.fast_loop import BEGINNING
from runtime.simulator.http import Response, Server


def test_an_hour_is_over_in_a_moment_and_in_the_right_order():
    seen = []

    async def sleeper(seconds):
        await asyncio.sleep(seconds)
        seen.append((seconds, asyncio.get_running_loop().wall() - BEGINNING))

    async def work():
        await asyncio.gather(sleeper(3600), sleeper(0.5), sleeper(60))

    began = time.monotonic()
    run(work())
    assert seen == [(0.5, 0.5), (60, 60.0), (3600, 3600.0)]
    assert time.monotonic() - began < 600


def test_timeouts_obey_the_jumping_clock():
    async def work():
        try:
            async with asyncio.timeout(300):
                await asyncio.Event().wait()
        except TimeoutError:
            return asyncio.get_running_loop().time()

    assert run(work()) == 300


def test_time_stands_still_while_a_thread_works():
    async def work():
        loop = asyncio.get_running_loop()
        sleeping = asyncio.create_task(asyncio.sleep(60))
        await asyncio.to_thread(time.sleep, 0.05)
        told = loop.create_future()
        loop.outside(told)
        threading.Timer(0.05, loop.call_soon_threadsafe, (told.set_result, None)).start()
        await told
        now = loop.time()
        await sleeping
        return now, loop.time()

    assert run(work()) == (0, 60)


def test_sockets_of_the_loop_itself_take_no_time_and_delays_of_a_server_do():
    async def work():
        async with Server(lambda request: Response(b"hello", after=30)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
        return answer.endswith(b"hello"), asyncio.get_running_loop().time()

    assert run(work()) == (True, 30)


def test_no_timer_overtakes_bytes_that_are_on_their_way():
    whole = 1_000_000

    async def asked(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        arrived = 0
        for _ in range(3):
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            arrived += len(await reader.readexactly(whole))
        writer.close()
        await writer.wait_closed()
        return arrived

    async def work():
        async with Server(lambda request: Response(bytes(whole))) as server, asyncio.timeout(0.001):
            read = await asyncio.gather(*(asked(server.port) for _ in range(5)))
        return read, asyncio.get_running_loop().time()

    assert run(work()) == ([3 * whole] * 5, 0)
