"""Large files of several instances in an S3-compatible store."""

import os

import pytest
import requests

from runtime.errors import BadSettings, NotSaved, StoreFailed
from runtime.files import bring, remove, write_whole
from runtime.store.database.postgres_opening import connected
from runtime.store.home import home_of
from runtime.store.mirrored import rows
from runtime.store.mirrored.bucket import Bucket
from runtime.store.mirrored.bucket_url import bucket_url
from runtime.store.mirrored.contents import LARGE
from runtime.store.mirrored.home import files_of, home_in

LARGEST, OTHER = (os.urandom(LARGE + 1) for _ in range(2))


@pytest.fixture
def with_s3(s3, monkeypatch):
    for name, value in s3.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def looked(url):
    """What is said to a statement on the rows of the files."""

    def look(sql, *given):
        session = connected(files_of(url))
        try:
            return [tuple(row) for row in session.execute(sql, given)]
        finally:
            session.close()

    return look


def test_what_is_large_is_in_the_bucket_and_comes_back_whole(with_s3, homes, looked, s3, soon):
    one, other = homes(), homes()
    source, picture = "knowledge/manual/sources/large.pdf", "data/media/ab/abab"
    for name in (source, picture):
        write_whole(one / name, LARGEST)
    write_whole(one / "agents/shop.json", b"{}")
    kept = looked("select name from files where key<>'' and content is null")
    assert sorted(kept) == [(picture,), (source,)]
    soon(lambda: (other / source).exists())
    assert (other / source).read_bytes() == LARGEST
    assert not (other / picture).exists()
    assert bring(other / picture)
    assert (other / picture).read_bytes() == LARGEST

    [(former,)] = looked("select key from files where name=?", source)
    bucket, folder = Bucket(bucket_url(s3)), files_of_schema(looked)
    assert bucket.get(f"{folder}/{former}", len(LARGEST)) == LARGEST
    write_whole(one / source, OTHER)
    remove(other / picture)
    soon(lambda: looked("select count(*) from objects") == [(1,)])
    assert bucket.get(f"{folder}/{former}", 1) is None
    soon(lambda: (other / source).read_bytes() == OTHER)


def files_of_schema(looked):
    return looked("select current_schema()")[0][0]


def test_what_nobody_brought_to_its_end_is_removed(with_s3, homes, looked, s3, soon):
    one = homes()
    bucket, key = Bucket(bucket_url(s3)), f"{files_of_schema(looked)}/died"
    bucket.put(key, b"half")
    looked("insert into objects(key, at) values('died', 1), ('young', extract(epoch from now())) returning 1")
    write_whole(one / "agents/shop.json", b"{}")
    soon(lambda: looked("select key from objects") == [("young",)])
    assert bucket.get(key, 1) is None


def test_a_second_try_after_a_lost_answer_lets_nothing_go(with_s3, homes, looked, url):
    write_whole(homes() / "files/large.pdf", LARGEST)
    [(key,)] = looked("select key from files where key<>''")
    session = connected(files_of(url))
    rows.put(session, "files/large.pdf", LARGEST, key=key)
    session.close()
    assert looked("select key, gone from objects") == [(key, 0)]


WRONG = {
    "no address": ({"HONGYAN_S3_URL": "files"}, BadSettings, "HONGYAN_S3_URL"),
    "no secret": ({"HONGYAN_S3_SECRET": ""}, BadSettings, "HONGYAN_S3_SECRET"),
    "an unknown key": ({"HONGYAN_S3_KEY": "AKIAXXXXXXXXXXXXXXXX"}, StoreFailed, "InvalidAccessKeyId"),
    "a wrong secret": ({"HONGYAN_S3_SECRET": "wrong"}, StoreFailed, "SignatureDoesNotMatch"),
    "no such bucket": ({"HONGYAN_S3_URL": "{url}-none"}, StoreFailed, "no such bucket"),
}


def test_what_is_wrong_with_the_bucket_is_told_before_anything_is_taken(with_s3, s3, url, tmp_path, looked):
    write_whole(tmp_path / "agents/shop.json", b"mine")
    for given, error, words in WRONG.values():
        with pytest.MonkeyPatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value.format(url=s3["HONGYAN_S3_URL"]))
            with pytest.raises(error, match=words), home_in(url, tmp_path):
                pass
    assert looked("select count(*) from files") == [(0,)]


def test_a_bucket_needs_a_database_and_files_in_it_need_the_bucket(with_s3, url, tmp_path, monkeypatch):
    with pytest.raises(BadSettings, match="HONGYAN_DATABASE_URL"), home_of(tmp_path / "alone", ""):
        pass
    write_whole(tmp_path / "one/files/large.pdf", LARGEST)
    with home_in(url, tmp_path / "one"):
        pass
    monkeypatch.delenv("HONGYAN_S3_URL")
    with pytest.raises(BadSettings, match="HONGYAN_S3_URL"), home_in(url, tmp_path / "other"):
        pass


def test_while_the_bucket_is_away_all_else_goes_on(with_s3, url, tmp_path, monkeypatch, soon, caplog):
    with home_in(url, one := tmp_path / "one"):
        write_whole(one / "knowledge/manual/sources/large.pdf", LARGEST)
        with monkeypatch.context() as away:
            away.setattr("runtime.store.mirrored.bucket.requests.request", _refuse)
            with pytest.raises(NotSaved, match="cannot be reached"):
                write_whole(one / "files/large.pdf", OTHER)
            write_whole(one / "agents/shop.json", b"small")
            held = home_in(url, other := tmp_path / "other")
            held.__enter__()
            assert (other / "agents/shop.json").read_bytes() == b"small"
            assert not (other / "knowledge/manual/sources/large.pdf").exists()
            assert "cannot be reached" in caplog.text
        write_whole(one / "agents/shop.json", b"again")
        soon(lambda: (other / "knowledge/manual/sources/large.pdf").exists())
        held.__exit__(None, None, None)


def _refuse(*_, **__):
    raise requests.ConnectionError
