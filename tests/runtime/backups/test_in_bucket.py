"""Backups in a bucket: in parts, whole or not at all, over connections that break."""

import contextlib
import io
import itertools
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from backup_world import KEY, filled

from cost import cpu_seconds
from runtime.backups.in_bucket import ENDPOINT, OWN_KEY, InBucket, bucket_of
from runtime.backups.making import check, make, opening
from runtime.backups.places import Where, where
from runtime.errors import BadSettings, NotFound, StoreFailed
from runtime.store.put_back import put_back_from

pytestmark = pytest.mark.of_files
PART = 5 * 1024 * 1024
"""The least that a store takes."""


@pytest.fixture
def place(s3, request):
    server, _, name = s3["HONGYAN_S3_URL"].rpartition("/")
    at, folder = bucket_of(f"s3://{name}/{request.node.name}", {**s3, ENDPOINT: server})
    paused = []
    found = InBucket(at, folder, pause=paused.append, part=PART)
    yield found
    for one in found.names():
        found.remove(one)


@pytest.fixture
async def home(tmp_path):
    home = await filled(tmp_path / "home")
    (home / "files").mkdir()
    (home / "files/large.bin").write_bytes(os.urandom(PART + 100_000))
    return home


def written(place, name, *pieces):
    with place.writing(name) as out:
        for piece in pieces:
            out.write(piece)


def begun(place):
    query = f"?uploads&prefix={place.folder}"
    return place.asked("GET", "", most=100_000, query=query).body.count(b"<Upload>")


def broken(place, *numbers, method=""):
    """Of the requests that are made there, those of these numbers fail: asked again, they do not."""
    made = itertools.count(1)

    def request(given, *more, **named):
        if method in ("", given) and next(made) in numbers:
            raise requests.ConnectionError
        return requests.request(given, *more, **named)

    return replace(place, request=request)


async def test_it_is_there_in_parts_and_comes_back_on_another_machine(place, home, tmp_path):
    place = broken(place, 2, 3, 4, 5, 9)  # more often in a row than a single look is repeated
    made = make(home, Where(place), KEY, 5)
    assert (place.names(), begun(place)) == ([made.name], 0)
    assert check(place, made.name, KEY, tmp_path / "checks").contents == made.saved.contents
    with opening(place, made.name, KEY) as archive:
        done = put_back_from(tmp_path / "there", archive, made.name, 9)
    assert (done.contents, done.unfinished) == (made.saved.contents, 1)
    place.remove(made.name)
    place.remove(made.name)
    with pytest.raises(NotFound, match=made.name), opening(place, made.name, KEY):
        pass


async def test_a_write_that_ends_halfway_leaves_nothing_and_the_former_one_stays(place):
    with place.writing("b") as out:
        out.write(b"former")
    with pytest.raises(TypeError):
        written(place, "b", bytes(PART + 1), None)
    with place.reading("b") as archive:
        assert archive.read() == b"former"
    assert begun(place) == 0


async def test_a_store_that_stays_away_is_told(place):
    with pytest.raises(StoreFailed, match="cannot be reached"):
        written(broken(place, *range(1, 100), method="PUT"), "b", bytes(PART + 1))
    assert (place.names(), begun(place)) == ([], 0)


async def test_what_a_killed_process_began_is_called_off_a_day_later(place):
    begins = place.writing("hongyan-b")
    begins.__enter__().write(bytes(10))  # and nobody ends it
    then = datetime(2010, 11, 10, 20, 48, 33, tzinfo=UTC).timestamp()  # moto's answer, whenever it was
    for hours, left in {1: 1, 23: 1, 25: 0}.items():
        InBucket(place.at, place.folder, clock=lambda hours=hours: then + hours * 3600).clean()
        assert begun(place) == left
    with contextlib.suppress(StoreFailed):
        begins.gen.close()


async def test_one_that_is_replaced_while_it_is_read_is_told(place):
    with place.writing("b") as out:
        out.write(bytes(PART + 10))
    with place.reading("b") as archive:
        archive.read(10)
        with place.writing("b") as out:
            out.write(bytes([1]) * (PART + 20))
        with pytest.raises(NotFound, match="was replaced"):
            archive.read()


def lying(body, headers=()):
    """A store that answers so, whatever it is asked."""

    def request(*given, **named):
        answer = requests.Response()
        answer.status_code, answer.raw = 200, io.BytesIO(body)
        answer.headers.update(headers)
        return answer

    environ = {"HONGYAN_S3_KEY": "k", "HONGYAN_S3_SECRET": "s"}
    return replace(where("s3://bb/x/", environ).place, request=request, pause=lambda seconds: None)


def test_a_list_without_an_end_is_told():
    body = b"<Key>x/hongyan-a</Key><NextContinuationToken>more</NextContinuationToken>"
    with pytest.raises(StoreFailed, match="has no end"):
        lying(body).names()


def test_what_was_begun_is_read_in_a_moment_however_it_is_said():
    # each beginning was looked through to the end of all
    assert cpu_seconds(lying(b"<Upload>" * 50_000).clean, enough=1) < 1


@pytest.mark.parametrize("size", ["9" * 5000, "\u00b2", "-1", ""])
def test_a_size_that_is_none_is_not_believed(size):
    place = lying(b"content", {"Content-Range": f"bytes 0-6/{size}", "ETag": "x"})
    with place.reading("b") as archive:
        assert archive.read(7) == b"content"


ADDRESSES = {
    "s3://bb/x/": ({}, "https://s3.us-east-1.amazonaws.com/bb"),
    "s3://cc": ({ENDPOINT: "https://{bucket}.oss.example.com/"}, "https://cc.oss.example.com"),
    "s3://dd/y": ({ENDPOINT: "http://127.0.0.1:9000"}, "http://127.0.0.1:9000/dd"),
    "s3:///x": ({}, None),
    "s3://bb/../x": ({}, None),
    "s3://bb/x?y": ({ENDPOINT: "https://a:b@s3.example.com"}, None),
    "s3://ee/x": ({OWN_KEY: "", "HONGYAN_S3_KEY": ""}, None),
}


@pytest.mark.parametrize("typed", ADDRESSES)
def test_where_a_bucket_is(typed):
    more, url = ADDRESSES[typed]
    environ = {"HONGYAN_S3_KEY": "k", "HONGYAN_S3_SECRET": "s"} | more
    if url is None:
        with pytest.raises(BadSettings):
            where(typed, environ)
    else:
        place = where(typed, environ).place
        assert (place.at.url, place.shown("b").startswith(typed.rstrip("/"))) == (url, True)


@pytest.mark.parametrize(
    ("typed", "name"), {"s3://bb/x/y.tar.gz.age": "y.tar.gz.age", "s3://bb/x/": ""}.items()
)
def test_what_is_named_in_it(typed, name):
    found = where(typed, {"HONGYAN_S3_KEY": "k", "HONGYAN_S3_SECRET": "s"})
    assert (found.name, found.place.folder, found.place.shown("z")) == (name, "x", "s3://bb/x/z")
