"""Files that tools made: public for whoever has the address, which nobody makes up."""

import asyncio
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles
from runtime.server.made_files import PublicMade
from runtime.store.control.control import Control

HERE = "https://bot.example"
PDF = b"%PDF-1.7 " + bytes(40)


@pytest.fixture
def files(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    return MadeFiles(KeptMedia(tmp_path / "media"), control.mark, lambda: HERE, "http://127.0.0.1:1")


@pytest.fixture
def client(files):
    return TestClient(Starlette(routes=PublicMade(files).routes()))


async def test_whoever_has_the_address_gets_the_file_and_nobody_else(files, client):
    made = await files.make('价目 "表"\r\n../x', "pdf", PDF)
    assert made.name == "价目 _表_ _x.pdf" or "/" not in made.name
    path = made.address.removeprefix(HERE)
    got = await asyncio.to_thread(client.get, path)
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PDF, "application/pdf")
    assert got.headers["cache-control"] == "private, no-store"  # it may be somebody's, who is forgotten
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert unquote(got.headers["content-disposition"]).startswith("inline; filename*=UTF-8''")
    key, name = path.split("/")[2:]
    wrong = [
        f"/made/{key[:-1]}{'0' if key[-1] != '0' else '1'}/{name}",
        f"/made/{key[:64]}{'0' * 32}/{name}",
        f"/made/{key}/other.pdf",
        f"/made/{key}/{name.replace('.pdf', '.docx')}",
        f"/made/{'0' * 64}{key[64:]}/{name}",
        f"/made/{key}/..%2f..%2fsecret.key",
        "/made/x/y.pdf",
        f"/made/{key}/",
    ]
    for one in wrong:
        assert (await asyncio.to_thread(client.get, one)).status_code == 404, one


async def test_a_word_file_is_never_shown_in_the_browser(files, client):
    made = await files.make("a", "docx", b"PK\x03\x04<script>")
    got = await asyncio.to_thread(client.get, made.address.removeprefix(HERE))
    assert got.headers["content-disposition"].startswith("attachment")
