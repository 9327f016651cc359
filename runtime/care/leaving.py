"""How an installation is taken away: what is done, step by step, and what stays where we cannot reach."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from runtime.backups.plan import Plans
from runtime.care.site import Site
from runtime.care.units import ours, wanted
from runtime.care.walking import FOLDERS
from runtime.channels import Channel, Receives, Registers, registry
from runtime.errors import HongyanError, NotSaved, SendFailed
from runtime.files import disk
from runtime.gateway.surfaces import opened
from runtime.lang import Text, joined, listed
from runtime.management.accounts import Accounts
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store import giving_up
from runtime.store.control.records import Publication
from runtime.store.mirrored.bucket_url import URL as BUCKET
from runtime.store.mirrored.bucket_url import BucketUrl, bucket_url
from runtime.store.vanishing.redis_url import VARIABLE as REDIS

PROXIES = ("etc/caddy/hongyan.caddy", "etc/nginx/conf.d/hongyan.conf", "etc/hongyan.env")
"""Files that `deploy` tells an owner to put there."""
COMMA = Text("、", ", ")


@dataclass(frozen=True)
class Step:
    """`says`: what will be done; `work` does it and says what came of it. Raises HongyanError."""

    id: str
    says: Text
    work: Callable[[], Awaitable[Text]]
    is_apart: bool = False
    """Only where it is asked for by itself: what it takes is kept elsewhere."""


def plan(site: Site) -> Sequence[Step]:
    """What there is to be done here, in an order in which a step that fails leaves the later ones possible.

    Raises BadSettings, StoreFailed, Unreadable.
    """
    found: list[Step] = []
    if called := registered(site):
        says = Text(
            "请平台不要再往这里发消息：{names}。", "Tell the platforms to call here no more: {names}."
        )
        names = listed([one.id for one, _ in called])
        found.append(Step("platforms", says.fill(names=names), lambda: _told_off(site, called)))
    if units := ours(site):
        says = Text("删除系统服务 {names}。", "Remove the services {names}.")
        names = listed([one.name for one in units])
        found.append(Step("units", says.fill(names=names), lambda: _units_gone(site, units)))
    if (at := bucket_url(site.environ)) and (large := giving_up.large_files(site.messages)):
        where = urlsplit(at.url).netloc
        says = Text("删除 {where} 里的 {count} 个大文件。", "Remove {count} large files at {where}.")
        gone = partial(_objects_gone, at, large)
        found.append(Step("bucket", says.fill(count=len(large), where=where), gone, is_apart=True))
    if where := giving_up.shown(site.messages):
        says = Text(
            "删除数据库里鸿雁的全部内容：{where}。", "Remove all that is Hongyan's in the database: {where}."
        )
        found.append(Step("database", says.fill(where=where), lambda: _database_gone(site)))
    if folders := [one for one in (site.settings.home / name for name in FOLDERS) if one.exists()]:
        says = Text("删除文件夹 {names}（在 {home} 里）。", "Remove the folders {names} in {home}.")
        values = {"names": listed([one.name for one in folders]), "home": str(site.settings.home)}
        found.append(Step("files", says.fill(**values), lambda: _folders_gone(folders)))
    return found


def stays(site: Site) -> Sequence[Text]:
    """What we cannot take away, and who can."""
    found: list[Text] = []
    publications = [one for one in site.control.publications() if one.enabled]
    callbacks = [one.id for one in publications if _is_told_by_hand(one)]
    if callbacks:
        found.append(CALLBACKS.fill(names=listed(callbacks)))
    if keys := [one.name for one in site.control.endpoints() if one.api_key or one.keys]:
        found.append(KEYS.fill(names=listed(keys)))
    for name, text in ((BUCKET, IN_BUCKET), (REDIS, IN_REDIS)):
        if url := site.environ.get(name, "").strip():
            found.append(text.fill(where=urlsplit(url).netloc.rpartition("@")[2]))
    if files := [f"/{name}" for name in PROXIES if (site.root / name).exists()]:
        found.append(SYSTEM.fill(names=listed(files)))
    planned = made.to if (made := Plans(site.settings.data).plan()) else ""
    own = site.settings.home / "backups"
    if backups := [one for one in (planned, str(own) if own.is_dir() else "") if one]:
        found.append(BACKUPS.fill(where=listed(backups)))
    return [*found, PROGRAM.fill(where=str(site.checkout))]


CALLBACKS = Text(
    "平台后台里填的回调地址：{names}。请在那里删掉。",
    "The callback addresses that are entered at platforms: {names}. Remove them there.",
)
KEYS = Text(
    "模型服务商的密钥：{names}。请在那里作废。", "The keys at providers of models: {names}. End them there."
)
IN_BUCKET = Text(
    "{where} 里的大文件，除非要求一起删（--bucket）。还有的话，请在那里删掉那个文件夹。",
    "Large files at {where}, unless they are to go, too (--bucket). What is left, remove there.",
)
IN_REDIS = Text(
    "{where} 里的东西都有期限，一天内自己消失。", "What is held at {where} ends by itself within a day."
)
SYSTEM = Text(
    "系统里的文件 {names}：sudo rm {names}，再重新加载反向代理。",
    "Files of the system, {names}: sudo rm {names}, then reload the reverse proxy.",
)
BACKUPS = Text("备份：{where}。里面什么都有。", "Backups: {where}. Everything is in them.")
PROGRAM = Text("程序本身：{where}。删掉这个文件夹就没有了。", "The program: {where}. Remove the folder.")


def registered(site: Site) -> Sequence[tuple[Publication, Registers]]:
    """Publications whose platform was told by us where to call."""
    found: list[tuple[Publication, Registers]] = []
    for one in site.control.publications():
        if one.enabled and isinstance(channel := _channel(site, one), Registers):
            found.append((one, channel))
    return found


def _channel(site: Site, publication: Publication) -> Channel | None:
    try:
        return opened(site.control, publication).channel
    except HongyanError:  # what cannot be opened, cannot be told off either
        return None


def _is_told_by_hand(publication: Publication) -> bool:
    kind = registry().get(publication.channel)
    return kind is not None and issubclass(kind, Receives) and not issubclass(kind, Registers)


async def _told_off(site: Site, called: Sequence[tuple[Publication, Registers]]) -> Text:
    settings = site.settings
    outbound = Outbound(settings.platform_proxy, Egress(settings.egress_allow))
    accounts = Accounts.alone(outbound, dict(settings.api_hosts), site.control.grants)
    failed: list[Text] = []
    try:
        for publication, channel in called:
            try:
                channel.registered(await accounts.called(channel, channel.unregister()))
            except SendFailed as e:
                failed.append(Text("{id}：{why}", "{id}: {why}").fill(id=publication.id, why=e.text.bare()))
    finally:
        await outbound.close()
    if failed:
        says = Text("还在往这里发：{why}。", "They still call here: {why}.")
        return says.fill(why=joined(failed, COMMA))
    return Text("平台知道了。", "The platforms know.")


async def _units_gone(site: Site, units: Sequence[Path]) -> Text:
    """Whoever runs this has stopped them, else the port or the lock would be taken."""
    for one in units:
        for link in wanted(site, one):
            _unlink(link)
        _unlink(one)
    return Text(
        "删掉了；再运行 sudo systemctl daemon-reload。",
        "Gone; now run sudo systemctl daemon-reload.",
    )


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as e:
        text = Text(
            "删不掉 {path}（{why}）。请运行：sudo systemctl disable --now {name}; sudo rm {path}。",
            "{path} cannot be removed ({why}). Run: sudo systemctl disable --now {name}; sudo rm {path}.",
        )
        raise NotSaved(text.fill(path=str(path), name=path.name, why=e.strerror or e)) from e


async def _objects_gone(at: BucketUrl, names: Sequence[str]) -> Text:
    """While the database knows them yet. Raises NotBrought: those before it are gone."""
    from runtime.store.mirrored.bucket import Bucket

    bucket = Bucket(at)
    for name in names:
        await asyncio.to_thread(bucket.remove, name)
    return Text("删掉了 {count} 个。", "{count} are gone.").fill(count=len(names))


async def _database_gone(site: Site) -> Text:
    gone = await asyncio.to_thread(giving_up.give_up, site.messages)  # it runs a loop of its own
    return Text("删掉了：{names}。", "Gone: {names}.").fill(names=listed(gone))


async def _folders_gone(folders: Sequence[Path]) -> Text:
    for folder in folders:
        with disk(folder):
            folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    return Text("删掉了。", "They are gone.")
