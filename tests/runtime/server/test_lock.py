"""One process a task."""

import contextlib
import os

import pytest

from app import take_tasks
from runtime.errors import BadSettings, Conflict
from runtime.server.lock import only_one
from runtime.settings import Settings


def test_a_second_server_is_refused_and_the_first_named(tmp_path):
    with (
        only_one(tmp_path, "gateway"),
        pytest.raises(Conflict, match=str(os.getpid())),
        only_one(tmp_path, "gateway"),
    ):
        pass
    with only_one(tmp_path, "gateway"):
        pass


def test_what_a_dead_process_left_does_not_matter(tmp_path):
    (tmp_path / "gateway.lock").write_text("4194304000\n", encoding="utf-8")
    with only_one(tmp_path, "gateway"):
        assert (tmp_path / "gateway.lock").read_text(encoding="utf-8") == f"{os.getpid()}\n"


def test_another_task_is_free(tmp_path):
    with only_one(tmp_path, "gateway"), only_one(tmp_path, "builder"):
        pass


@pytest.mark.parametrize("first", [True, False])
def test_builder_and_gateway_share_a_home_in_any_order(tmp_path, capsys, first):
    one, two = Settings(home=tmp_path, port=7001), Settings(home=tmp_path, port=7002)
    with contextlib.ExitStack() as held, contextlib.ExitStack() as second:
        assert take_tasks(held, one, with_builder=first).is_ours
        other = take_tasks(second, two, with_builder=not first)
        assert not other.is_ours
        assert other.other() == "http://127.0.0.1:7001"
        assert "passed on" in capsys.readouterr().out


@pytest.mark.parametrize("with_builder", [True, False])
def test_a_second_of_a_kind_is_refused(tmp_path, with_builder):
    with contextlib.ExitStack() as held, contextlib.ExitStack() as second:
        take_tasks(held, Settings(home=tmp_path), with_builder=with_builder)
        with pytest.raises(Conflict):
            take_tasks(second, Settings(home=tmp_path), with_builder=with_builder)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "data").write_text("a file in its place")
    with pytest.raises(BadSettings, match=r"写不进文件夹.*data"), only_one(tmp_path / "data", "gateway"):
        pass
