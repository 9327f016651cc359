"""The command that prints what brings this installation somewhere else."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import control_of
from runtime.deployment import folder
from runtime.deployment.domain import domain_of
from runtime.deployment.kinds import FOLDERS, PRINTED, Asked
from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

WHERE_TO = Text(
    "{kind} 是几个文件，请写明放进哪个文件夹：--into 文件夹。",
    "{kind} is several files: say into which folder, --into FOLDER.",
)


@needs(Permission.SETTINGS_VIEW)
def print_deployment(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings, Conflict, NotSaved."""
    asked = _asked(options, settings)
    if options.file in PRINTED:
        sys.stdout.write(PRINTED[options.file](asked))
        return
    if not options.into:
        raise BadSettings(WHERE_TO.fill(kind=options.file), field="--into")
    made = FOLDERS[options.file](asked)
    for path in folder.write(asked.into, options.file, made.files, made.secrets):
        sys.stdout.write(f"{path}\n")


def _asked(options: argparse.Namespace, settings: Settings) -> Asked:
    public_url = settings.public_url
    if not options.domain and settings.data.exists():
        public_url = control_of(settings).public_url(public_url)
    given = {name: getattr(options, name) for name in Wanted.__dataclass_fields__}
    return Asked(
        settings,
        domain_of(options.domain, public_url),
        Wanted(**{name: value for name, value in given.items() if value is not None}),
        tuple(options.gateway),
        Path(options.into).expanduser().resolve(),
    )


def add_deploying(every: "Parsers") -> None:
    what = "print what brings this installation onto a server, into containers or a cluster"
    deploying = command(every, "deploy", print_deployment, what)
    deploying.set_defaults(also_older=True)
    deploying.set_defaults(also_left=True)  # it takes nothing of the home
    kinds = [*PRINTED, *FOLDERS]
    deploying.add_argument("file", choices=kinds, metavar="|".join(kinds))
    deploying.add_argument("--domain", default="", help="the public address's if omitted")
    what = "for nginx and gateways: who takes callbacks and API instead; once for each gateway"
    deploying.add_argument("--gateway", action="append", default=[], metavar="HOST:PORT", help=what)
    what = "for compose and helm: a new folder, or one that was written so before; its secrets stay"
    deploying.add_argument("--into", default="", metavar="FOLDER", help=what)
    what = "in containers: so many gateways beside the pages, on PostgreSQL; none: one process"
    deploying.add_argument("--gateways", type=int, metavar="N", help=what)
    for option, metavar, what in (
        ("--image", "NAME:TAG", "what our image is called"),
        ("--gateway-image", "NAME:TAG", "what that without the pages is called, for gateways; the same"),
        ("--registry", "HOST", "where other images come from; docker.io"),
        ("--index", "URL", "where Python packages come from while our image is built"),
        ("--subnet", "NETWORK", "for compose: the containers' own; 172.30.87.0/24"),
        ("--alerts", "URL", "for compose: whom Alertmanager tells of trouble, by a webhook"),
        ("--namespace", "NAME", "for kubernetes; hongyan"),
        ("--storage-class", "NAME", "in a cluster: of the volumes; the cluster's usual one"),
        ("--ingress-class", "NAME", "in a cluster: who brings people in; the cluster's usual one"),
    ):
        deploying.add_argument(option, metavar=metavar, help=what)
