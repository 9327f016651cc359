"""What may be typed after `python app.py`."""

import argparse

from runtime.models.providers import PROVIDERS
from runtime.publish.deploy import FILES

VERSION = "0.1.0"


def parser() -> argparse.ArgumentParser:
    """Every command, as the README promises it."""
    top = argparse.ArgumentParser(
        prog="app.py", description="鸿雁 Hongyan: build agents, publish them to WeChat."
    )
    top.add_argument("--version", action="version", version=f"Hongyan {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="everything on one port (the default)")
    commands.add_parser("gateway", help="callbacks and API only")
    commands.add_parser("password", help="set the owner's password; ends every login")

    agent = commands.add_parser("agent", help="agent files").add_subparsers(dest="action", required=True)
    agent.add_parser("import", help="add an agent").add_argument("file", metavar="FILE.json")
    agent.add_parser("list", help="the agents there are")
    agent.add_parser("export", help="print an agent").add_argument("id", metavar="ID")
    agent.add_parser("check", help="what to correct before publishing").add_argument("id", metavar="ID")

    secret = commands.add_parser("secret", help="what agents name as {{ secret.NAME }}").add_subparsers(
        dest="action", required=True
    )
    setting = secret.add_parser("set", help="read its value from standard input")
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("--host", dest="hosts", action="append", default=[], help="send it there only")
    secret.add_parser("list", help="the names, without the values")
    secret.add_parser("remove", help="forget a secret").add_argument("name", metavar="NAME")

    _add_model(
        commands.add_parser("model", help="model endpoints").add_subparsers(dest="action", required=True)
    )

    publishing = commands.add_parser("publish", help="let an agent answer on a channel")
    publishing.add_argument("agent", metavar="AGENT")
    publishing.add_argument("--channel", required=True)
    publishing.add_argument("--set", dest="given", action="append", default=[], metavar="NAME=VALUE")
    publishing.add_argument("--note", default="")
    commands.add_parser("unpublish", help="stop answering").add_argument("publication", metavar="PUBLICATION")

    deploy = commands.add_parser("deploy", help="print a file that brings this installation onto a server")
    deploy.add_argument("file", choices=list(FILES), metavar="caddy|nginx|systemd")
    deploy.add_argument("--domain", default="", help="the public address's if omitted")

    _add_keeping(commands)
    _add_key(commands.add_parser("key", help="API keys").add_subparsers(dest="action", required=True))
    return top


def _add_model(model: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    setting = model.add_parser("set", help="add or change an endpoint; then NAME/… works as a model")
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("--provider", required=True, choices=sorted(PROVIDERS), metavar="PROVIDER")
    setting.add_argument("--api-base", metavar="URL", help="the stored one, or the provider's, if omitted")
    setting.add_argument("--api-key", default="", metavar="KEY", help="- reads it from standard input")
    setting.add_argument("--model", dest="models", action="append", default=[], help="offered in the builder")
    setting.add_argument("--default", metavar="MODEL", help='what "default" means from now on: NAME/MODEL')
    model.add_parser("list", help="the endpoints, without their keys")
    model.add_parser("test", help="ask it one word").add_argument("name", metavar="NAME[/MODEL]")
    model.add_parser("remove", help="forget an endpoint").add_argument("name", metavar="NAME")


def _add_keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="write everything into one file, also while running")
    backup.add_argument("file", metavar="FILE.tar.gz")
    restore = commands.add_parser("restore", help="put a backup back; nothing unfinished is sent unasked")
    restore.add_argument("file", metavar="FILE.tar.gz", nargs="?")
    restore.add_argument("--empty", action="store_true", help="go on without the messages that are gone")
    release = commands.add_parser("release", help="send what a restore or a copied folder holds back")
    release.add_argument("--drop", action="store_true", help="never send it")


def _add_key(key: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    create = key.add_parser("create", help="print a new API key of an agent")
    create.add_argument("agent", metavar="AGENT")
    create.add_argument("--days", type=int, help="valid for so many days; without end if omitted")
    create.add_argument("--per-minute", type=_count, help="requests a minute; 0: no bound; 120 if omitted")
    create.add_argument("--per-day", type=_count, help="requests in 24 hours, the same; 10,000")
    create.add_argument("--tokens-per-day", type=_count, help="tokens in 24 hours, the same; 5,000,000")
    create.add_argument("--megabytes-per-day", type=_count, help="size of requests, the same; 200")
    key.add_parser("list", help="the keys, without their secret part")
    key.add_parser("revoke", help="end a key").add_argument("key", metavar="KEY")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number
