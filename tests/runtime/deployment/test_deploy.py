"""The files that bring an installation onto a server: they name what is really there, and nothing secret."""

import re
import shlex
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from asked_nginx import nginx

from runtime.agents.agent import Limits
from runtime.cli import arguments
from runtime.deployment import manifests
from runtime.deployment import on_server as deploy
from runtime.deployment.domain import domain_of
from runtime.errors import BadSettings
from runtime.server.app import MAX_BODY
from runtime.settings import CHECKOUT, Settings

PYTHON = CHECKOUT / ".venv/bin/python"


@dataclass
class Case:
    id: str
    file: str
    lines: tuple
    """Lines of the file, stripped."""
    domain: str = "bot.example.com"
    settings: dict = field(default_factory=dict)
    never: tuple = ()
    """What stands nowhere in it."""
    gateways: tuple = ()


CASES = [
    Case(
        "caddy gets the certificate itself", "caddy", ("bot.example.com {", "reverse_proxy 127.0.0.1:7860 {")
    ),
    Case("caddy asks none for a number", "caddy", ("http://203.0.113.9 {",), domain="203.0.113.9"),
    Case("caddy reaches another port", "caddy", ("reverse_proxy 127.0.0.1:8080 {",), settings={"port": 8080}),
    Case("no connection is used that we may be closing", "caddy", ("keepalive off",)),
    Case(
        "nginx leads to https",
        "nginx",
        ("return 301 https://$host$request_uri;", "server_name bot.example.com;", "listen 443 ssl http2;"),
    ),
    Case(
        "nginx serves a number plainly", "nginx", ("listen 80;",), domain="203.0.113.9", never=("ssl", "301")
    ),
    Case("nginx reaches another port", "nginx", ("proxy_pass http://127.0.0.1:81;",), settings={"port": 81}),
    Case("nginx holds nothing back", "nginx", ("proxy_buffering off;",)),
    Case(
        "nginx passes on who asks, and for what",
        "nginx",
        (
            "proxy_set_header Host              $http_host;",
            "proxy_set_header X-Forwarded-For   $remote_addr;",
            "proxy_set_header X-Forwarded-Proto $scheme;",
        ),
    ),
    Case(
        "nginx lets WebSockets through",
        "nginx",
        ("proxy_http_version 1.1;", "proxy_set_header Upgrade           $http_upgrade;"),
    ),
    Case(
        "nginx leads callbacks to the gateways and pages here",
        "nginx",
        (
            "server 10.0.0.2:7860 max_fails=1 fail_timeout=5s;",
            "server gw-2:7861 max_fails=1 fail_timeout=5s;",
            "proxy_next_upstream error timeout http_502 http_503 non_idempotent;",
            "proxy_pass http://127.0.0.1:7860;",
        ),
        gateways=("10.0.0.2:7860", "gw-2:7861"),
    ),
    Case("nginx leads everything here without them", "nginx", (), never=("upstream", "hongyan_gateways")),
    Case(
        "the service runs this program, for the world behind the proxy only",
        "systemd",
        (
            f"WorkingDirectory={CHECKOUT}",
            f"ExecStart={PYTHON} app.py",
            f"Environment=HONGYAN_HOME={CHECKOUT}",
            "Environment=HONGYAN_HOST=127.0.0.1",
            "Environment=HONGYAN_PORT=7860",
            "Environment=HONGYAN_PUBLIC_URL=https://bot.example.com",
        ),
        settings={"host": "0.0.0.0"},
    ),
    Case(
        "the proxy on this machine is believed",
        "systemd",
        ("Environment=HONGYAN_TRUSTED_PROXY=127.0.0.1",),
    ),
    Case(
        "a proxy that the owner named stays",
        "systemd",
        ("Environment=HONGYAN_TRUSTED_PROXY=127.0.0.1,10.0.0.0/8",),
        settings={"proxies": ("127.0.0.1", "10.0.0.0/8")},
    ),
    Case(
        "the address keeps its path",
        "systemd",
        ("Environment=HONGYAN_PUBLIC_URL=https://bot.example.com/ai",),
        settings={"public_url": "https://bot.example.com/ai"},
    ),
    Case(
        "another domain has none",
        "systemd",
        ("Environment=HONGYAN_PUBLIC_URL=https://bot.example.com",),
        settings={"public_url": "https://old.example.com/ai"},
    ),
    Case(
        "only its own folder can be written",
        "systemd",
        ("ProtectSystem=strict", 'ReadWritePaths="/srv/a b"', "CapabilityBoundingSet=", "UMask=0077"),
        settings={"home": Path("/srv/a b")},
    ),
    Case(
        "each gateway has a port, and a folder of its own",
        "gateways",
        (
            "Environment=HONGYAN_PORT=%i",
            'Environment="HONGYAN_HOME=/srv/100%% a/data/workers/gateway-%i"',
            'ExecStartPre=/bin/mkdir -p -m 700 "/srv/100%% a/data/workers/gateway-%i/data"',
            f"ExecStart={PYTHON} app.py gateway",
            "EnvironmentFile=/etc/hongyan.env",
            "#   sudo systemctl enable --now hongyan-gateway@7861 hongyan-gateway@7862",
        ),
        settings={"home": Path("/srv/100% a")},
        never=("HONGYAN_PORT=7860",),
    ),
    Case(
        "gateways are those that nginx leads to",
        "gateways",
        ("#   sudo systemctl enable --now hongyan-gateway@81 hongyan-gateway@7900",),
        gateways=("127.0.0.1:7900", "127.0.0.1:81"),
    ),
    Case(
        "what a browser of another site may call is kept",
        "systemd",
        ("Environment=HONGYAN_API_ORIGINS=https://shop.example",),
        settings={"api_origins": ("https://shop.example",)},
    ),
    Case(
        "a number is served without https",
        "systemd",
        ("Environment=HONGYAN_PUBLIC_URL=http://203.0.113.9",),
        domain="203.0.113.9",
    ),
    Case("a service needs no domain", "systemd", (), domain="", never=("HONGYAN_PUBLIC_URL",)),
    Case(
        "what systemd would read otherwise is quoted",
        "systemd",
        ('Environment="HONGYAN_HOME=/srv/鸿 雁/100%% \\"a\\""',),
        settings={"home": Path('/srv/鸿 雁/100% "a"')},
    ),
    Case(
        "other settings are kept",
        "systemd",
        ("Environment=HONGYAN_LOG=debug", "Environment=HONGYAN_EGRESS_ALLOW=10.0.0.2:80,nas:80"),
        settings={"log": "debug", "egress_allow": ("10.0.0.2:80", "nas:80")},
    ),
    Case(
        "without a key of the owner's no other file is needed",
        "systemd",
        ("EnvironmentFile=-/etc/hongyan.env",),
    ),
    Case(
        "with one, the service does not start without it",
        "systemd",
        ("EnvironmentFile=/etc/hongyan.env",),
        settings={"secret_key": "canary-0123456789", "password": "canary-password"},
        never=("canary",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_file_says(case):
    text = deploy.render(
        case.file, Settings(**case.settings), case.domain, python=PYTHON, gateways=case.gateways
    )
    lines = {line.strip() for line in text.splitlines()}
    assert [line for line in case.lines if line not in lines] == []
    assert [words for words in case.never if words in text] == []


def test_the_service_runs_as_who_owns_the_data(tmp_path):
    text = deploy.render("systemd", Settings(home=tmp_path), "")
    assert f"\nUser={tmp_path.owner()}\n" in text


UNITS = [("systemd", "hongyan.service"), ("gateways", "hongyan-gateway@.service")]


@pytest.fixture
def unit(request, tmp_path):
    """systemd's own tool, and a unit of ours in a file."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    file, name = request.param
    unit = tmp_path / name
    unit.write_text(deploy.render(file, Settings(), "bot.example.com", python=Path(sys.executable)), "utf-8")
    return analyze, unit


@pytest.mark.parametrize("unit", UNITS, indirect=True)
def test_systemd_itself_takes_the_unit(unit):
    analyze, file = unit
    started = file.with_name(file.name.replace("@.", "@7861."))
    said = subprocess.run([analyze, "verify", "--man=no", str(started)], capture_output=True, text=True)
    ours = [line for line in said.stderr.splitlines() if "hongyan" in line]
    assert (said.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", UNITS, indirect=True)
def test_the_service_is_confined(unit):
    """systemd's own judgement of what a broken-in program could still do: 0 nothing, 10 everything."""
    analyze, file = unit
    command = [analyze, "security", "--offline=true", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    (exposure,) = re.findall(r"Overall exposure level for \S+: (\d+\.\d+)", said)
    assert float(exposure) <= 2


@pytest.mark.parametrize("domain", ["203.0.113.9", "bot.example.com"])
@pytest.mark.parametrize("gateways", [(), ("127.0.0.1:7861", "127.0.0.1:7862", "[::1]:7863")])
def test_nginx_itself_takes_the_file(domain, gateways, tmp_path):
    assert nginx(deploy.render("nginx", Settings(), domain, gateways=gateways), tmp_path) == (0, "")


BAD_GATEWAYS = [
    "10.0.0.2",
    "10.0.0.2:0",
    "10.0.0.2:70000",
    "a b:80",
    "x:80; return 200",
    "http://x:80",
    ":80",
]


@pytest.mark.parametrize("given", BAD_GATEWAYS)
def test_a_gateway_that_is_none_is_refused_by_name(given):
    with pytest.raises(BadSettings) as caught:
        deploy.render("nginx", Settings(), "bot.example.com", gateways=[given])
    assert caught.value.field == "--gateway"


def test_nginx_takes_what_we_take_and_waits_as_long_as_we_do():
    text = deploy.render("nginx", Settings(), "bot.example.com")
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text)
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", text)
    assert int(size) * 1024 * 1024 == MAX_BODY
    longest = Limits.model_json_schema()["properties"]["seconds"]["maximum"]
    assert int(seconds) > longest


@pytest.mark.parametrize("file", deploy.FILES)
def test_the_file_is_told_by_its_own_steps(file):
    """Everything that can be typed stands in a comment, and no other line begins with a command."""
    settings = Settings(port=8080)
    text = deploy.render(file, settings, "bot.example.com", python=PYTHON)
    told = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ")]
    told = [line for line in told if not line.startswith("for port in")]
    assert told == deploy.steps(file, settings, "bot.example.com", python=PYTHON)


HOME = "our 'home"
GATEWAYS = ("a:1", "b:2")


@pytest.mark.parametrize(("file", "gateways"), [("systemd", ()), ("nginx", GATEWAYS)])
def test_the_command_in_the_file_prints_the_file_in_any_shell(file, gateways, tmp_path):
    settings = Settings(home=tmp_path / HOME, port=8080, log="debug")
    script = printing(deploy.steps(file, settings, "bot.example.com", gateways=gateways))
    shell = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, encoding="utf-8")
    assert (shell.stderr, shell.returncode) == ("", 0)
    assert shell.stdout == deploy.render(file, settings, "bot.example.com", gateways=gateways)


@pytest.mark.parametrize("file", deploy.FILES)
@pytest.mark.parametrize("gateways", [(), GATEWAYS])
def test_the_command_in_the_file_is_the_one_that_prints_it(file, gateways, tmp_path):
    settings = Settings(home=tmp_path / HOME, port=8080, log="debug")
    lines = deploy.steps(file, settings, "bot.example.com", gateways=gateways)
    subprocess.run(["sh", "-n", "-c", " && ".join(lines)], check=True)
    words = shlex.split(printing(lines).partition(" && ")[2])
    given = dict(word.split("=", 1) for word in words[: words.index("app.py") - 1])
    options = arguments.parser().parse_args(words[words.index("app.py") + 1 :])
    assert Settings.from_environment(given) == settings
    assert (options.file, options.domain, tuple(options.gateway)) == (file, "bot.example.com", gateways)


def printing(lines):
    """The steps that print the file, and not those that put it somewhere."""
    go = next(i for i, line in enumerate(lines) if line.startswith("cd "))
    return f"{lines[go]} && {lines[go + 1].partition(' | ')[0]}"


DOMAINS = [
    ("bot.example.com", "bot.example.com"),
    ("  Bot.Example.COM ", "bot.example.com"),
    ("鸿雁.中国", "xn--9n5an1m.xn--fiqs8s"),
    ("203.0.113.9", "203.0.113.9"),
]


@pytest.mark.parametrize(("given", "domain"), DOMAINS)
def test_a_domain_is_written_as_servers_write_it(given, domain):
    assert domain_of(given, "https://other.example.com") == domain


BAD_DOMAINS = [
    "https://bot.example.com",
    "bot.example.com:8443",
    "bot.example.com/hongyan",
    "bot.example.com; return 200",
    "bot.example.com\n}",
    "*.example.com",
    "localhost",
    "-a.example.com",
    "a..example.com",
    "bot_1.example.com",
    "example.com.",
    "1.2.3",
    "300.1.1.1",
    "::1",
    f"{'a' * 64}.com",
    f"{'a.' * 130}com",
]


@pytest.mark.parametrize("given", BAD_DOMAINS)
def test_a_bad_domain_is_refused_by_name(given):
    with pytest.raises(BadSettings) as caught:
        domain_of(given, "")
    assert caught.value.field == "--domain"
    assert "bot.example.com" in caught.value.text.zh
    assert "--domain should be" in caught.value.text.en


def test_without_one_the_public_address_is_taken():
    assert domain_of("", "https://bot.example.com:8443/x") == "bot.example.com"
    assert domain_of("", "") == ""


@pytest.mark.parametrize("file", ["caddy", "nginx"])
def test_a_proxy_needs_a_domain(file):
    with pytest.raises(BadSettings, match="HONGYAN_PUBLIC_URL") as caught:
        deploy.render(file, Settings(), "")
    assert caught.value.field == "--domain"


def test_a_path_that_would_break_the_file_is_refused():
    with pytest.raises(BadSettings) as caught:
        deploy.render("systemd", Settings(home=Path("/srv/a\nExecStart=/bin/sh")), "")
    assert caught.value.field == "HONGYAN_HOME"


def test_every_template_is_used():
    folder = CHECKOUT / "templates" / "deploy"
    files = [file for file in folder.rglob("*") if file.is_file()]
    readers = [*(CHECKOUT / "runtime" / "deployment").glob("*.py"), *folder.rglob("*.j2")]
    source = "".join(file.read_text("utf-8") for file in readers)
    assert len(files) > 20
    named = {f"{name}.yaml.j2" for name in manifests.TEMPLATES}
    unused = [file.name for file in files if file.name.removesuffix(".j2") not in source]
    assert set(unused) <= named


@pytest.mark.parametrize("file", ["systemd", "gateways"])
def test_a_home_that_is_not_there_yet_is_made_before_the_service_that_may_write_nowhere_else(file, tmp_path):
    """systemd itself refuses to start it otherwise: 226/NAMESPACE, again and again."""
    home = tmp_path / HOME / "home"
    settings = Settings(home=home)
    first = deploy.steps(file, settings, "bot.example.com")[0]
    subprocess.run(["sh", "-c", first.replace("sudo ", "")], check=True)
    assert home.is_dir()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    home.chmod(0o755)
    subprocess.run(["sh", "-c", first.replace("sudo ", "")], check=True)
    assert stat.S_IMODE(home.stat().st_mode) == 0o755  # whoever has one keeps it as it is
    assert "install" not in " ".join(deploy.steps(file, settings, "bot.example.com"))
