"""What a request to the callback meets on its way: redirects, other programs, changed queries and bodies."""

import hashlib
import zlib
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from runtime.channels import Told, Verifies
from runtime.checkup.address import Fault
from runtime.checkup.meets import BLOCKED, UNFILED, meets
from runtime.checkup.patient import Patient
from runtime.lang import Text, as_it_is
from runtime.network.outside import NONE, Answer, NotReached
from runtime.publish.doctor import new_mark
from runtime.publish.reached import Arrived

LETTER = (
    "<xml><Content><![CDATA[" + "你好，鸿雁 <&> ]] + %2B \U0001f426\r\n" * 40 + "]]></Content></xml>"
).encode()
"""A body such as a platform posts."""


async def answers(patient: Patient) -> Told:
    """Ask for the address check as the platform does."""
    assert isinstance(patient.channel, Verifies)
    check = patient.channel.address_check(new_mark(), patient.ways.clock())
    request, patient.expected = check.request, check.expected
    try:
        patient.answer = await _asked(patient, request.method, request.query, request.body, request.headers)
    except NotReached as e:
        seconds = f"{patient.patience:g}"
        return patient.told(False, *NO_ANSWER.get(e.why, CUT), seconds=seconds, why=e.detail or e.why)
    says = Text("有回应（HTTP {status}）。", "There is an answer (HTTP {status}).")
    return Told(True, says.fill(status=patient.answer.status))


NO_ANSWER = {
    "timeout": Fault(
        Text(
            "连上了，但 {seconds} 秒内没有回应；{platform}只等这么久。",
            "Connected, but no answer within {seconds} s, and {platform} waits no longer.",
        ),
        Text(
            "请看反向代理把 /c/ 转到了哪里，那个程序是否在运行、是否被拖住。",
            "See where the proxy passes /c/ to, and whether that program runs and is not held up.",
        ),
    ),
}
CUT = Fault(
    Text("回应没有收完就断了（{why}）。", "The connection ended before the answer did ({why})."),
    Text(
        "请检查反向代理的错误日志，以及公网地址该用 http 还是 https。",
        "See the error log of the reverse proxy, and whether the address should be http or https.",
    ),
)


async def redirect(patient: Patient) -> Told:
    answer = came(patient)
    if not 300 <= answer.status < 400:
        return Told(True, Text("没有跳转。", "It is not redirected."))
    where = answer.headers.get("location", "")[:300]
    there, here = urlsplit(urljoin(patient.url, where)), urlsplit(patient.url)
    shown = f"{there.scheme}://{there.netloc}{there.path}"
    if BLOCKED.search(where):
        return patient.told(False, *UNFILED, status=answer.status)
    if there.scheme != here.scheme and there.hostname == here.hostname and there.path == here.path:
        do = TO_SCHEME
    elif there.hostname != here.hostname and there.path == here.path:
        do = TO_HOST
    elif there.path.rstrip("/") == here.path and there.hostname == here.hostname:
        do = TO_SLASH
    else:
        do = TO_ELSEWHERE
    values = {"scheme": there.scheme, "host": there.netloc, "where": as_it_is(shown) if where else NOWHERE}
    return patient.told(False, MOVED, do, **values)


MOVED = Text(
    "回调地址被跳转到 {where}，{platform}不跟随跳转。",
    "The callback is redirected to {where}, which {platform} does not follow.",
)
NOWHERE = Text("别处", "elsewhere")
TO_SCHEME = Text(
    "请把公网地址和{console}里的 URL 都改成 {scheme}:// 开头。",
    "Let the public address and the URL in {console} begin with {scheme}://.",
)
TO_HOST = Text(
    "请把公网地址和{console}里的 URL 都改用 {host}。",
    "Use {host} in the public address and in the URL in {console}.",
)
TO_SLASH = Text("请去掉反向代理里给路径加斜杠的规则。", "Remove the proxy's rule that adds a slash to paths.")
TO_ELSEWHERE = Text(
    "请让 /c/ 不经过登录和跳转：在反向代理或网关里放行这个路径。",
    "Keep /c/ out of any login and redirect: let that path through in the proxy or gateway.",
)


async def reaches(patient: Patient) -> Told:
    """Does this path lead to this installation, with the query as it was sent?"""
    query = patient.ways.reach.question(patient.ways.clock())
    try:
        answer = await _asked(patient, "GET", query)
    except NotReached as e:
        return patient.told(False, *NO_ANSWER.get(e.why, CUT), seconds=f"{patient.patience:g}", why=e.detail)
    arrived = patient.ways.reach.read(unpacked(answer), query)
    if arrived is None:
        return patient.told(False, *meets(answer), status=answer.status)
    if fault := _changed(patient, arrived, query):
        return patient.told(False, *fault, other=arrived.publication)
    return Told(
        True,
        Text(
            "这个地址通到这台服务器，参数没有变。",
            "It leads to this server, and parameters arrive unchanged.",
        ),
    )


def _changed(patient: Patient, arrived: Arrived, query: Mapping[str, str]) -> Fault | None:
    if arrived.publication != patient.path.rpartition("/")[2]:
        return OTHER_PATH
    came = dict(arrived.query)
    if came == query and len(arrived.query) == len(query):
        return None
    if came.get("tricky") == query["tricky"]:
        return PARAMETERS
    if came.get("tricky", "").replace(" ", "+") == query["tricky"].replace(" ", "+"):
        return PLUS
    return DECODED if came.keys() == query.keys() else PARAMETERS


OTHER_PATH = Fault(
    Text(
        "到了这台服务器，但路径被改成了 /c/{other}。",
        "It leads to this server, but the path became /c/{other}.",
    ),
    Text(
        "请去掉反向代理里改写路径的规则（nginx：proxy_pass 末尾不要带路径）。",
        "Remove the proxy's rule that rewrites paths (nginx: no path at the end of proxy_pass).",
    ),
)
PLUS = Fault(
    Text(
        "参数里的「+」在路上变成了空格，签名会对不上。",
        "A + in the parameters became a blank on its way: signatures will not fit.",
    ),
    Text(
        "请让反向代理原样转发查询串，不要先解码再拼回去（nginx：用 $request_uri 或不写参数）。",
        "Let the proxy pass the query on as it is, not decoded and put together again (nginx: $request_uri).",
    ),
)
DECODED = Fault(
    Text(
        "参数在路上被多解码了一次，签名会对不上。",
        "Parameters were decoded once too often on their way: signatures will not fit.",
    ),
    Text(
        "请让反向代理原样转发查询串（nginx：用 $request_uri 或不写参数）。",
        "Let the proxy pass the query on as it is (nginx: $request_uri, or no variable at all).",
    ),
)
PARAMETERS = Fault(
    Text("参数在路上少了或多了。", "Parameters were lost or added on their way."),
    Text(
        "请去掉反向代理或 CDN 里增删查询参数的规则。",
        "Remove the rule of the proxy or CDN that changes query parameters.",
    ),
)


async def carries(patient: Patient) -> Told:
    """A message's body arrives as it was sent."""
    query = patient.ways.reach.question(patient.ways.clock())
    headers = {"Content-Type": "text/xml"}
    try:
        answer = await _asked(patient, "POST", query, LETTER, headers)
    except NotReached as e:
        return patient.told(False, *NO_ANSWER.get(e.why, CUT), seconds=f"{patient.patience:g}", why=e.detail)
    arrived = patient.ways.reach.read(unpacked(answer), query)
    if arrived is None:
        fault = meets(answer)
        return patient.told(
            False,
            Text("POST 过不来：{fault}", "A POST does not get through: {fault}"),
            fault.do,
            fault=fault.says.fill(status=answer.status),
            status=answer.status,
        )
    if arrived.method != "POST":
        return patient.told(False, *NOT_POSTED, method=arrived.method)
    if arrived.body != hashlib.sha256(LETTER).hexdigest():
        return patient.told(False, *BODY)
    return Told(True, Text("消息正文原样到达。", "A message's body arrives as it was sent."))


NOT_POSTED = Fault(
    Text("POST 在路上变成了 {method}。", "A POST became a {method} on its way."),
    Text(
        "请去掉反向代理里改写请求方法或跳转的规则。",
        "Remove the proxy's rule that changes methods, or redirects.",
    ),
)
BODY = Fault(
    Text(
        "消息正文在路上被改动了，签名会对不上。",
        "A message's body was changed on its way: signatures will not fit.",
    ),
    Text(
        "请关闭网关或 WAF 对请求正文的改写、转码和脱敏。",
        "Turn off what rewrites, recodes or masks bodies in the gateway or firewall.",
    ),
)


def unpacked(answer: Answer) -> bytes:
    """The body, also of an answer that was compressed on its way; as it is when it cannot be."""
    if answer.headers.get("content-encoding", "").lower() not in ("gzip", "deflate"):
        return answer.body
    try:
        return zlib.decompressobj(wbits=47).decompress(answer.body, 16_384)
    except zlib.error:
        return answer.body


async def _asked(
    patient: Patient,
    method: str,
    query: Mapping[str, str],
    body: bytes = b"",
    headers: Mapping[str, str] = NONE,
) -> Answer:
    return await patient.ways.outside.ask(
        method, patient.url, patient.addresses, patient.patience, query=query, headers=headers, body=body
    )


def came(patient: Patient) -> Answer:
    assert patient.answer
    return patient.answer
