"""Containers on one machine: compose's file, and what the programs in it read."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from runtime.deployment import images
from runtime.deployment.domain import is_number, needed
from runtime.deployment.environment import HOME, PORT, in_container
from runtime.deployment.folder import Secret, fresh, value_of
from runtime.deployment.on_server import UNASKED, proxied
from runtime.deployment.templates import FOLDER, printable, rendered
from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.metrics.alerting.rules import rules
from runtime.settings import CHECKOUT, Settings

ACME = "/var/www/acme"
"""In the containers: where a certificate's issuer looks that the domain is ours."""
CONNECTIONS = 15
"""To the database: of each process, as docs/en/scale.md says."""
SPARE = 25
FIRST_GATEWAY = 11
OURS = "hongyan.env"
PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./~-]+")


@dataclass(frozen=True)
class Addresses:
    """In the network of the containers: fixed ones in its lower half, all others in its upper half."""

    subnet: str
    others: str
    proxy: str
    pages: str
    gateways: list[str]

    @classmethod
    def of(cls, wanted: Wanted) -> "Addresses":
        network = wanted.network()
        first = FIRST_GATEWAY
        gateways = [str(network[first + number]) for number in range(wanted.gateways)]
        _, upper = network.subnets(prefixlen_diff=1)
        return cls(str(network), str(upper), str(network[2]), str(network[10]), gateways)


def files(
    settings: Settings, domain: str, wanted: Wanted, folder: Path, checkout: Path = CHECKOUT
) -> dict[str, str]:
    """By name. `folder`: where they will be; `checkout`: what images are built of, if it has a Dockerfile.

    Raises BadSettings."""
    needed(domain)
    pages = "pages" if wanted.gateways else "hongyan"
    addresses = Addresses.of(wanted)
    proxy = proxied(domain, f"{pages}:{PORT}", [f"gateway-{n}:{PORT}" for n in _numbers(wanted)])
    proxy |= {"steps": (), "acme": ACME}
    values = {
        **proxy,
        "steps": steps(domain, wanted, folder, checkout),
        "pages": pages,
        "addresses": addresses,
        "environment": in_container(settings, domain, addresses.proxy),
        "gateways": wanted.gateways,
        "image": wanted.image,
        "gateway_image": wanted.gateway_image,
        "context": printable(checkout) if (checkout / "Dockerfile").exists() else "",
        "base": images.base(wanted.registry),
        "index": wanted.index,
        "images": images.beside(wanted.registry),
        "home": HOME,
        "alerts": wanted.alerts,
        "connections": CONNECTIONS * (wanted.gateways + 1) + SPARE,
        "volumes": _volumes(pages, domain, wanted),
    }
    made = {"compose.yaml": rendered("compose/compose.yaml.j2", values)}
    if not wanted.gateways:
        return made | {"Caddyfile": rendered("Caddyfile.j2", proxy)}
    return made | {"nginx.conf": rendered("nginx.conf.j2", proxy)} | _watching(pages, domain, wanted)


def _watching(pages: str, domain: str, wanted: Wanted) -> dict[str, str]:
    targets = [f"{one}:{PORT}" for one in (pages, *(f"gateway-{n}" for n in _numbers(wanted)))]
    values = {"targets": targets, "alerts": wanted.alerts, "pages": targets[0]}
    made = {
        "prometheus.yml": rendered("prometheus/prometheus.yml.j2", values),
        "rules.yml": rules(f"https://{domain}"),
        "grafana/datasources.yaml": rendered("grafana/datasources.yaml.j2", {}),
        "grafana/dashboards.yaml": rendered("grafana/dashboards.yaml.j2", {}),
        "grafana/dashboards/hongyan.json": (FOLDER / "grafana" / "hongyan.json").read_text("utf-8"),
    }
    told = {"alertmanager.yml": rendered("prometheus/alertmanager.yml.j2", values)} if wanted.alerts else {}
    return made | told


def secrets(settings: Settings, wanted: Wanted, folder: Path) -> list[Secret]:
    """What is made once, and said to two programs alike. Raises BadSettings."""

    def same(file: str, name: str, given: str = "") -> str:
        return value_of(folder, file, name) or _plain(given, name) or fresh()

    metrics = same(OURS, "HONGYAN_METRICS_KEY", settings.metrics_key)
    made = {
        (OURS, "HONGYAN_PASSWORD"): fresh(),
        (OURS, "HONGYAN_SECRET_KEY"): same(OURS, "HONGYAN_SECRET_KEY", settings.secret_key),
        (OURS, "HONGYAN_METRICS_KEY"): metrics,
    }
    if wanted.gateways:
        database = same("postgres.env", "POSTGRES_PASSWORD")
        valkey = same("valkey.env", "VALKEY_PASSWORD")
        made |= {
            (OURS, "HONGYAN_DATABASE_URL"): f"postgresql://hongyan:{database}@postgres/hongyan",
            (OURS, "HONGYAN_REDIS_URL"): f"redis://:{valkey}@valkey:6379/0",
            ("postgres.env", "POSTGRES_USER"): "hongyan",
            ("postgres.env", "POSTGRES_DB"): "hongyan",
            ("postgres.env", "POSTGRES_PASSWORD"): database,
            ("valkey.env", "VALKEY_PASSWORD"): valkey,
            ("grafana.env", "GF_SECURITY_ADMIN_PASSWORD"): fresh(),
            ("metrics-key", ""): metrics,
        }
    return [Secret(file, name, value) for (file, name), value in made.items()]


def _plain(value: str, name: str) -> str:
    """What reads the same in a file of variables, quoted or not."""
    if value and not PLAIN.fullmatch(value):
        raise BadSettings(
            Text(
                "{name} 里有引号、空格之类的字符，写不进 secrets/{file}。"
                "请换成 openssl rand -base64 32 那样的。",
                "{name} holds quotes, spaces or the like, which secrets/{file} cannot take. "
                "Use one like those of openssl rand -base64 32.",
            ).fill(name=name, file=OURS),
            field=name,
        )
    return value


def _numbers(wanted: Wanted) -> range:
    return range(1, wanted.gateways + 1)


def _volumes(pages: str, domain: str, wanted: Wanted) -> list[str]:
    if not wanted.gateways:
        return [pages, "caddy", "caddy-config"]
    of_gateways = [f"gateway-{n}" for n in _numbers(wanted)]
    certificates = [] if is_number(domain) else ["certificates", "acme"]
    alerts = ["alertmanager"] if wanted.alerts else []
    return [pages, *of_gateways, *certificates, "postgres", "prometheus", "grafana", *alerts]


def steps(domain: str, wanted: Wanted, folder: Path, checkout: Path = CHECKOUT) -> list[str]:
    """What to type where Docker with compose is, a line each; they ask nothing."""
    go = [f"cd {shlex.quote(printable(folder))}"]
    up = "docker compose up -d --build" if (checkout / "Dockerfile").exists() else "docker compose up -d"
    if not wanted.gateways or is_number(domain):
        return [*go, up]
    once = "docker compose run --rm --no-deps -p 80:80 --entrypoint certbot certbot"
    return [*go, f"{once} certonly --standalone {UNASKED} -d {domain}", up]
