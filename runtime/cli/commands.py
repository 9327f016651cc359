"""The commands that do one thing and end. What they print is a contract that scripts rely on."""

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from getpass import getpass

from runtime.access.actor import COMMAND_LINE, Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.agents import powers
from runtime.agents.bases import used
from runtime.agents.check import check, refuse_errors
from runtime.agents.pasted_keys import keys
from runtime.agents.places import at_place, where
from runtime.agents.strict_json import parse
from runtime.cli import recording
from runtime.cli.importing import export_to
from runtime.cli.printing import control_of, library_of, say
from runtime.cli.publications import pairs
from runtime.cli.scanned import where_to_scan
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings, HongyanError
from runtime.lang import Text
from runtime.publish import publish, unpublish
from runtime.publish.publications import addresses
from runtime.publish.scanning import is_to_be_scanned
from runtime.publish.unmet import unmet_where_published
from runtime.settings import Settings
from runtime.templating.prompts import prompts_of
from runtime.testing.gate import standing_of
from runtime.testing.taken_along import exported


def execute(options: argparse.Namespace, settings: Settings, who: Actor = COMMAND_LINE) -> None:
    """Run any command but the two that serve, if `who` may. Raises HongyanError."""
    recording.run(options, settings, who)


def tell(error: HongyanError) -> None:
    """One sentence on standard error: in Chinese or English by LANG, in both when that says neither."""
    _complain(spoken(error.text))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")


NOT_NAMED = Text("「{id}」没有用到 {key}。", "{id!r} names no {key}.")


@needs(Permission.AGENTS_EDIT)
def allow_agent(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """It, and those that it uses, may use these of the owner's from now on. Raises NotFound, Conflict."""
    library = library_of(settings)
    whole = library.with_others(options.id)
    known = [one.key for one in powers.may(whole)]
    if strange := [key for key in options.keys if key not in known]:
        raise BadSettings(NOT_NAMED.fill(id=options.id, key=strange[0]), field="key")
    for id in (options.id, *whole.others):
        file = library.get(id)
        library.save(powers.allowing(file.agent, options.keys), file.revision)


@needs(Permission.AGENTS_VIEW)
def list_agents(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    listing = library_of(settings).list()
    for file in listing.agents:
        _say(f"{file.agent.id}\t{file.agent.name}")
    for broken in listing.broken:
        _complain(f"{broken.id}\t! {broken.reason}")


BESIDE = Text(
    "用到资料库「{base}」，不在这份文件里：把 knowledge/{base} 文件夹一起带走。",
    "It looks into the knowledge base {base!r}, which is not in this file: take knowledge/{base} along.",
)


@needs(Permission.AGENTS_VIEW)
@recorded()
def export_agent(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    if options.product:
        return export_to(options, settings)
    text = exported(library_of(settings), options.id, settings.data)
    for field, warning in keys(parse(text)):
        _complain(
            spoken(Text("{field}：{warning}。", "{field}: {warning}.").fill(field=field, warning=warning))
        )
    for base in dict.fromkeys(base for _, base in used(library_of(settings).get(options.id).agent)):
        _complain(spoken(BESIDE.fill(base=base)))
    sys.stdout.write(text)


@needs(Permission.AGENTS_VIEW)
def check_agent(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    agent = library_of(settings).get(options.id).agent
    control = control_of(settings)
    found = check(agent, prompts_of(settings.home), control, settings.egress_allow)
    found += unmet_where_published(control, agent)
    for finding in found:
        place = where(agent, finding.field)
        line = {**finding.to_json(), "where": place.by_language()}
        say(line)
    refuse_errors(agent, found)


@needs(Permission.AGENTS_PUBLISH)
def publish_agent(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    agent, allowed = library_of(settings).ready(options.agent), settings.egress_allow
    control, given = control_of(settings), pairs(options.given)
    tests = standing_of(agent, settings.agents, settings.data)
    if not tests.is_well:
        if not options.untested:
            tests.refuse()
        _complain(spoken(tests.says))
    published = asdict(
        publish(
            control,
            agent,
            options.channel,
            given,
            options.note,
            is_new=options.another,
            allowed=allowed,
            also=options.also,
            by=who,
        )
    )
    to_copy, record = published.pop("to_copy"), control.publication(published["publication"])
    for finding in unmet_where_published(control, agent, [record] if record else []):
        _complain(spoken(at_place(agent, finding.field, finding.text)))
    if record and is_to_be_scanned(control, record):
        published |= where_to_scan(control, settings, record)
    if record:
        published |= addresses(control, record, control.public_url(settings.public_url))
    say({**published, **to_copy})


@needs(Permission.AGENTS_PUBLISH)
def take_back(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    unpublish(control_of(settings), options.publication, by=who)


@needs(Permission.SECRETS_EDIT)
def set_secret(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    asked = f"{options.name}: "
    value = getpass(asked) if sys.stdin.isatty() else sys.stdin.read()
    control_of(settings).secrets.put(options.name, value, options.hosts, by=who.id)


@needs(Permission.SECRETS_VIEW)
def list_secrets(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    for secret in control_of(settings).secrets.all():
        _say(f"{secret.id}\t{','.join(secret.hosts)}\t{datetime.fromtimestamp(secret.at, UTC):%Y-%m-%d}")


@needs(Permission.SECRETS_EDIT)
def remove_secret(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control_of(settings).secrets.remove(options.name)
