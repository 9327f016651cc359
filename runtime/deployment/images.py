"""Other people's programs that ours runs beside, as containers: a version each that is known to work."""

BASE = "debian:bookworm-slim"
"""Of our own image: the system that Hongyan is tested on."""
PAGES = ("gradio", "streamlit")
"""Packages that only the pages need."""
UID = 10001
"""Whom our program runs as."""
BESIDE = {
    "caddy": "library/caddy:2.10-alpine",
    "nginx": "library/nginx:1.28-alpine",
    "postgres": "library/postgres:17-bookworm",
    "valkey": "valkey/valkey:8.1-alpine",
    "certbot": "certbot/certbot:v4.0.0",
    "prometheus": "prom/prometheus:v3.5.0",
    "alertmanager": "prom/alertmanager:v0.28.1",
    "grafana": "grafana/grafana:12.1.0",
}


def base(registry: str) -> str:
    return f"{registry}/library/{BASE}"


def beside(registry: str) -> dict[str, str]:
    """Whole names, by what they are for."""
    return {name: f"{registry}/{image}" for name, image in BESIDE.items()}
