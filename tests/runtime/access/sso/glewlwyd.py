"""Debian's Glewlwyd, an OpenID Connect provider that nobody of us wrote: a server of its own, over SQLite."""

import json
import shutil
import socket
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc.jwk import RSAKey

PROGRAM = shutil.which("glewlwyd")
TABLES = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
ADMIN = {"username": "admin", "password": "password"}
"""As its tables come."""
CLIENT, SECRET = "hongyan", "glewlwyd-client-secret"
CONFIGURATION = """
port={port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:{port}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="NONE"
cookie_domain="127.0.0.1"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{modules}/user"
user_middleware_module_path="{folder}/none"
client_module_path="{modules}/client"
user_auth_scheme_module_path="{modules}/scheme"
plugin_module_path="{modules}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }};
"""
SEVERAL = {"multiple": True, "read": True, "write": True}
PLUGIN = {
    "jwt-type": "rsa", "jwt-key-size": "256", "access-token-duration": 3600,
    "refresh-token-duration": 3600, "code-duration": 600,
    "refresh-token-rolling": True, "allow-non-oidc": False, "auth-type-code-enabled": True,
    "auth-type-token-enabled": False, "auth-type-id-token-enabled": True, "auth-type-password-enabled": False,
    "auth-type-client-enabled": False, "auth-type-refresh-enabled": False, "auth-type-none-enabled": False,
    "scope": [], "additional-parameters": [], "name-claim": "mandatory", "email-claim": "mandatory",
    "scope-claim": "no", "pkce-allowed": True, "pkce-method-plain-allowed": False, "pkce-required": True,
    "session-management-allowed": True, "session-cookie-name": "GLEWLWYD2_OIDC_SID",
    "session-cookie-expiration": 3600, "jwks-show": True, "subject-type": "public",
    "client-post-logout-redirect-uris-parameter": "post_logout_redirect_uris",
    "claims": [{
        "name": "groups", "user-property": "groups", "type": "string", "mandatory": True, "on-demand": False,
        "scope": [],
    }],
}  # fmt: skip


class Glewlwyd:
    """`issuer`: what it is known by."""

    def __init__(self, url):
        self.url, self.issuer = url, f"{url}/api/oidc"
        self._admin = httpx.Client(base_url=f"{url}/api")

    def set_up(self, back, after):
        """Its client is us; `back`, `after`: where it may lead to."""
        self._ask("POST", "/auth/", ADMIN)
        key = RSAKey.generate_key(2048)
        signs = {"key": key.as_pem(private=True).decode(), "cert": key.as_pem(private=False).decode()}
        plugin = {**PLUGIN, **signs, "iss": self.issuer}
        told = {"module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": True}
        self._ask("POST", "/mod/plugin/", {**told, "parameters": plugin})
        client = {"client_id": CLIENT, "name": "us", "confidential": True, "enabled": True}
        may = {"redirect_uri": [back], "authorization_type": ["code"], "scope": ["openid"]}
        left = {"post_logout_redirect_uris": [after], "token_endpoint_auth_method": ["client_secret_basic"]}
        self._ask("POST", "/client/", {**client, **may, **left, "client_secret": SECRET})

    def add(self, name, groups):
        """Somebody whose password is their name twice."""
        person = {"username": name, "name": name.title(), "email": f"{name}@x.example", "enabled": True}
        self._ask("POST", "/user/", {**person, "password": name * 2, "scope": ["openid"], "groups": groups})

    def put_into(self, name, groups):
        person = self._admin.get(f"/user/{name}").json()
        self._ask("PUT", f"/user/{name}", {**person, "groups": groups})

    def signs_in(self, name, address):
        """What its browser comes back to us with, of who signs in there and agrees."""
        with httpx.Client(base_url=f"{self.url}/api") as browser:
            browser.post("/auth/", json={"username": name, "password": name * 2}).raise_for_status()
            browser.put(f"/auth/grant/{CLIENT}", json={"scope": "openid"}).raise_for_status()
            asks = dict(parse_qsl(urlsplit(address).query)) | {"g_continue": ""}
            led = browser.get(address.partition("?")[0], params=asks)
            assert led.status_code == 302, led.text
            return led.headers["location"]

    def _ask(self, method, path, told):
        said = self._admin.request(method, path, json=told)
        assert said.status_code == 200, f"{path}: {said.text}"

    def close(self):
        self._admin.close()


@contextmanager
def running(folder, back, after):
    port = free_port()
    with closing(sqlite3.connect(folder / "glewlwyd.db")) as tables:
        tables.executescript(TABLES.read_text("utf-8"))
        _tell_properties(tables)
    (folder / "none").mkdir()
    configuration = CONFIGURATION.format(port=port, folder=folder, modules="/usr/lib/glewlwyd")
    (folder / "glewlwyd.conf").write_text(configuration)
    command = [PROGRAM, "-c", str(folder / "glewlwyd.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Glewlwyd(f"http://127.0.0.1:{port}")
    try:
        _answers(port, process)
        provider.set_up(back, after)
        yield provider
    finally:
        provider.close()
        process.terminate()
        process.wait(10)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def _tell_properties(tables):
    """Groups of people, and where a client may be led to, are properties that it is told of."""
    for table, column, name in (
        ("g_user_module_instance", "gumi_parameters", "groups"),
        ("g_client_module_instance", "gcmi_parameters", "post_logout_redirect_uris"),
    ):
        told = json.loads(tables.execute(f"SELECT {column} FROM {table}").fetchone()[0])
        told["data-format"][name] = SEVERAL
        tables.execute(f"UPDATE {table} SET {column} = ?", (json.dumps(told),))
    tables.commit()


def _answers(port, process):
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("glewlwyd does not answer")
