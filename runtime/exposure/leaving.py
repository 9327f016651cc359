"""What leaves this machine by what its owner set up: to whom, and whether others can read it on its way."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from runtime.backups.places import BUCKET
from runtime.backups.plan import Plans
from runtime.errors import HongyanError
from runtime.exposure.point import Here, Point, of_names
from runtime.lang import Text, listed
from runtime.network.http_address import is_near
from runtime.network.proxy import shown

MANUAL = "manual/security"
SAFE_MODES = ("require", "verify-ca", "verify-full")
"""Of PostgreSQL's sslmode: https://www.postgresql.org/docs/current/libpq-ssl.html"""
PLAIN = ("http", "ws", "redis", "valkey")
DATABASE, BUCKET_URL = "HONGYAN_DATABASE_URL", "HONGYAN_S3_URL"
STORES = (DATABASE, "HONGYAN_REDIS_URL", BUCKET_URL, "HONGYAN_BACKUP_S3_ENDPOINT")


def points(here: Here) -> Iterator[Point]:
    yield _traces(here)
    yield _stores(here)
    yield _backups(here)
    yield _told(here)
    yield _hosts(here)
    yield _proxies(here)


def _traces(here: Here) -> Point:
    url = here.settings.traces_url
    says = Text("没有把追踪发到别处。", "No traces are brought anywhere.")
    if url:
        says = Text(
            "每一轮的模型、工具、用量和时间发到 {url}，不带谁说的话。",
            "Models, tools, tokens and times of each turn are brought to {url}, without anybody's words.",
        ).fill(url=url)
    return Point(
        "traces",
        "warn" if is_in_clear(url) else "ok",
        says,
        Text(
            "没有 HTTPS，路上能看到是哪个智能体、用了什么。",
            "Without HTTPS it can be read on its way which agent did what.",
        ),
        Text(
            "把 HONGYAN_TRACES_URL 换成 https:// 的地址。",
            "Give HONGYAN_TRACES_URL an address with https://.",
        ),
        MANUAL,
    )


def places_used(here: Here) -> Sequence[str]:
    """Of runtime/privacy/gets.py those that get something only where the owner says so. Raises Unreadable."""
    options, settings = here.control.options(), here.settings
    is_there: Mapping[str, object] = {
        "reports": options.alerts_to or options.report,
        "collector": settings.traces_url,
        "watchers": settings.metrics_key,
        "backups": Plans(settings.data).plan(),
        "database": here.environ.get(DATABASE),
        "bucket": here.environ.get(BUCKET_URL),
    }
    return [name for name, found in is_there.items() if found]


def is_in_clear(url: str) -> bool:
    """Whether what goes there can be read on its way. What stays near is taken to be one's own network."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or is_near(host):
        return False
    if parts.scheme.startswith("postgres"):
        return parse_qs(parts.query).get("sslmode", ["prefer"])[-1] not in SAFE_MODES
    return parts.scheme in PLAIN


def _stores(here: Here) -> Point:
    given = {name: here.environ.get(name, "") for name in STORES}
    used = [name for name, url in given.items() if url]
    clear = [name for name, url in given.items() if is_in_clear(url)]
    says = Text("消息、文件和备份都在这台机器上。", "Messages, files and backups stay on this machine.")
    if used:
        says = Text("这些放在别的机器上：{names}。", "These name other places that keep data: {names}.")
    if clear:
        says = Text("到这些地方的连接没有加密：{names}。", "These are reached without encryption: {names}.")
    return Point(
        "stores",
        "warn" if clear else "ok",
        says.fill(names=listed(clear or used)),
        Text("路上能看到人们写的话和密码。", "What people write, and passwords, can be read on the way."),
        Text(
            "数据库加 ?sslmode=require，Redis 用 rediss://，S3 用 https://。",
            "Add ?sslmode=require to the database, take rediss:// for Redis and https:// for S3.",
        ),
        MANUAL,
    )


def _backups(here: Here) -> Point:
    says, is_open = Text("没有定时备份。", "No backup is planned."), False
    try:
        plan = Plans(here.settings.data).plan()
    except HongyanError as e:
        return Point("backups_to", "bad", e.text, NO_PLAN, MEND_PLAN, "manual/backup")
    if plan:
        is_sealed = bool(plan.key_file or plan.passphrase_file)
        is_open = plan.to.startswith(BUCKET) and not is_sealed
        says = Text("备份放到 {where}，加密。", "Backups go to {where}, encrypted.")
        if not is_sealed:
            says = Text("备份放到 {where}，没有加密。", "Backups go to {where}, without encryption.")
        says = says.fill(where=plan.to)
    return Point(
        "backups_to",
        "bad" if is_open else "ok",
        says,
        Text("谁能读那个桶，就有了全部的话和密钥。", "Whoever reads the bucket has all words, and the key."),
        Text(
            "做一把密钥再定一次：python app.py backup --new-key 文件，"
            "再 python app.py backup 去处 --every day --key-file 文件。",
            "Make a key, then plan anew: python app.py backup --new-key FILE, and python app.py backup PLACE "
            "--every day --key-file FILE.",
        ),
        "manual/backup",
    )


NO_PLAN = Text("不知道备份还做不做、放在哪里。", "Nobody knows whether backups are made, and where they go.")
MEND_PLAN = Text(
    "重新定一次：python app.py backup 文件夹/ --every day。",
    "Plan it anew: python app.py backup FOLDER/ --every day.",
)


def _told(here: Here) -> Point:
    options = here.control.options()
    to = sorted({options.alerts_to, options.report.publication if options.report else ""} - {""})
    says = Text("告警和周报不发到任何地方。", "Alerts and the weekly report are sent nowhere.")
    if to:
        says = Text(
            "告警和周报发到：{names}。周报里有人们问的话。",
            "Alerts and the weekly report go to {names}. The report has what people asked.",
        )
    why = Text("那个群、邮箱里的人都看得到。", "Everybody in that group, or who reads that mail, sees it.")
    do = Text("改到只有您的人看的地方。", "Have them told where only your own people read.")
    return Point("told", "ok", says.fill(names=listed(to)), why, do, MANUAL)


def _hosts(here: Here) -> Point:
    hosts = here.settings.api_hosts
    clear = [name for name, url in sorted(hosts.items()) if is_in_clear(url)]
    return of_names(
        "platform_hosts",
        clear or sorted(name for name, url in hosts.items() if not is_in_clear(url)),
        none=Text("平台的接口都在平台自己的地址。", "Platforms are asked at their own addresses."),
        found=Text("这些平台的接口换了地址：{names}。", "Platforms are asked elsewhere: {names}."),
        why=Text(
            "那个地址拿得到平台的密钥和所有回答。",
            "Whoever answers there gets the platform's secrets and every answer.",
        ),
        do=Text("不用了就去掉；要用的写 https://。", "Take away what is not needed, and use https://."),
        to=MANUAL,
        state="bad" if clear else "warn",
        shown=listed,
    )


def _proxies(here: Here) -> Point:
    names = list[str]()
    for name, one in (
        ("HONGYAN_PROXY", here.settings.proxy),
        ("HONGYAN_PLATFORM_PROXY", here.settings.platform_proxy),
    ):
        names += [f"{name} ({shown(url)})" for url in (one.url, *(own for _, own in one.apart)) if url]
    says = Text("直接连出去，不经过代理。", "It reaches the world without a proxy.")
    if names:
        says = Text("经过代理连出去：{names}。", "It reaches the world through {names}.")
    why = Text(
        "代理看得到去了哪里；HTTPS 里的内容看不到。", "A proxy sees where it goes, and nothing within HTTPS."
    )
    do = Text("不信任的代理就去掉。", "Take away a proxy that you do not trust.")
    return Point("proxies_out", "ok", says.fill(names=listed(names)), why, do, MANUAL)
