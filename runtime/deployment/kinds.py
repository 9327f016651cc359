"""What there is to print, by what it is for: one file, or a folder of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runtime.deployment import compose, images, manifests, on_server
from runtime.deployment.environment import HOME, PORT
from runtime.deployment.folder import Secret
from runtime.deployment.templates import rendered
from runtime.deployment.wanted import Wanted
from runtime.settings import Settings
from runtime.version import VERSION


@dataclass(frozen=True)
class Asked:
    """For which installation. `beside`: gateways that a proxy leads to; `into`: the folder, if it is one."""

    settings: Settings
    domain: str
    wanted: Wanted = field(default_factory=Wanted)
    beside: tuple[str, ...] = ()
    into: Path = Path()


@dataclass(frozen=True)
class Several:
    """Files by name, and secrets that are made once."""

    files: Mapping[str, str]
    secrets: tuple[Secret, ...] = ()


def _one(file: str) -> Callable[[Asked], str]:
    def print_it(asked: Asked) -> str:
        return on_server.render(file, asked.settings, asked.domain, gateways=asked.beside)

    return print_it


def image(asked: Asked) -> str:
    """The Dockerfile, which is the same as that of the checkout where nothing else is asked for."""
    values = {
        "base": images.base(asked.wanted.registry),
        "index": asked.wanted.index,
        "pages": " ".join(images.PAGES),
        "version": VERSION,
        "uid": images.UID,
        "home": HOME,
        "port": PORT,
    }
    return rendered("Dockerfile.j2", values)


def _kubernetes(asked: Asked) -> str:
    return manifests.manifests(asked.settings, asked.domain, asked.wanted)


def _compose(asked: Asked) -> Several:
    files = compose.files(asked.settings, asked.domain, asked.wanted, asked.into)
    return Several(files, tuple(compose.secrets(asked.settings, asked.wanted, asked.into)))


def _helm(asked: Asked) -> Several:
    return Several(manifests.chart(asked.settings, asked.domain, asked.wanted))


PRINTED: Mapping[str, Callable[[Asked], str]] = {
    **{file: _one(file) for file in on_server.FILES},
    "image": image,
    "kubernetes": _kubernetes,
}
FOLDERS: Mapping[str, Callable[[Asked], Several]] = {"compose": _compose, "helm": _helm}
