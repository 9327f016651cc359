"""nginx of Debian's package in front of several gateways, run by somebody who is not root."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bench.ports import free_port
from bench.postgres import begun

BINARY = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") or ""
USER = "www-data"
CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log off; default_type text/plain; proxy_http_version 1.1; proxy_set_header Connection "";
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream gateways {{ {servers} keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://gateways; proxy_connect_timeout 1s; proxy_read_timeout 10s;
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }}
  }}
}}
"""
"""One that is gone is left out for a second; a callback that it had is repeated by the platform."""
PATIENCE = 10.0


def missing() -> str:
    """Why it cannot be started here; empty when it can."""
    return "" if BINARY else "needs nginx (apt-get install nginx-light)"


@asynccontextmanager
async def before(ports: Iterable[int]) -> AsyncIterator[int]:
    """Its port. Raises TimeoutError, ChildProcessError."""
    folder, port = Path(tempfile.mkdtemp(prefix="hongyan-nginx-", dir="/tmp")), free_port()
    servers = " ".join(f"server 127.0.0.1:{one} max_fails=1 fail_timeout=1s;" for one in ports)
    written = CONFIGURATION.format(folder=folder, servers=servers, port=port)
    (folder / "nginx.conf").write_text(written, encoding="utf-8")
    (folder / "nginx.conf").chmod(0o644)
    command = [BINARY, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    process = begun(command, folder, USER, subprocess.DEVNULL)
    try:
        await _listens(process, folder, port)
        yield port
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
        shutil.rmtree(folder, ignore_errors=True)


async def _listens(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if process.poll() is not None:
                said = folder / "error.log"
                raise ChildProcessError(said.read_text(errors="replace") if said.exists() else "nginx ended")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
