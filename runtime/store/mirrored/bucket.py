"""A bucket of an S3-compatible store: objects by their keys, each request signed and waited for.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

import re
import time
from collections.abc import Collection
from urllib.parse import quote

import requests
from requests_aws4auth import AWS4Auth

from runtime.lang import Text
from runtime.network import http_address
from runtime.store.mirrored.bucket_url import KEY, REGION, SECRET, URL, BucketUrl, NotBrought

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
TRIES, PAUSE = 3, 0.2
"""How often a store is asked that fails for the moment, and seconds between."""
CODE = re.compile(rb"<Code>(\w{1,60})</Code>")
LONGEST_ERROR = 4000
PART = 256 * 1024
MISSING = ("NoSuchKey", "404")
NO_BUCKET = "NoSuchBucket"
MOVED = (301, 307, 308)

_AWAY = Text(
    "存大文件的 {where} 连不上（{why}）。请检查网络和 {name}。",
    "The store of large files at {where} cannot be reached ({why}). Check the network and {name}.",
)
_NO_BUCKET = Text(
    "{where} 没有这个存储桶。请先建好，再检查 {name}。",
    "There is no such bucket at {where}. Make it first, and check {name}.",
)
_REFUSED = Text(
    "存大文件的 {where} 不认这组密钥（{code}）。请检查 {key}、{secret}、{region} 和桶的权限。",
    "The store of large files at {where} refuses the key ({code}). Check {key}, {secret}, {region} and what "
    "the key may do with the bucket.",
)
_FAILED = Text(
    "存大文件的 {where} 出错了（{code}）。请稍后再试。",
    "The store of large files at {where} failed ({code}). Try again later.",
)


class Bucket:
    """Every method blocks, and raises NotBrought."""

    def __init__(self, at: BucketUrl) -> None:
        self._at, self._where = at, http_address.split(at.url).netloc

    def put(self, name: str, content: bytes) -> None:
        self._asked("PUT", name, content)

    def get(self, name: str, most: int) -> bytes | None:
        """At most so many bytes; None when there is no such object."""
        return self._asked("GET", name, most=most, fine=MISSING)

    def remove(self, name: str) -> None:
        """Also when there is none."""
        self._asked("DELETE", name, fine=MISSING)

    def check(self) -> None:
        """That it can be reached, is there, and knows the key."""
        # whoever has no right to list is denied what is not there
        self._asked("GET", "hongyan", fine=(*MISSING, "AccessDenied"))

    def _asked(
        self, method: str, name: str, content: bytes = b"", most: int = 0, fine: Collection[str] = ()
    ) -> bytes | None:
        for left in reversed(range(TRIES)):
            try:
                return self._once(method, name, content, most, fine)
            except _Momentary as e:
                if not left:
                    raise NotBrought(e.text, code="gone") from e
                time.sleep(PAUSE)
        raise AssertionError  # the last time it returned, or raised

    def _once(self, method: str, name: str, content: bytes, most: int, fine: Collection[str]) -> bytes | None:
        """`fine`: codes that mean that there is nothing."""
        try:
            with requests.request(
                method,
                f"{self._at.url}/{quote(name)}",
                data=content or None,
                auth=AWS4Auth(self._at.key, self._at.secret, self._at.region, "s3"),
                headers={"accept-encoding": "identity"},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                is_good = answer.status_code < 300
                body = _read(answer, most if is_good else LONGEST_ERROR)
        except (requests.RequestException, OSError) as e:
            raise _Momentary(_AWAY.fill(where=self._where, why=type(e).__name__, name=URL)) from e
        if not is_good:
            self._judge(answer.status_code, _code(body) or str(answer.status_code), fine)
        return body if is_good else None

    def _judge(self, status: int, code: str, fine: Collection[str]) -> None:
        if code == NO_BUCKET or status in MOVED:
            raise NotBrought(_NO_BUCKET.fill(where=self._where, name=URL), code="disk")
        if code in fine:
            return
        if status in (400, 401, 403):
            text = _REFUSED.fill(where=self._where, code=code, key=KEY, secret=SECRET, region=REGION)
            raise NotBrought(text, code="disk")
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
