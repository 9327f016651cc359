"""How commands about publications and their accounts are typed."""

from typing import TYPE_CHECKING

from runtime.cli import account, canary, commands, debug, doctor, kits, publications, replay, shadow
from runtime.cli.parsing import command, count, group

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_publishing(every: "Parsers") -> None:
    publishing = command(every, "publish", commands.publish_agent, "let an agent answer on a channel")
    publishing.add_argument("agent", metavar="AGENT")
    publishing.add_argument("--channel", required=True)
    publishing.add_argument("--set", dest="given", action="append", default=[], metavar="NAME=VALUE")
    publishing.add_argument("--note", default="")
    publishing.add_argument("--another", action="store_true", help="another account, which is to be scanned")
    publishing.add_argument("--also", action="store_true", help="beside another agent on the same account")
    what = "although its tests fail, or did not run on it"
    publishing.add_argument("--untested", action="store_true", help=what)
    ending = command(every, "unpublish", commands.take_back, "stop answering")
    ending.add_argument("publication", metavar="PUBLICATION")
    pausing = command(every, "pause", publications.pause_publication, "keep its messages, and answer none")
    pausing.add_argument("publication", metavar="PUBLICATION")
    pausing.add_argument("--tell", default="", metavar="TEXT", help="what each person is told, once")
    rotating = command(
        every, "rotate", publications.rotate_publication, "change its credentials; old tokens count for a day"
    )
    rotating.add_argument("publication", metavar="PUBLICATION")
    rotating.add_argument("--set", dest="given", action="append", default=[], metavar="NAME=VALUE")
    resuming = command(every, "resume", publications.resume_publication, "answer what was kept, and go on")
    resuming.add_argument("publication", metavar="PUBLICATION")
    what = "check a connection up, or without a name the whole installation; exit 1 when a check fails"
    checking = command(every, "doctor", doctor.examine, what)
    checking.set_defaults(also_older=True)
    checking.add_argument("publication", metavar="PUBLICATION", nargs="?", default="")
    what = "then watch so long for the platform's own request, while you press save there"
    checking.add_argument("--wait", metavar="SECONDS", type=count, default=0, help=what)
    what = "say what a code, a request id or a message means"
    checking.add_argument("--explain", metavar="CODE_OR_TEXT", default="", help=what)
    what = "write the ZIP of its Mini Program, for the platform's own tool"
    canary.add_canary(group(every, "canary", "a version that answers a part of the people first"))
    shadow.add_shadow(group(every, "shadow", "a version that answers beside the live one, heard by nobody"))
    replay.add_replay(every)
    debug.add_debug(group(every, "debug", "a secret word, by which your phone shows how answers come about"))
    packing = command(every, "miniprogram", kits.write_kit, what)
    packing.add_argument("file", metavar="FILE.zip")
    packing.add_argument("--publication", required=True, metavar="PUBLICATION")
    telling = command(every, "account", account.tell_account, "what the platform says of its account")
    telling.add_argument("publication", metavar="PUBLICATION")
    _add_menu(group(every, "menu", "the menu of its account"))


def _add_menu(menu: "Parsers") -> None:
    for name, run, what in (
        ("show", account.show_menu, "as it is at the platform"),
        ("put", account.put_menu, 'show this one: a file with {"buttons": [...]}, - for standard input'),
        ("remove", account.remove_menu, "show none"),
    ):
        one = command(menu, name, run, what)
        one.add_argument("publication", metavar="PUBLICATION")
        if name == "put":
            one.add_argument("file", metavar="FILE.json")
            what = "for these people only, beside everybody's"
            one.add_argument("--phone", default="", choices=("", "ios", "android", "other"), help=what)
            one.add_argument("--tag", default="", metavar="ID", help="for whoever has this tag only")
        if name == "remove":
            one.add_argument("--of", default="", metavar="ID", help="one that only some have, see menu show")
