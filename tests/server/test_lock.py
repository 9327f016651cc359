"""One process a task."""

import contextlib
import os

import pytest

from app import take_tasks
from runtime.errors import BadSettings, Conflict
from runtime.server.lock import only_one


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


def test_the_builder_runs_beside_a_gateway_and_leaves_the_messages_to_it(tmp_path, capsys):
    with only_one(tmp_path, "gateway"), contextlib.ExitStack() as held:
        assert not take_tasks(held, tmp_path, with_builder=True)
        assert "gateway" in capsys.readouterr().out


def test_a_gateway_is_not_started_where_everything_runs_already(tmp_path):
    with contextlib.ExitStack() as held, contextlib.ExitStack() as second:
        assert take_tasks(held, tmp_path, with_builder=True)
        with pytest.raises(Conflict):
            take_tasks(second, tmp_path, with_builder=False)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "data").write_text("a file in its place")
    with pytest.raises(BadSettings, match=r"写不进文件夹.*data"), only_one(tmp_path / "data", "gateway"):
        pass
