"""Where things are kept: the database of messages, Redis or Valkey, the store of large files."""

import asyncio

from runtime.care.site import Site, size, told
from runtime.channels import Told
from runtime.lang import NOTHING, Text
from runtime.store.messages.growth import Condition, condition
from runtime.store.mirrored.bucket_url import bucket_url
from runtime.store.vanishing.place import opened
from runtime.store.vanishing.redis_url import VARIABLE as REDIS
from runtime.store.vanishing.redis_url import read as read_redis
from runtime.store.vanishing.shared import Shared

SETTLED = 8.0
"""Seconds until it is known whether a server of what may vanish can be used."""
DEAD = 0.4
"""Share of rows that wait to be cleared away, from which on that is told."""
REACHED = Text("{engine}，{size}，表的版本 {version}。", "{engine}, {size}, tables of version {version}.")
NEWER = Text(
    "{engine} 里的表是更新版本的（{version}，这里只到 {ours}）。",
    "The tables in {engine} are of a newer version ({version}; this program knows {ours}).",
)
UPGRADE = Text("请升级鸿雁，或恢复升级前的备份。", "Upgrade Hongyan, or restore a backup from before.")
OLDER = Text(
    "{engine}，{size}，表的版本 {version}，下次启动会升到 {ours}。",
    "{engine}, {size}, tables of version {version}; the next start brings them to {ours}.",
)
BACK_UP_FIRST = Text(
    "升级前会自动备份；自己也备份一份更稳妥：python app.py backup。",
    "It is backed up before that; one of your own does no harm: python app.py backup.",
)
NOT_CLEARED = Text(
    "{engine} 的自动清理（autovacuum）关着，表会越来越大、越来越慢。",
    "Autovacuum of {engine} is off: tables grow and become slow.",
)
CLEAR = Text(
    "打开它：ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();",
    "Turn it on: ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();",
)
BEHIND = Text(
    "{engine}，{size}；{dead} % 的行已删除、还没清理。",
    "{engine}, {size}; {dead} % of its rows are deleted and not cleared away.",
)
CLEAR_NOW = Text(
    "如果一直这样，请运行 VACUUM ANALYZE，并看 autovacuum 是不是被长事务挡住了。",
    "If it stays so, run VACUUM ANALYZE, and see whether a long transaction is in autovacuum's way.",
)


def database(site: Site) -> Told:
    found = condition(site.messages)
    if found is None:
        return told(None, Text("还没有任何消息。", "There are no messages yet."))
    return judged(found)


def judged(found: Condition) -> Told:
    values = {
        "engine": found.engine,
        "size": size(found.size),
        "version": found.version,
        "ours": found.ours,
        "dead": round(100 * found.dead),
    }
    if found.version > found.ours:
        return told(False, NEWER, UPGRADE, **values)
    if not found.vacuums:
        return told(False, NOT_CLEARED, CLEAR, **values)
    if found.version < found.ours:
        return told(True, OLDER, BACK_UP_FIRST, **values)
    if found.dead >= DEAD:
        return told(True, BEHIND, CLEAR_NOW, **values)
    return told(True, REACHED, **values)


async def vanishing(site: Site) -> Told | None:
    if not site.environ.get(REDIS, "").strip():
        return None
    shown = read_redis(site.environ[REDIS]).shown
    server = opened(site.settings.data, site.environ)
    assert isinstance(server, Shared)
    server.start()
    try:
        async with asyncio.timeout(SETTLED):
            await server.settled.wait()
        trouble = server.trouble
    finally:
        await server.close()
    if trouble is None:
        return told(True, Text("{shown} 连得上，也够快。", "{shown} answers, and in time."), shown=shown)
    return told(
        False,
        Text("{shown}：{why}。", "{shown}: {why}."),
        Text(
            "没有它一切照常，只是慢一些、限流不太准。请检查地址、密码和网络。",
            "Everything works without it, slower and with limits less exact. Check its address and password.",
        ),
        shown=shown,
        why=trouble.bare(),
    )


def bucket(site: Site) -> Told | None:
    """Raises NotBrought, BadSettings: what is wrong and what to do."""
    at = bucket_url(site.environ)
    if at is None:
        return None
    from runtime.store.mirrored.bucket import Bucket  # requests has 7 MB

    Bucket(at).check()
    return told(
        True,
        Text("{url} 连得上，认得这组密钥。", "{url} answers, and knows the key."),
        NOTHING,
        url=at.url.split("://", 1)[-1],
    )
