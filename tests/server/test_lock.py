"""One server a home."""

import os

import pytest

from runtime.errors import Conflict
from runtime.server.lock import only_server


def test_a_second_server_is_refused_and_the_first_named(tmp_path):
    with only_server(tmp_path), pytest.raises(Conflict, match=str(os.getpid())), only_server(tmp_path):
        pass
    with only_server(tmp_path):
        pass


def test_what_a_dead_process_left_does_not_matter(tmp_path):
    (tmp_path / "server.lock").write_text("4194304000\n", encoding="utf-8")
    with only_server(tmp_path):
        assert (tmp_path / "server.lock").read_text(encoding="utf-8") == f"{os.getpid()}\n"
