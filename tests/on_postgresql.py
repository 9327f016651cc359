"""PostgreSQL of Debian's package, started for the tests that need it; each store gets a schema of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql"))
USER = "postgres"
"""Who runs it where the tests are root's: PostgreSQL refuses to be."""
LOCKED = "locked"
"""A user who would need a password."""
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "listen_addresses=",
)


class Server:
    """`stores`: schemas by the path of the file that SQLite would have; `kept`: no test empties them."""

    def __init__(self, folder):
        self.folder = folder
        self.stores = {}
        self.kept = {}
        self._free = []
        self._made = 0

    def url(self, schema):
        return f"postgresql://hongyan@/postgres?host={quote(str(self.folder))}&schema={schema}"

    def begin(self):
        """The address of the next store that is opened, for programs that a test starts."""
        return self.url(self._next())

    def _next(self):
        if not self._free:
            self._made += 1
            self._free.append(f"store{self._made}")
        return self._free[-1]

    def url_of(self, path):
        path = str(path)
        if path in self.kept:
            return self.url(self.kept[path])
        if path not in self.stores:
            self.stores[path] = self._next()
            self._free.remove(self.stores[path])
        return self.url(self.stores[path])

    def empty(self):
        """What was stored goes; the tables stay, for the next test."""
        if self.stores:
            with ThreadPoolExecutor(1) as thread:  # where a test's event loop may run
                both = [f"{one}{end}" for one in self.stores.values() for end in ("", "_files")]
                thread.submit(self._empty, both).result()
        self._free += self.stores.values()
        self.stores = {}

    def _empty(self, schemas):
        from runtime.store.database.postgres_opening import MARKER, connected
        from runtime.store.database.postgres_url import read

        session = connected(read(self.url("public")))
        marks = ", ".join("?" * len(schemas))
        sql = f"select schemaname, tablename from pg_tables where schemaname in ({marks}) and tablename<>?"
        tables = [f"{row[0]}.{row[1]}" for row in session.execute(sql, (*schemas, MARKER))]
        sql = f"select schemaname, sequencename from pg_sequences where schemaname in ({marks})"
        counted = [f"{row[0]}.{row[1]}" for row in session.execute(sql, schemas)]
        session.run(
            "begin; set local session_replication_role=replica;"
            + "".join(f"delete from {table};" for table in tables)
            + "".join(f"select setval('{one}', 1, false);" for one in counted)
            + "commit"
        )
        session.close()


@contextmanager
def running():
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    options = _as_somebody(folder)
    data = folder / "data"
    initdb = [
        PROGRAMS / "initdb",
        "-D",
        data,
        "-U",
        "hongyan",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    subprocess.run(initdb, check=True, capture_output=True, **options)
    rules = data / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED} scram-sha-256\n{rules.read_text()}")
    settings = [word for one in FAST for word in ("-c", one)]
    with Path(folder / "log").open("wb") as log:
        command = [PROGRAMS / "postgres", "-D", data, "-k", folder, "-h", "", *settings]
        process = subprocess.Popen(command, stdout=log, stderr=log, **options)
    try:
        _until_ready(folder, process)
        yield Server(folder)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # on a machine that has no time
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody(folder):
    if os.getuid():
        return {}
    user = pwd.getpwnam(USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _until_ready(folder, process):
    for _ in range(600):
        if b"ready to accept connections" in (folder / "log").read_bytes():
            return
        assert process.poll() is None, (folder / "log").read_text()
        time.sleep(0.05)
    raise TimeoutError((folder / "log").read_text())
