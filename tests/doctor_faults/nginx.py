"""One nginx for all faults: a server block each, told apart by name, on two ports."""

import asyncio
import contextlib
import shutil
from pathlib import Path

from bench.ports import free_port

BINARY = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), None)
GOOD = "location / { proxy_pass http://{app}; }"
WAF_PAGE = "<html><title>安全验证</title>captcha: please prove that you are human</html>"

HEAD = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; server_tokens off; default_type text/plain; server_names_hash_bucket_size 128;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_set_header Host $host; proxy_connect_timeout 2s; proxy_http_version 1.1;
  limit_req_zone $server_name zone=few:1m rate=1r/m;
  ssl_session_cache none; ssl_protocols TLSv1.2 TLSv1.3;
"""


def block(name, body, ports, folder, certificate="good", more=""):
    lines = [
        f"server {{ server_name {name}; listen 127.0.0.1:{ports['http']}; "
        f"listen 127.0.0.1:{ports['https']} ssl;",
        f"ssl_certificate {folder}/{certificate}.pem; ssl_certificate_key {folder}/{certificate}.key; {more}",
        body,
        "}",
    ]
    return "\n".join(lines)


def free_ports(count):
    found = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


@contextlib.asynccontextmanager
async def running(folder, blocks, ports):
    """Until the end of the block. Waits until it takes connections."""
    config = folder / "nginx.conf"
    config.write_text(HEAD.format(folder=folder) + "\n".join(blocks) + "\n}\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        BINARY, "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log"),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await _listens(process, ports["https"])
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def _listens(process, port):
    while True:
        if process.returncode is not None:
            raise AssertionError((await process.communicate())[1].decode())
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
