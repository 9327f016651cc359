"""How the answer comes back: the bare text that the platform wants, whole, plain and in time."""

from runtime.channels import Told
from runtime.checkup.address import Fault
from runtime.checkup.callback import came
from runtime.checkup.meets import meets
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text

SLOW = 0.6
"""Share of the platform's patience from which on an answer is too slow to rely on."""


async def echo(patient: Patient) -> Told:
    """What must come back is the bare text, and nothing else."""
    answer, expected = came(patient), patient.expected
    if answer.status != 200:
        return patient.told(False, *meets(answer, ours=True), status=answer.status)
    packing = answer.headers.get("content-encoding", "identity").lower()
    if packing != "identity":
        return patient.told(False, *PACKED, packing=packing)
    if answer.body != expected:
        return patient.told(False, *_altered(answer.body, expected, answer.kind))
    if answer.is_chunked or "content-length" not in answer.headers:
        return patient.told(False, *CHUNKED)
    return Told(True, Text("回显正确，没有多余的字符。", "The echo is right, with nothing added."))


def _altered(body: bytes, expected: bytes, kind: str) -> Fault:
    if body.strip() == expected:
        return BLANKS
    if body.removeprefix(b"\xef\xbb\xbf") == expected:
        return BOM
    if kind == "text/html" or body.lstrip()[:1] == b"<":
        return PAGE
    if expected in body:
        return WRAPPED
    return EMPTY if not body else OTHER


PACKED = Fault(
    Text(
        "回显被压缩了（{packing}），{platform}读不了。",
        "The echo came compressed ({packing}), which {platform} cannot read.",
    ),
    Text(
        "请在反向代理或 CDN 里对 /c/ 关闭压缩（nginx：gzip off）。",
        "Turn compression off for /c/ in the proxy or CDN (nginx: gzip off).",
    ),
)
CHUNKED = Fault(
    Text("回显是分块发送的，没有 Content-Length。", "The echo came in chunks, without Content-Length."),
    Text(
        "请关闭反向代理里会改写响应的模块（如 sub_filter、压缩、插入脚本）。",
        "Turn off what rewrites responses in the proxy (sub_filter, compression, scripts put in).",
    ),
)
BLANKS = Fault(
    Text("回显前后多了空白或换行。", "The echo has blanks or a newline around it."),
    Text("请关闭网关里给响应加内容的规则。", "Turn off the gateway's rule that adds to responses."),
)
BOM = Fault(
    Text("回显前面多了 BOM。", "The echo has a BOM before it."),
    Text("请关闭网关对响应的转码。", "Turn off the gateway's recoding of responses."),
)
WRAPPED = Fault(
    Text(
        "回显被包了起来（引号或 JSON），{platform}要的是原文。",
        "The echo was wrapped (quotes or JSON), and {platform} wants the bare text.",
    ),
    Text(
        "请让网关原样返回响应，不要统一包装成 JSON。",
        "Let the gateway pass responses on as they are, not wrapped into JSON.",
    ),
)
PAGE = Fault(
    Text("回显变成了网页。", "A web page came instead of the echo."),
    Text(
        "请让 /c/ 不经过登录页、防火墙验证页和缓存。",
        "Keep /c/ out of login pages, firewall challenges and caches.",
    ),
)
EMPTY = Fault(
    Text("回显是空的。", "The echo is empty."),
    Text("请看反向代理是否丢掉了响应正文。", "See whether the proxy drops the body of responses."),
)
OTHER = Fault(
    Text("回显不是发出去的那一串，像是缓存的或改过的。", "The echo is not what was sent: cached or changed."),
    Text("请对 /c/ 关闭缓存和改写。", "Turn caching and rewriting off for /c/."),
)


async def pace(patient: Patient) -> Told:
    answer = came(patient)
    seconds, most = f"{answer.seconds:.2f}", f"{patient.patience:g}"
    if answer.seconds > patient.patience * SLOW:
        return patient.told(
            False,
            Text(
                "回应用了 {seconds} 秒，{platform}只等 {most} 秒。",
                "The answer took {seconds} s, and {platform} waits {most} s.",
            ),
            Text(
                "请看反向代理和线路慢在哪里；这一步还没有问模型。",
                "See what is slow, the proxy or the line: no model was asked yet.",
            ),
            seconds=seconds,
            most=most,
        )
    says = Text("{seconds} 秒就有回应（最多 {most} 秒）。", "The answer took {seconds} s of {most} s.")
    return Told(True, says.fill(seconds=seconds, most=most), NOTHING)
