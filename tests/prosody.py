"""An XMPP server, as Debian has it: one of the test's own, with accounts and a certificate."""

import contextlib
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from doctor_faults.certificates import Issuer

PROGRAM = shutil.which("prosody")
DOMAIN = "chat.example"
PASSWORD = "canary-chat-password"
PEOPLE = ("shop", "ann", "ben")
CONF = """
daemonize = false
run_as_root = true
pidfile = "{folder}/pid"
data_path = "{folder}/data"
log = {{ debug = "{folder}/log" }}
modules_enabled = {{ "roster"; "saslauth"; "tls"; "disco"; "ping"; "offline"; "smacks" }}
modules_disabled = {{ "s2s" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{}}
http_ports = {{}}
https_ports = {{}}
authentication = "internal_hashed"
c2s_require_encryption = true
VirtualHost "{domain}"
  ssl = {{ key = "{folder}/key.pem"; certificate = "{folder}/cert.pem" }}
"""


@dataclass
class House:
    port: int
    folder: Path
    authority: str
    child: subprocess.Popen | None = None

    def start(self):
        self.child = subprocess.Popen(
            [PROGRAM, "-F", "--config", str(self.folder / "prosody.cfg.lua")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(1000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.child.poll() is None, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.01)
        raise AssertionError("it does not answer")

    def stop(self):
        self.child.terminate()
        self.child.wait()


@contextlib.contextmanager
def running(folder):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    root = Issuer("Chat Root")
    leaf = Issuer(DOMAIN, root, ca=False, names=(DOMAIN,))
    (folder / "cert.pem").write_bytes(leaf.pem)
    (folder / "key.pem").write_bytes(leaf.key_pem)
    (folder / "root.pem").write_bytes(root.pem)
    accounts = folder / "data" / DOMAIN.replace(".", "%2e") / "accounts"
    accounts.mkdir(parents=True)
    for name in PEOPLE:
        (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}"; }};')
    (folder / "prosody.cfg.lua").write_text(CONF.format(folder=folder, port=port, domain=DOMAIN))
    house = House(port, folder, root.pem.decode())
    house.start()
    try:
        yield house
    finally:
        house.stop()
