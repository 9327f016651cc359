"""Everything that is looked at of an installation: each look alone, and for so long at most."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from inspect import iscoroutinefunction
from typing import TypeVar, cast

from runtime.care import backed_up, machine, owners, programs, stores, units
from runtime.care.address import address
from runtime.care.clocks import clock
from runtime.care.models import models
from runtime.care.out import proxy
from runtime.care.port import port
from runtime.care.site import Look, Site
from runtime.channels import Told
from runtime.checkup.check import BROKEN, REPORT, Finding
from runtime.errors import HongyanError
from runtime.lang import Text

SECONDS = 20.0
"""For all of them together: they are made at the same time. The slowest asks a server of models."""
TOO_LONG = Text(
    "{seconds} 秒内没有结果。这一项卡住了：磁盘或对方没有回应。",
    "Nothing was known within {seconds} s: it hangs, the disk or whoever is asked does not answer.",
)
LOOKS: Sequence[Look] = (
    Look("disk", Text("磁盘", "Disk"), machine.disk),
    Look("memory", Text("内存", "Memory"), machine.memory),
    Look("clock", Text("时钟", "Clock"), clock),
    Look("files", Text("文件的归属", "Owner of the files"), owners.of_one_user),
    Look("database", Text("消息库", "Store of messages"), stores.database),
    Look("vanishing", Text("Redis 或 Valkey", "Redis or Valkey"), stores.vanishing),
    Look("bucket", Text("存大文件的 S3", "S3 store of large files"), stores.bucket),
    Look("backup", Text("备份", "Backups"), backed_up.backup),
    Look("models", Text("模型", "Models"), models),
    Look("proxy", Text("代理", "Proxy"), proxy),
    Look("address", Text("公网地址和证书", "Public address and certificate"), address),
    Look("port", Text("端口", "Port"), port),
    Look("versions", Text("版本", "Versions"), programs.versions),
    Look("advisories", Text("已知漏洞", "Known holes"), programs.advisories),
    Look("units", Text("开机自启", "Start at boot"), units.units),
)
log = logging.getLogger(__name__)
T = TypeVar("T")


async def examine(
    site: Site, looks: Sequence[Look] = LOOKS, seconds: float = SECONDS
) -> AsyncIterator[Finding]:
    """In their order. What hangs is told as that, and holds nothing else up. Raises nothing."""
    made = [(look, asyncio.create_task(_made(look, site, seconds))) for look in looks]
    try:
        for look, task in made:
            found = await task
            if found is not None:
                yield Finding(look.id, look.title, found.ok, found.says, found.do)
    finally:
        for _, task in made:
            task.cancel()


async def _made(look: Look, site: Site, seconds: float) -> Told | None:
    try:
        async with asyncio.timeout(seconds):
            if iscoroutinefunction(look.see):
                found: Told | None = await look.see(site)
                return found
            plain = cast(Callable[[Site], Told | None], look.see)
            return await aside(lambda: plain(site))
    except TimeoutError:
        return Told(None, TOO_LONG.fill(seconds=f"{seconds:g}"))
    except HongyanError as e:
        return Told(False, e.text)
    except Exception as e:  # whatever a strange disk or server causes: the other looks are made all the same
        log.exception("the look at %s broke", look.id)
        return Told(None, BROKEN.fill(why=type(e).__name__), REPORT)


async def aside(work: Callable[[], T]) -> T:
    """In a thread of its own, which nobody waits for at the end: a disk that hangs would hold all up."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(say: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone
            loop.call_soon_threadsafe(lambda: None if done.done() else say())

    def run() -> None:
        try:
            found = work()
        except Exception as e:  # noqa: BLE001 # whatever it is, it is raised where it was asked for
            error = e
            tell(lambda: done.set_exception(error))
        else:
            tell(lambda: done.set_result(found))

    threading.Thread(target=run, name="look at the installation", daemon=True).start()
    return await done
