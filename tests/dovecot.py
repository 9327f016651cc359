"""An IMAP server, as Debian has it: one of the test's own, with a mailbox that is a folder."""

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
ADDRESS, PASSWORD = "shop@example.com", "canary-mail-password"
SEEN = "S"


@dataclass
class House:
    port: int
    folder: Path
    child: subprocess.Popen | None = None
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def box(self):
        return self.folder / "mail"

    def put(self, letter, *, name=""):
        """A letter that comes, as bytes."""
        name = name or f"{time.time():.6f}.{next(self.numbers)}.here"
        (self.box / "tmp" / name).write_bytes(letter)
        Path(self.box / "tmp" / name).rename(self.box / "new" / name)

    def seen(self):
        """How many are marked."""
        return sum(SEEN in one.name.partition(":2,")[2] for one in (self.box / "cur").iterdir())

    def anew(self):
        """It counts its letters from the beginning."""
        for one in self.box.glob("dovecot*"):
            one.unlink()

    def start(self):
        self.child = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.child.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.01)
        raise AssertionError("it does not answer")

    def stop(self):
        if self.child:
            self.child.terminate()
            self.child.wait()


CONF = """
protocols = imap
base_dir = {folder}/run
log_path = {folder}/log
mail_location = maildir:{folder}/mail
ssl = no
disable_plaintext_auth = no
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
mail_fsync = never
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = user={address} password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""


@contextlib.contextmanager
def running():
    """It serves nobody as root, so root's is another's, in a folder that others may enter."""
    with socket.socket() as one, tempfile.TemporaryDirectory(prefix="dovecot") as made:
        one.bind(("127.0.0.1", 0))
        port, folder = one.getsockname()[1], Path(made)
        one.close()
        house = House(port, folder)
        who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        me, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        folder.chmod(0o711)
        for name in ("cur", "new", "tmp"):
            (house.box / name).mkdir(parents=True)
            os.chown(house.box / name, who.pw_uid, who.pw_gid)
        os.chown(house.box, who.pw_uid, who.pw_gid)
        (folder / "run").mkdir()
        told = {"folder": folder, "user": me, "group": group, "login": who.pw_name, "port": port}
        told |= {"uid": who.pw_uid, "gid": who.pw_gid, "address": ADDRESS, "password": PASSWORD}
        (folder / "dovecot.conf").write_text(CONF.format(**told))
        house.start()
        try:
            yield house
        finally:
            house.stop()
