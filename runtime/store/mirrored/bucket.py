"""A bucket of an S3-compatible store: objects by their keys, each request signed and waited for.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

import requests
from requests_aws4auth import AWS4Auth

from runtime.lang import Text
from runtime.network import http_address
from runtime.store.mirrored.bucket_url import BucketUrl, NotBrought

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
TRIES, PAUSE = 3, 0.2
"""How often a store is asked that fails for the moment, and seconds between."""
CODE = re.compile(rb"<Code>(\w{1,60})</Code>")
LONGEST_ERROR = 4000
PART = 256 * 1024
MISSING = ("NoSuchKey", "404")
NO_BUCKET = "NoSuchBucket"
MOVED = (301, 307, 308)
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_AWAY = Text(
    "对象存储 {where} 连不上（{why}）。请检查网络和 {name}。",
    "The S3 store at {where} cannot be reached ({why}). Check the network and {name}.",
)
_NO_BUCKET = Text(
    "{where} 没有这个存储桶。请先建好，再检查 {name}。",
    "There is no such bucket at {where}. Make it first, and check {name}.",
)
_REFUSED = Text(
    "对象存储 {where} 不认这组密钥（{code}）。请检查 {key}、{secret}、{region} 和桶的权限。",
    "The S3 store at {where} refuses the key ({code}). Check {key}, {secret}, {region} and what the key may "
    "do with the bucket.",
)
_FAILED = Text(
    "对象存储 {where} 出错了（{code}）。请稍后再试。",
    "The S3 store at {where} failed ({code}). Try again later.",
)


@dataclass(frozen=True)
class Answer:
    """Of a store that did what it was asked."""

    body: bytes
    headers: Mapping[str, str]


class Bucket:
    """Every method blocks, and raises NotBrought. `request`: as requests has it; `pause` waits seconds."""

    def __init__(
        self,
        at: BucketUrl,
        request: Callable[..., requests.Response] | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._at, self._where = at, http_address.split(at.url).netloc
        self._request, self._pause = request, pause

    def put(self, name: str, content: bytes) -> None:
        self.asked("PUT", name, content)

    def get(self, name: str, most: int) -> bytes | None:
        """At most so many bytes; None when there is no such object."""
        answer = self.asked("GET", name, most=most, fine=MISSING)
        return answer.body if answer else None

    def remove(self, name: str) -> None:
        """Also when there is none."""
        self.asked("DELETE", name, fine=MISSING)

    def check(self) -> None:
        """That it can be reached, is there, and knows the key."""
        # whoever has no right to list is denied what is not there
        self.asked("GET", "hongyan", fine=(*MISSING, "AccessDenied"))

    def asked(
        self,
        method: str,
        name: str,
        content: bytes = b"",
        most: int = 0,
        fine: Collection[str] = (),
        query: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer | None:
        """Any operation; at most so many bytes of its answer. `query`: as it stands in the address, `fine`:
        codes that mean that there is nothing, which is None."""
        for left in reversed(range(TRIES)):
            try:
                return self._once(method, f"{quote(name)}{query}", content, most, fine, headers)
            except _Momentary as e:
                if not left:
                    raise NotBrought(e.text, code="gone") from e
                self._pause(PAUSE)
        raise AssertionError  # the last time it returned, or raised

    def _once(
        self,
        method: str,
        path: str,
        content: bytes,
        most: int,
        fine: Collection[str],
        headers: Mapping[str, str],
    ) -> Answer | None:
        try:
            with (self._request or requests.request)(
                method,
                f"{self._at.url}/{path}",
                data=content or None,
                auth=AWS4Auth(self._at.key, self._at.secret, self._at.region, "s3"),
                headers={"accept-encoding": "identity", **headers},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                is_good = answer.status_code < 300
                body = _read(answer, most if is_good else LONGEST_ERROR)
        except (requests.RequestException, OSError) as e:
            text = _AWAY.fill(where=self._where, why=type(e).__name__, name=self._at.names.url)
            raise _Momentary(text) from e
        if not is_good:
            self._judge(answer.status_code, _code(body) or str(answer.status_code), fine)
        return Answer(body, answer.headers) if is_good else None

    def _judge(self, status: int, code: str, fine: Collection[str]) -> None:
        names = self._at.names
        if code == NO_BUCKET or status in MOVED:
            raise NotBrought(_NO_BUCKET.fill(where=self._where, name=names.url), code="disk")
        if code in fine:
            return
        if status in (400, 401, 403):
            said = {"key": names.key, "secret": names.secret, "region": names.region}
            raise NotBrought(_REFUSED.fill(where=self._where, code=code, **said), code="disk")
        raise _Momentary(_FAILED.fill(where=self._where, code=code))


class _Momentary(Exception):
    """It may go well if it is asked again."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _read(answer: requests.Response, most: int) -> bytes:
    body = bytearray()
    for part in answer.iter_content(PART) if most else ():
        body += part
        if len(body) >= most:
            break
    return bytes(body[:most])


def _code(body: bytes) -> str:
    found = CODE.search(body)
    return found[1].decode("ascii", "replace") if found else ""
