"""Pictures of one's own, from the command line."""

import json

import pytest

import pictures
from runtime.cli import arguments, commands
from runtime.errors import Invalid, NotFound
from runtime.settings import Settings
from runtime.store.control.control import Control


def test_a_picture_is_public_under_the_address_that_is_printed_until_it_is_removed(tmp_path, capsys):
    settings = Settings(home=tmp_path)
    Control.in_folder(settings.data)
    picture, page = tmp_path / "价目表.png", tmp_path / "page.png"
    picture.write_bytes(pictures.picture())
    page.write_text("<script>")

    def run(*typed):
        commands.execute(arguments.parser().parse_args(["files", *map(str, typed)]), settings)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    [told] = run("add", picture)
    assert told == {
        "name": "价目表.png",
        "type": "image/png",
        "bytes": len(pictures.picture()),
        "address": "/files/%E4%BB%B7%E7%9B%AE%E8%A1%A8.png",
    }
    with pytest.raises(Invalid):
        run("add", page)
    with pytest.raises(NotFound):
        run("add", tmp_path / "none.png")
    assert run("list") == [told]
    assert run("remove", "价目表.png") == [{"removed": "价目表.png"}]
    assert run("list") == []
