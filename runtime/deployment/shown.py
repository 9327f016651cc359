"""What the pages tell an owner to type, who has one machine."""

import shlex
import sys
from pathlib import Path

from runtime.deployment import compose, on_server
from runtime.deployment.domain import EXAMPLE, domain_of
from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings
from runtime.settings import CHECKOUT, Settings

INTO = "hongyan-containers"
"""In the home of who runs this: nothing else is in it."""


def to_type(settings: Settings, public_url: str) -> tuple[str, dict[str, list[str]]]:
    """What stands for the domain while that is unknown, else ""; steps by what they are for."""
    try:
        domain = domain_of("", public_url)
    except BadSettings:  # an address for trying out, such as http://localhost:7860
        domain = ""
    shown = domain or EXAMPLE
    files = {file: on_server.steps(file, settings, shown) for file in on_server.SHOWN}
    return "" if domain else EXAMPLE, files | {"compose": in_containers(settings, shown)}


def in_containers(settings: Settings, domain: str) -> list[str]:
    """A line each; they ask nothing."""
    into = Path.home() / INTO
    print_it = on_server.command("compose", settings, domain, Path(sys.executable))
    go = f"cd {shlex.quote(str(CHECKOUT))}"
    return [go, f"{print_it} --into {shlex.quote(str(into))}", *compose.steps(domain, Wanted(), into)]
