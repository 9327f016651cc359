"""Who listens at the port: this program, another one, or nobody."""

from runtime import wellformed
from runtime.care.site import Site, told
from runtime.channels import Told
from runtime.lang import NOTHING, Text
from runtime.network.outside import NotReached

SECONDS = 4.0
OURS = Text("鸿雁在 {port} 端口上运行。", "Hongyan runs at port {port}.")
OTHER = Text(
    "{port} 端口被别的程序占着，鸿雁启动不了。",
    "Port {port} is another program's, so Hongyan cannot start there.",
)
ANOTHER_PORT = Text(
    "换一个端口（HONGYAN_PORT），或停掉那个程序：sudo ss -ltnp 'sport = :{port}' 说是谁。",
    "Take another (HONGYAN_PORT), or end that program: sudo ss -ltnp 'sport = :{port}' says who it is.",
)
SILENT = Text(
    "{port} 端口有程序在听，但 {seconds:g} 秒没有回答。",
    "Whoever listens at port {port} did not answer within {seconds:g} s.",
)
RESTART = Text("看日志；必要时重启它。", "Look into the log, and start it anew if need be.")
NOBODY = Text("鸿雁没有在运行（端口 {port}）。", "Hongyan does not run (port {port}).")
START = Text("启动它：python app.py。", "Start it: python app.py.")


async def port(site: Site) -> Told:
    host, number = site.settings.host, site.settings.port
    address = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(host, host)
    values = {"port": number, "seconds": SECONDS}
    shown = f"[{address}]" if ":" in address else address
    try:
        answer = await site.outside.ask("GET", f"http://{shown}:{number}/health", [address], SECONDS)
    except NotReached as e:
        if e.why == "refused":
            return told(None, NOBODY, START, **values)
        if e.why == "timeout":
            return told(False, SILENT, RESTART, **values)
        return told(False, OTHER, ANOTHER_PORT, **values)
    if answer.status == 200 and is_ours(answer.body):
        return told(True, OURS, NOTHING, **values)
    return told(False, OTHER, ANOTHER_PORT, **values)


def is_ours(body: bytes) -> bool:
    """What /health says."""
    try:
        return bool(wellformed.load(body) == {"status": "ok"})
    except ValueError:
        return False
