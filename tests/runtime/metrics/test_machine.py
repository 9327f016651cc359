"""Memory by process as the kernel tells it, and what a container may have."""

import os

import pytest

from runtime.metrics.machine import disk, memory, memory_by_process

PAGE = os.sysconf("SC_PAGE_SIZE")


def process(proc, pid, pages, children="", program=""):
    folder = proc / pid
    (folder / "task" / pid).mkdir(parents=True)
    (folder / "task" / pid / "children").write_text(children)
    (folder / "statm").write_text(f"999 {pages} 3 4 5 6 7\n")
    (folder / "cmdline").write_bytes(program.replace(" ", "\0").encode())


def test_memory_is_told_by_process(tmp_path):
    process(tmp_path, "self", 10, "20 21 22 ")
    process(tmp_path, "20", 7, program="python -m runtime.models.litellm_child 5 6")
    process(tmp_path, "21", 5, "30 ", program="python -m runtime.knowledge.search_child 5 6")
    process(tmp_path, "22", 3, program="/usr/bin/chromium --headless")
    process(tmp_path, "30", 2, "31 ")  # and 31 is gone meanwhile
    found = {name: bytes // PAGE for name, bytes in memory_by_process(tmp_path).items()}
    assert found == {"self": 10, "models": 7, "search": 5, "other": 5}


def test_where_there_is_no_proc_nothing_is_made_up(tmp_path):
    assert set(memory_by_process(tmp_path).values()) == {0}
    assert memory(tmp_path, tmp_path).limit == 0
    assert disk(tmp_path / "gone") == (0, 0)


@pytest.mark.parametrize(
    ("files", "limit", "available"),
    [
        ({}, 8000 << 10, 3000 << 10),
        ({"memory.max": "max"}, 8000 << 10, 3000 << 10),
        ({"memory.max": f"{9000 << 10}"}, 8000 << 10, 3000 << 10),  # more than the machine has
        ({"memory.max": f"{4000 << 10}", "memory.current": f"{3900 << 10}"}, 4000 << 10, 100 << 10),
        (
            {
                "memory.max": f"{4000 << 10}",
                "memory.current": f"{3900 << 10}",
                "memory.stat": f"anon 1\ninactive_file {900 << 10}\n",
            },
            4000 << 10,
            1000 << 10,
        ),
        (
            {
                "memory/memory.limit_in_bytes": f"{2000 << 10}",
                "memory/memory.usage_in_bytes": f"{1500 << 10}",
                "memory/memory.stat": f"total_inactive_file {500 << 10}\n",
            },
            2000 << 10,
            1000 << 10,
        ),
    ],
)
def test_a_container_s_limit_comes_before_the_machine_s(tmp_path, files, limit, available):
    (tmp_path / "meminfo").write_text(
        "MemTotal:  8000 kB\nMemFree: 1 kB\nMemAvailable: 3000 kB\nHugePages: 0\n"
    )
    for name, text in files.items():
        (tmp_path / "cgroup" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cgroup" / name).write_text(text)
    found = memory(tmp_path, tmp_path / "cgroup")
    assert (found.limit, found.available) == (limit, available)
