"""Which S3-compatible store has the large files, as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.errors import BadSettings, StoreFailed
from runtime.lang import Text
from runtime.network import http_address

URL, KEY, SECRET, REGION = "HONGYAN_S3_URL", "HONGYAN_S3_KEY", "HONGYAN_S3_SECRET", "HONGYAN_S3_REGION"
USUAL_REGION = "us-east-1"

_URL = Text(
    "{name} 应是存储桶的网址，例如 https://s3.example.com/桶 或 https://桶.oss-cn-hangzhou.aliyuncs.com",
    "{name} should be the address of a bucket, such as https://s3.example.com/bucket or "
    "https://bucket.s3.eu-central-1.amazonaws.com",
)
_NEEDED = Text("设了 {url}，还要设 {name}。", "{url} is set, so {name} is needed, too.")


class NotBrought(StoreFailed):
    """A file could not be brought from or into its store, which is not the database's fault."""


@dataclass(frozen=True)
class Names:
    """Of the variables that say where a store is, as errors name them."""

    url: str = URL
    key: str = KEY
    secret: str = SECRET
    region: str = REGION


@dataclass(frozen=True)
class BucketUrl:
    """`url`: of the bucket or of a folder in it, without a slash at the end."""

    url: str
    key: str
    secret: str = field(repr=False)
    region: str = USUAL_REGION
    names: Names = Names()


def bucket_url(environ: Mapping[str, str]) -> BucketUrl | None:
    """As the environment says; None where it names none. Raises BadSettings."""
    given = {name: environ.get(name, "").strip() for name in (URL, KEY, SECRET, REGION)}
    url = given[URL].rstrip("/")
    if not url:
        return None
    try:
        parts = http_address.split(url)
        is_good = not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        is_good = False
    if not is_good:
        raise BadSettings(_URL.fill(name=URL), field=URL)
    for name in (KEY, SECRET):
        if not given[name]:
            raise BadSettings(_NEEDED.fill(url=URL, name=name), field=name)
    return BucketUrl(url, given[KEY], given[SECRET], given[REGION] or USUAL_REGION)
