"""Containers on one machine: each file is taken by the program that reads it, whatever settings hold."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml
from asked_nginx import nginx

from runtime.deployment import compose, folder
from runtime.deployment.paths import CALLBACKS, OTHERS
from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings
from runtime.metrics.table import TABLE
from runtime.server.app import make_app
from runtime.server.door.ways import Entry
from runtime.server.program import build_program
from runtime.server.role import Role
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control

SAMPLES = Path(__file__).parents[2] / "samples"
SCHEMA = jsonschema.Draft7Validator(
    json.loads((SAMPLES / "compose-spec" / "compose-spec.json").read_text("utf-8"))
)
HOSTILE = ('x"y', "a: b", "${HOME} $x", "%s\\n", "'; rm -rf /", "{{ secrets }}", "<<: *hongyan")
WAYS = [0, 1, 3]
DOMAINS = ["bot.example.com", "203.0.113.9"]


def made(tmp_path, gateways=0, domain="bot.example.com", settings=None, checkout=CHECKOUT, **wanted):
    """All the files, as the command writes them."""
    settings, wanted = settings or Settings(), Wanted(gateways=gateways, **wanted)
    files = compose.files(settings, domain, wanted, tmp_path, checkout)
    folder.write(tmp_path, "compose", files, compose.secrets(settings, wanted, tmp_path))
    return yaml.safe_load((tmp_path / "compose.yaml").read_text("utf-8"))


def accepted(*command, cwd=None):
    path = "/usr/sbin:/usr/bin"
    found = shutil.which(command[0], path=path)
    said = subprocess.run([found, *command[1:]], capture_output=True, text=True, cwd=cwd)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("gateways", WAYS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_compose_takes_it(tmp_path, gateways, domain):
    told = made(tmp_path, gateways, domain, alerts="https://alerts.example.com/x" if gateways else "")
    SCHEMA.validate(told)
    services, volumes = told["services"], told["volumes"]
    used = {one.partition(":")[0] for service in services.values() for one in service.get("volumes", [])}
    assert {one for one in used if not one.startswith(".")} == set(volumes)
    mounted = {one for one in used if one.startswith(".")}
    assert [one for one in mounted if not (tmp_path / one).exists()] == []
    listed = {one for service in services.values() for one in service.get("env_file", [])}
    assert [one for one in listed if not (tmp_path / one).exists()] == []
    known = {one for service in services.values() for one in service.get("depends_on", [])}
    assert known <= services.keys()


@pytest.mark.parametrize("gateways", WAYS)
def test_no_container_may_more_than_it_must(tmp_path, gateways):
    for name, service in made(tmp_path, gateways)["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
    opened = [
        port for service in made(tmp_path, gateways)["services"].values() for port in service.get("ports", [])
    ]
    assert {port for port in opened if not port.startswith("127.0.0.1:")} <= {
        "80:80",
        "443:443",
        "443:443/udp",
    }


def test_each_process_has_a_folder_and_an_address_and_the_proxy_alone_is_believed(tmp_path):
    told = made(tmp_path, 3)
    ours = {name: one for name, one in told["services"].items() if one["image"].startswith("hongyan:")}
    assert set(ours) == {"pages", "gateway-1", "gateway-2", "gateway-3"}
    addresses = {one["networks"]["front"]["ipv4_address"] for one in ours.values()}
    proxy = told["services"]["nginx"]["networks"]["front"]["ipv4_address"]
    assert len(addresses | {proxy}) == 5
    assert len({one["volumes"][0] for one in ours.values()}) == 4
    assert {one["environment"]["HONGYAN_TRUSTED_PROXY"] for one in ours.values()} == {proxy}


@pytest.mark.parametrize("value", HOSTILE)
def test_what_an_owner_set_arrives_as_it_is(tmp_path, value):
    """compose reads $$ as one $, after YAML."""
    told = made(tmp_path, 2, settings=Settings(api_hosts={"HONGYAN_X_API": value}))
    SCHEMA.validate(told)
    assert told["services"]["pages"]["environment"]["HONGYAN_X_API"].replace("$$", "$") == value
    assert not re.search(r"(?<!\$)(\$\$)*\$(?!\$)", told["services"]["pages"]["environment"]["HONGYAN_X_API"])
    assert set(told["services"]) >= {"pages", "gateway-2", "nginx"}


def test_no_secret_stands_in_what_is_shown_around(tmp_path):
    settings = Settings(
        secret_key="canary-0123456789", password="canary-pass", metrics_key="canary-metrics-key"
    )
    made(tmp_path, 2, settings=settings)
    shown = [file for file in tmp_path.rglob("*") if file.is_file() and file.parent.name != "secrets"]
    kept = [
        one.partition("=")[2] or one
        for file in (tmp_path / "secrets").iterdir()
        for one in file.read_text().splitlines()
    ]
    long = [one for one in kept if len(one) >= 16 and "://" not in one]
    assert len(long) >= 6
    found = [
        (file.name, one) for file in shown for one in [*long, "canary"] if one in file.read_text("utf-8")
    ]
    assert found == []
    assert "HONGYAN_SECRET_KEY=canary-0123456789\n" in (tmp_path / "secrets/hongyan.env").read_text()
    assert (tmp_path / "secrets/metrics-key").read_text() == "canary-metrics-key"


def test_one_process_becomes_several_with_the_secrets_it_had(tmp_path):
    made(tmp_path)
    before = (tmp_path / "secrets/hongyan.env").read_text()
    made(tmp_path, 2)
    after = (tmp_path / "secrets/hongyan.env").read_text()
    assert after.startswith(before)
    (password,) = re.findall(r"POSTGRES_PASSWORD=(.*)", (tmp_path / "secrets/postgres.env").read_text())
    assert f"HONGYAN_DATABASE_URL=postgresql://hongyan:{password}@postgres/hongyan\n" in after
    assert f"HONGYAN_METRICS_KEY={(tmp_path / 'secrets/metrics-key').read_text()}\n" in after


def test_a_key_that_a_file_of_variables_cannot_take_is_refused(tmp_path):
    with pytest.raises(BadSettings) as caught:
        made(tmp_path, settings=Settings(secret_key="sixteen chars '$x\""))
    assert caught.value.field == "HONGYAN_SECRET_KEY"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_caddy_itself_takes_its_file(tmp_path, domain):
    made(tmp_path, domain=domain)
    accepted(
        "caddy", "adapt", "--validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_nginx_takes_its_file_too(tmp_path, domain):
    """Names of containers are looked up only among containers."""
    made(tmp_path, 3, domain)
    text = re.sub(r"\b(gateway-\d|pages):", "127.0.0.1:", (tmp_path / "nginx.conf").read_text("utf-8"))
    assert text.count("127.0.0.1:7860") == 4
    assert nginx(text, tmp_path) == (0, "")


def test_gateways_may_have_an_image_of_their_own(tmp_path):
    services = made(tmp_path, 2, gateway_image="hongyan-gateway:1")["services"]
    assert {name: one["image"] for name, one in services.items() if "hongyan" in one["image"]} == {
        "pages": "hongyan:1.0.0",
        "gateway-1": "hongyan-gateway:1",
        "gateway-2": "hongyan-gateway:1",
    }
    assert services["gateway-1"]["build"]["target"] == "gateway"


@pytest.mark.parametrize("gateways", WAYS)
def test_without_a_dockerfile_nothing_is_built(tmp_path, gateways):
    """As in the image, which prints these files as well."""
    told = made(tmp_path / "new", gateways, checkout=tmp_path, gateway_image="hongyan-gateway:1")
    SCHEMA.validate(told)
    assert not any("build" in service for service in told["services"].values())
    assert "build" not in (tmp_path / "new/compose.yaml").read_text("utf-8")


def test_a_folder_is_named_as_a_shell_takes_it(tmp_path):
    folder = tmp_path / "our 'own' $HOME"
    made(folder)
    (go,) = re.findall(r"^#   (cd .*)$", (folder / "compose.yaml").read_text("utf-8"), re.M)
    said = subprocess.run(["sh", "-c", f"{go} && pwd"], capture_output=True, text=True)
    assert said.stdout == f"{folder}\n"


def test_a_folder_that_would_end_a_line_is_refused(tmp_path):
    with pytest.raises(BadSettings):
        made(tmp_path / "a\nservices: {}")
    assert list(tmp_path.iterdir()) == []


def test_prometheus_and_alertmanager_take_theirs(tmp_path):
    made(tmp_path, 3, alerts='https://alerts.example.com/x?key=a"b#c')
    prometheus = (
        (tmp_path / "prometheus.yml").read_text("utf-8").replace("metrics-key", "secrets/metrics-key")
    )
    (tmp_path / "prometheus.yml").write_text(prometheus, "utf-8")
    accepted("promtool", "check", "config", "prometheus.yml", cwd=tmp_path)
    accepted("amtool", "check-config", "alertmanager.yml", cwd=tmp_path)
    told = yaml.safe_load((tmp_path / "alertmanager.yml").read_text("utf-8"))
    assert told["receivers"][0]["webhook_configs"][0]["url"] == 'https://alerts.example.com/x?key=a"b#c'


def known():
    """Names that a gateway's /metrics has, and what Prometheus makes itself."""
    ends = {"counter": ["_total"], "histogram": ["_bucket", "_count"], "gauge": [""]}
    return {one.name + end for one in TABLE for end in ends[one.kind]} | {"up"}


def asked(tmp_path):
    """Every expression of the rules and of the dashboard."""
    rules = yaml.safe_load((tmp_path / "rules.yml").read_text("utf-8"))
    yield from (rule["expr"] for group in rules["groups"] for rule in group["rules"])
    board = json.loads((tmp_path / "grafana/dashboards/hongyan.json").read_text("utf-8"))
    asks = (target["expr"] for panel in board["panels"] for target in panel.get("targets", ()))
    yield from (re.sub(r"\$__\w+", "1h", one) for one in asks)


def test_rules_and_dashboard_ask_for_what_is_counted(tmp_path):
    made(tmp_path, 2)
    names = {
        name
        for expression in asked(tmp_path)
        for name in re.findall(r"\b(hongyan_\w+|up)\b(?=[{\[)\s]|$)", expression)
    }
    assert len(names) >= 8
    assert names - known() == set()
    rules = {
        "groups": [
            {
                "name": "all",
                "rules": [{"record": f"x{n}", "expr": one} for n, one in enumerate(asked(tmp_path))],
            }
        ]
    }
    (tmp_path / "all.yml").write_text(json.dumps(rules), "utf-8")
    accepted("promtool", "check", "rules", "all.yml", cwd=tmp_path)


def test_whoever_is_in_front_leads_every_path_of_programs_to_the_gateways(tmp_path):
    made(tmp_path, 2)
    nginx = (tmp_path / "nginx.conf").read_text("utf-8")
    (led,) = re.findall(r"location ~ \^/\((.*?)\)", nginx)
    assert tuple(led.split("|")) == OTHERS
    assert f"location /{CALLBACKS}/" in nginx


def test_those_are_all_paths_that_programs_and_people_who_write_have(tmp_path):
    settings = Settings(home=tmp_path)
    program = build_program(settings, Control.in_folder(settings.data))
    ways = make_app(program, Role(settings)).routes
    first = {way.path.split("/")[1] for way in ways if way.needs is Entry.MACHINE}
    of_each = {
        "health",
        "ready",
        "metrics",
        ".well-known",
    }  # of one process, or asked for at the domain itself
    assert first - of_each == {CALLBACKS, *OTHERS}
