"""How commands about who works here are typed."""

from typing import TYPE_CHECKING

from runtime.access.membership import HOURS
from runtime.cli import users
from runtime.cli.parsing import amount, command

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_users(user: "Parsers") -> None:
    command(user, "list", users.list_users, "who works here, and what they may do")
    roles = command(user, "roles", users.roles, "which there are; with USER and ROLE…: theirs from now on")
    roles.add_argument("user", metavar="USER", nargs="?")
    roles.add_argument("role", nargs="*", metavar="ROLE[=AGENT,…]")
    inviting = command(user, "invite", users.invite_user, "print a link by which somebody comes in, once")
    inviting.add_argument("user", metavar="USER", help="what they sign in by")
    inviting.add_argument("--name", default="", help="what others call them")
    inviting.add_argument("--role", action="append", metavar="ROLE[=AGENT,…]", help="again for each; viewer")
    inviting.add_argument("--hours", type=amount, default=HOURS, metavar="N", help="the link is good for")
    inviting.add_argument("--again", action="store_true", help="a new link for somebody who is there already")
    disabling = command(user, "disable", users.disable_user, "sign somebody out, and let them in no more")
    disabling.add_argument("user", metavar="USER")
    disabling.add_argument("--back", action="store_true", help="let them in again")
    removing = command(user, "remove", users.remove_user, "take somebody away for good; the name stays taken")
    removing.add_argument("user", metavar="USER")
    what = "take the second factor and the passkeys off somebody who lost them"
    second = command(user, "second-factor", users.second_factor, what)
    second.add_argument("act", choices=["off"], metavar="off")
    second.add_argument("user", metavar="USER")
    setting = command(user, "password", users.set_password, "set somebody's password; ends their sessions")
    setting.add_argument("user", metavar="USER")
