"""Eclipse's broker, as Debian has it: one of the test's own, with accounts, an ACL and TLS."""

import contextlib
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
USER, PASSWORD = "agent", "canary-broker-password"
PEOPLE = {USER: PASSWORD, "lamp-1": "lamp", "lamp-2": "lamp"}
RIGHTS = f"""
user {USER}
topic read shop/+/in
topic write shop/+/out
topic write shop/status
user lamp-1
topic read shop/status

pattern write shop/%u/in
pattern read shop/%u/out
"""


@dataclass
class Broker:
    port: int
    folder: object
    child: subprocess.Popen | None = None

    @property
    def url(self):
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self):
        self.child = subprocess.Popen(
            [PROGRAM, "-c", str(self.folder / "mosquitto.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.child.poll() is None, "it does not start"
            time.sleep(0.01)
        raise AssertionError("it does not answer")

    def stop(self):
        if self.child:
            self.child.kill()
            self.child.wait()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(folder):
    broker = Broker(free_port(), folder)
    people = "".join(f"{name}:{secret}\n" for name, secret in PEOPLE.items())
    (folder / "people").write_text(people)
    (folder / "rights").write_text(RIGHTS)
    subprocess.run(["mosquitto_passwd", "-U", str(folder / "people")], check=True)
    for name in ("people", "rights"):
        (folder / name).chmod(0o600)
    lines = [
        f"listener {broker.port} 127.0.0.1",
        "allow_anonymous false",
        "user root",
        f"password_file {folder / 'people'}",
        f"acl_file {folder / 'rights'}",
        f"log_dest file {folder / 'log'}",
        "log_type all",
    ]
    (folder / "mosquitto.conf").write_text("\n".join([*lines, ""]))
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
