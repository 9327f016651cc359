"""Backups in a bucket: sent in parts as they are made, so nothing of them is on the disk here.

What was begun and is never ended costs money until it is called off, so a later run does that.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

import io
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote

import requests

from runtime.errors import BadSettings, NotFound, StoreFailed
from runtime.lang import Text
from runtime.network import http_address
from runtime.store.mirrored.bucket import MISSING, NO_HEADERS, Answer, Bucket
from runtime.store.mirrored.bucket_url import KEY, REGION, SECRET, USUAL_REGION, BucketUrl, Names, NotBrought
from runtime.store.roll import Takes

ENDPOINT = "HONGYAN_BACKUP_S3_ENDPOINT"
OWN_KEY, OWN_SECRET = "HONGYAN_BACKUP_S3_KEY", "HONGYAN_BACKUP_S3_SECRET"
OWN_REGION = "HONGYAN_BACKUP_S3_REGION"
"""Without these three, those of the store of large files."""
NAMES = Names(ENDPOINT, OWN_KEY, OWN_SECRET, OWN_REGION)
PART, MOST_PARTS = 16 * 1024 * 1024, 10_000
"""Bytes of a part, and how many there may be: 160 GB in all."""
PAUSES = (1.0, 5.0, 30.0, 60.0)
"""Seconds after which a store that is away is asked again: a night has time."""
STALE = 24 * 3600.0
"""Seconds after which what was begun belongs to nobody who lives."""
BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", re.ASCII)
NOTHING = Answer(b"", NO_HEADERS)
GONE = (*MISSING, "PreconditionFailed", "412", "InvalidRange", "416")
LISTED, LONGEST_LIST, MOST_LISTS = 1000, 2_000_000, 200
"""Names in one answer, its bytes, and answers: a server that never ends its list is not listened to."""
UPLOAD = re.compile(rb"<UploadId>([^<]{1,2000})</UploadId>")
BEGUN, END_OF_BEGUN = b"<Upload>", b"</Upload>"
LONGEST_SIZE = 18
"""Digits of a number of bytes."""
NAME = re.compile(rb"<Key>([^<]{1,5000})</Key>")
AT = re.compile(rb"<Initiated>([^<]{10,40})</Initiated>")
MORE = re.compile(rb"<NextContinuationToken>([^<]{1,3000})</NextContinuationToken>")

_ADDRESS = Text(
    "应写作 s3://桶/文件夹；服务器的网址在 {name} 里，例如 https://s3.example.com 或 https://{{bucket}}.oss-cn-hangzhou.aliyuncs.com",
    "Write s3://BUCKET/FOLDER; the server's address is in {name}, such as https://s3.example.com or "
    "https://{{bucket}}.s3.eu-central-1.amazonaws.com",
)
_KEY = Text(
    "备份到 s3:// 要设 {key} 和 {secret}。", "A backup to s3:// needs {key} and {secret} in the environment."
)
_NONE = Text("没有 {name} 这份备份。", "There is no backup {name}.")
_LARGE = Text(
    "备份超过 160 GB，放不进一个对象。请备份到文件夹。",
    "The backup is larger than the 160 GB of one object. Back up into a folder.",
)
_CHANGED = Text(
    "{name} 在读的时候被换掉了。请再试一次。", "{name} was replaced while it was read. Try again."
)
_ENDLESS = Text(
    "{where} 的清单没有尽头（超过 20 万个名字）。请另用一个文件夹放备份。",
    "The list of {where} has no end (more than 200,000 names). Keep backups in a folder of their own.",
)


def bucket_of(text: str, environ: Mapping[str, str]) -> tuple[BucketUrl, str]:
    """The bucket, and what follows it. Raises BadSettings."""
    bucket, _, folder = text.removeprefix("s3://").partition("/")
    region = _said(environ, OWN_REGION, REGION) or USUAL_REGION
    server = environ.get(ENDPOINT, "").strip().rstrip("/") or f"https://s3.{region}.amazonaws.com"
    url = server.replace("{bucket}", bucket) if "{bucket}" in server else f"{server}/{bucket}"
    try:
        parts = http_address.split(url)
        is_good = not (parts.query or parts.fragment or "@" in parts.netloc or ".." in folder.split("/"))
    except ValueError:
        is_good = False
    if not is_good or not BUCKET_NAME.fullmatch(bucket):
        raise BadSettings(_ADDRESS.fill(name=ENDPOINT), field="FILE")
    key, secret = _said(environ, OWN_KEY, KEY), _said(environ, OWN_SECRET, SECRET)
    if not key or not secret:
        raise BadSettings(_KEY.fill(key=OWN_KEY, secret=OWN_SECRET), field=OWN_KEY)
    return BucketUrl(url, key, secret, region, NAMES), folder


def _said(environ: Mapping[str, str], *names: str) -> str:
    return next((value for name in names if (value := environ.get(name, "").strip())), "")


@dataclass(frozen=True)
class InBucket:
    """`called`: the bucket's own name; `folder`: "" for none; `pause` waits seconds, `clock`: since 1970."""

    at: BucketUrl
    folder: str
    pause: Callable[[float], object] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)
    part: int = PART
    called: str = ""
    request: Callable[..., requests.Response] = field(default=requests.request, repr=False)

    def shown(self, name: str) -> str:
        return f"s3://{self.called or self.at.url.rpartition('/')[2]}/{self._key(name)}"

    def names(self) -> Sequence[str]:
        found, more, front = list[str](), "", self._key("")
        for _ in range(MOST_LISTS):
            query = f"?list-type=2&max-keys={LISTED}&prefix={quote(front, safe='')}{more}"
            body = self.asked("GET", "", most=LONGEST_LIST, query=query).body
            names = (unescape(one.decode("utf-8", "replace")) for one in NAME.findall(body))
            found += [one.removeprefix(front) for one in names]
            if not (token := MORE.search(body)):
                return [one for one in found if one and "/" not in one]
            more = f"&continuation-token={quote(unescape(token[1].decode('utf-8', 'replace')), safe='')}"
        raise StoreFailed(_ENDLESS.fill(where=self.shown("")), code="disk")

    def remove(self, name: str) -> None:
        self.patient(lambda: self.bucket.remove(self._key(name)))

    def is_within(self, home: Path, folders: Sequence[str]) -> bool:
        return False

    def clean(self) -> None:
        """Parts of what was begun a day ago: whoever sent them is gone."""
        front = self._key("hongyan-")
        query = f"?uploads&prefix={quote(front, safe='')}"
        body = self.asked("GET", "", most=LONGEST_LIST, query=query).body
        for one in (part.partition(END_OF_BEGUN)[0] for part in body.split(BEGUN)[1:]):
            name, upload, at = NAME.search(one), UPLOAD.search(one), AT.search(one)
            if name and upload and at and self._is_stale(at[1].decode("ascii", "replace")):
                self._call_off(
                    unescape(name[1].decode("utf-8", "replace")),
                    unescape(upload[1].decode("utf-8", "replace")),
                )

    @contextmanager
    def writing(self, name: str) -> Iterator[Takes]:
        key = self._key(name)
        found = UPLOAD.search(self.asked("POST", key, most=100_000, query="?uploads").body)
        if not found:
            raise StoreFailed(_NONE.fill(name=self.shown(name)), code="disk")
        upload = unescape(found[1].decode("utf-8", "replace"))
        parts = _Parts(self, key, upload)
        try:
            yield parts
            parts.end()
        except BaseException:
            with suppress(StoreFailed):
                self._call_off(key, upload)
            raise

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        yield cast("BinaryIO", _Pieces(self, self._key(name), self.shown(name)))

    def _call_off(self, key: str, upload: str) -> None:
        query = f"?uploadId={quote(upload, safe='')}"
        self.patient(lambda: self.bucket.asked("DELETE", key, query=query, fine=("NoSuchUpload", *MISSING)))

    def _is_stale(self, at: str) -> bool:
        try:
            began = datetime.fromisoformat(at.replace("Z", "+00:00"))
        except ValueError:
            return False
        return self.clock() - began.astimezone(UTC).timestamp() > STALE

    def _key(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    @property
    def bucket(self) -> Bucket:
        return Bucket(self.at, self.request, self.pause)

    def asked(
        self,
        method: str,
        key: str,
        content: bytes = b"",
        *,
        most: int = 0,
        query: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
        fine: Collection[str] = (),
    ) -> Answer:
        """See Bucket.asked; with patience, and NOTHING for None."""
        work = partial(self.bucket.asked, method, key, content, most, fine, query, headers)
        return self.patient(work) or NOTHING

    def patient(self, work: Callable[[], Answer | None]) -> Answer | None:
        for seconds in PAUSES:
            try:
                return work()
            except NotBrought as e:
                if e.code != "gone":
                    raise
                self.pause(seconds)
        return work()


class _Parts:
    """Sends a part once it is full; a part that fails is sent again."""

    def __init__(self, place: InBucket, key: str, upload: str) -> None:
        self._place, self._key, self._query = place, key, f"uploadId={quote(upload, safe='')}"
        self._kept, self._tags, self._sent = bytearray(), list[str](), 0

    def write(self, data: bytes, /) -> int:
        self._kept += data
        while len(self._kept) >= self._place.part:
            self._put(bytes(self._kept[: self._place.part]))
            del self._kept[: self._place.part]
        return len(data)

    def end(self) -> None:
        if self._kept or not self._tags:
            self._put(bytes(self._kept))
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"
            for number, tag in enumerate(self._tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        answer = self._place.asked(
            "POST", self._key, body, most=100_000, query=f"?{self._query}", fine=("NoSuchUpload",)
        )
        # one that is gone was put together by a first try whose answer was lost; a 200 may say that it failed
        if b"<Error>" in answer.body or (not answer.body and not self._is_there()):
            raise NotBrought(_CHANGED.fill(name=self._key), code="disk")

    def _is_there(self) -> bool:
        answer = self._place.asked("GET", self._key, most=1, headers={"range": "bytes=0-0"}, fine=MISSING)
        return whole(answer) == self._sent

    def _put(self, part: bytes) -> None:
        if len(self._tags) >= MOST_PARTS:
            raise NotBrought(_LARGE, code="disk")
        query = f"?partNumber={len(self._tags) + 1}&{self._query}"
        self._tags.append(self._place.asked("PUT", self._key, part, query=query).headers.get("ETag", ""))
        self._sent += len(part)


class _Pieces:
    """Reads on where it was when a connection breaks, of the same object."""

    def __init__(self, place: InBucket, key: str, shown: str) -> None:
        self._place, self._key, self._shown = place, key, shown
        self._kept, self._at, self._tag, self._size = io.BytesIO(), 0, "", -1

    def read(self, size: int = -1) -> bytes:
        found = bytearray()
        while size < 0 or len(found) < size:
            piece = self._kept.read(-1 if size < 0 else size - len(found))
            if not piece and not self._more():
                break
            found += piece
        return bytes(found)

    def _more(self) -> bool:
        if 0 <= self._size <= self._at:
            return False
        headers = {"range": f"bytes={self._at}-{self._at + self._place.part - 1}"}
        if self._tag:
            headers["if-match"] = self._tag
        answer = self._place.asked("GET", self._key, most=self._place.part, headers=headers, fine=GONE)
        if not answer.headers:
            raise NotFound((_CHANGED if self._tag else _NONE).fill(name=self._shown))
        self._tag = answer.headers.get("ETag", "")
        self._kept, self._at = io.BytesIO(answer.body), self._at + len(answer.body)
        self._size = whole(answer) if "Content-Range" in answer.headers else self._at
        return bool(answer.body)


def whole(answer: Answer) -> int:
    """Bytes of the object of which it has some."""
    size = answer.headers.get("Content-Range", "").rpartition("/")[2]
    return int(size) if size.isascii() and size.isdigit() and len(size) <= LONGEST_SIZE else -1
