"""What may be typed after `python app.py`, and the function that does it."""

import argparse
import functools
from typing import TYPE_CHECKING

from runtime.cli import (
    agent_folder,
    api_keys,
    audit,
    commands,
    customers,
    deploying,
    desk,
    feedback,
    files,
    importing,
    installation_key,
    knowledge,
    knowledge_search,
    languages,
    leaving,
    model_arguments,
    models,
    people,
    prompts,
    publishing_arguments,
    reports,
    saying,
    security,
    signed_in,
    sso,
    start_arguments,
    support,
    testing,
    tickets,
    user_arguments,
    users,
    words,
)
from runtime.cli.keeping_arguments import add_keeping
from runtime.cli.parsing import amount, command, count, described, group
from runtime.models.providers import PROVIDERS
from runtime.models.senses import SENSES
from runtime.version import VERSION

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


@functools.cache
def parser() -> argparse.ArgumentParser:
    """Every command, as the README promises it."""
    top = argparse.ArgumentParser(
        prog="app.py", description="鸿雁 Hongyan: build agents, publish them to WeChat."
    )
    top.add_argument("--version", action="version", version=f"Hongyan {VERSION}")
    every = top.add_subparsers(dest="command", metavar="COMMAND")
    described(every, "run", "everything on one port (the default)")
    alone = described(every, "gateway", "callbacks and API only")
    what = "so many of them behind one port, for the cores of a machine"
    alone.add_argument("--workers", type=int, default=1, metavar="N", help=what)
    command(every, "password", users.set_password, "set the owner's password; ends every login")

    _add_agent(group(every, "agent", "agent files"))
    prompts.add_prompts(group(every, "prompt", "prompt templates"))
    words.add_words(group(every, "words", "lists of words that checks of agents look for"))
    _add_secret(group(every, "secret", "what agents name as {{ secret.NAME }}"))
    installation_key.add_key(group(every, "secrets", "the key that seals what is secret"))
    _add_model(group(every, "model", "model endpoints"))
    _add_files(group(every, "files", "pictures and more of your own, public under /files/"))
    publishing_arguments.add_publishing(every)
    deploying.add_deploying(every)
    _add_saying(every)
    testing.add_testing(every)
    add_keeping(every)
    _add_desk(every)
    _add_tickets(group(every, "tickets", "people who wait for an operator"))
    feedback.add_feedback(group(every, "feedback", "what people thought, and what operators corrected"))
    reports.add_reports(group(every, "report", "what a week brought, beside the week before"))
    start_arguments.add_starts(group(every, "starts", "what begins by itself: schedules, calls, events"))
    start_arguments.add_reminders(group(every, "reminder", "what people are reminded of"))
    start_arguments.add_shared(group(every, "shared", "places that agents share out: slots, numbers, stock"))
    start_arguments.add_waits(group(every, "waits", "what waits in the middle of a flow"))
    _add_people(group(every, "person", "what is kept of the people who write"))
    user_arguments.add_users(group(every, "user", "who works here"))
    sso.add_sso(group(every, "sso", "who signs people in besides a password"))
    _add_key(group(every, "key", "API keys"))
    signed_in.add_signed_in(group(every, "session", "people who are signed in on pages and in apps"))
    audit.add_audit(group(every, "audit", "who did what here"))
    what = "what stands open, and what closes it; exit 1 when something is to be mended"
    looking = command(every, "security", security.show_open, what)
    looking.add_argument("--strict", action="store_true", help="also when something is left to decide")
    support.add_support(every)
    leaving.add_uninstall(every)
    _add_knowledge(group(every, "knowledge", "bases that agents answer from"))
    languages.add_languages(group(every, "language", "further languages of the pages"))
    return top


def _add_agent(agent: "Parsers") -> None:
    importing.take_file(
        command(agent, "import", importing.import_agent, "add an agent, also of another product")
    )
    command(agent, "list", commands.list_agents, "the agents there are")
    importing.take_product(command(agent, "export", commands.export_agent, "print an agent"))
    allowing = command(agent, "allow", commands.allow_agent, "what of yours an imported agent may use")
    allowing.add_argument("id", metavar="ID")
    allowing.add_argument("keys", metavar="secret:NAME@HOST", nargs="+", help="or base:ID, publication:ID")
    agent_folder.add_syncing(agent, agent_folder.pull, agent_folder.push, "FOLDER")
    checking = command(agent, "check", commands.check_agent, "what to correct before publishing")
    checking.add_argument("id", metavar="ID")


def _add_secret(secret: "Parsers") -> None:
    setting = command(secret, "set", commands.set_secret, "read its value from standard input")
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("--host", dest="hosts", action="append", default=[], help="send it there only")
    command(secret, "list", commands.list_secrets, "the names, without the values")
    removing = command(secret, "remove", commands.remove_secret, "forget a secret")
    removing.add_argument("name", metavar="NAME")


def _add_model(model: "Parsers") -> None:
    setting = command(model, "set", models.set_up, "add or change an endpoint; then NAME/… works as a model")
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("--provider", required=True, choices=sorted(PROVIDERS), metavar="PROVIDER")
    setting.add_argument("--api-base", metavar="URL", help="the stored one, or the provider's, if omitted")
    setting.add_argument("--api-key", default="", metavar="KEY", help="- reads it from standard input")
    setting.add_argument("--model", dest="models", action="append", default=[], help="offered in the builder")
    setting.add_argument("--default", metavar="MODEL", help='what "default" means from now on: NAME/MODEL')
    command(model, "list", models.list_all, "the endpoints, without their keys")
    command(model, "test", models.test, "ask it one word").add_argument("name", metavar="NAME[/MODEL]")
    usual = command(model, "usual", models.usual, "what sees, hears, speaks, draws where none is named")
    for sense in SENSES:
        usual.add_argument(f"--{sense}", metavar="MODEL", help='NAME/MODEL, or "" for none')
    usual.add_argument("--voice", metavar="NAME", help="that is spoken with")
    command(model, "remove", models.remove, "forget an endpoint").add_argument("name", metavar="NAME")
    model_arguments.add(model)


def _add_files(own: "Parsers") -> None:
    adding = command(own, "add", files.add, "make pictures, sound, video or PDF public, for answers to show")
    adding.add_argument("files", metavar="FILE", nargs="+")
    adding.add_argument("--name", default="", help="another name than the file's")
    command(own, "list", files.list_all, "those there are, with their addresses")
    command(own, "remove", files.remove, "end one").add_argument("name", metavar="NAME")


def _add_saying(every: "Parsers") -> None:
    what = "write to a group, or to somebody who need not have written; - reads standard input"
    speaking = command(every, "say", saying.say_text, what)
    speaking.add_argument("publication", metavar="PUBLICATION")
    speaking.add_argument("text", metavar="TEXT")
    speaking.add_argument("--to", default="", metavar="RECEIVER", help="where a channel has more than one")
    what = "where trouble of the other publications is told; off ends it, nothing shows it"
    alerting = command(every, "alerts", saying.alerts, what)
    alerting.add_argument("publication", nargs="?", metavar="PUBLICATION|off")
    what = "Prometheus' rules, with links to the runbook of this installation"
    alerting.add_argument("--rules", action="store_true", help=what)


def _add_desk(every: "Parsers") -> None:
    handed = command(every, "handed", desk.list_handed, "who is with a human at a platform's desk")
    handed.add_argument("publication", metavar="PUBLICATION", nargs="?")
    giving = command(every, "give-back", desk.give_back, "let the agent answer a person again")
    giving.add_argument("publication", metavar="PUBLICATION")
    giving.add_argument("person", metavar="PERSON", help="as handed names them")


def _add_tickets(waiting: "Parsers") -> None:
    listing = command(waiting, "list", tickets.list_tickets, "the most urgent first")
    listing.add_argument("publication", metavar="PUBLICATION", nargs="?", default="")
    listing.add_argument("--done", action="store_true", help="those that are over, the newest first")
    command(waiting, "show", tickets.show_ticket, "one, with what happened to it").add_argument(
        "id", metavar="ID", type=count
    )
    for name, run, what in (
        ("take", tickets.take_ticket, "it is yours: the agent is silent to the person"),
        ("answer", tickets.answer_ticket, "bring the person an answer; - reads standard input"),
        ("note", tickets.note_ticket, "write something down for operators"),
        ("wait", tickets.let_ticket_wait, "for something else; the agent answers meanwhile"),
        ("close", tickets.close_ticket, "hand the person back to the agent"),
        ("reopen", tickets.reopen_ticket, "one that is done, or waits"),
    ):
        one = command(waiting, name, run, what)
        one.add_argument("id", metavar="ID", type=count, help="as list says")
        if name in ("answer", "note"):
            one.add_argument("text", metavar="TEXT")
        if name == "answer":
            one.add_argument("--key", default="", help="what has the same is said once")
        one.add_argument("--name", default="", help="whose deed it is, where several work here")


def _add_people(person: "Parsers") -> None:
    listing = command(person, "list", people.list_people, "who wrote, the newest first")
    listing.add_argument("publication", metavar="PUBLICATION", nargs="?")
    listing.add_argument("--most", metavar="N", type=count, default=200)
    for name, run, what in (
        ("show", people.show_person, "what is remembered of somebody"),
        ("export", people.export_person, "everything that is kept of somebody"),
        ("erase", people.erase_person, "forget somebody: words, facts, summaries and files"),
    ):
        one = command(person, name, run, what)
        one.add_argument("publication", metavar="PUBLICATION")
        one.add_argument("person", metavar="PERSON", help="as list names them")

    tagging = command(person, "tag", people.tag_person, "what person.tags are, and starts for a tag go by")
    tagging.add_argument("publication", metavar="PUBLICATION")
    tagging.add_argument("person", metavar="PERSON", help="as list names them")
    tagging.add_argument("tags", metavar="TAG", nargs="*", help="added; without any they are told")
    tagging.add_argument("--remove", action="store_true", help="take these away instead")

    what = "print a code by which somebody proves to be that customer of yours"
    claiming = command(person, "claim", customers.claim_customer, what)
    claiming.add_argument("--minutes", type=count, default=30, help="for which it holds; 30")
    undoing = command(person, "unbind", customers.unbind_customer, "nobody is that customer any more")
    for one in (claiming, undoing):
        one.add_argument("agent", metavar="AGENT")
        one.add_argument("customer", metavar="CUSTOMER", help="its number in your own system")


def _add_key(key: "Parsers") -> None:
    create = command(key, "create", api_keys.create_key, "print a new API key of an agent")
    create.add_argument("agent", metavar="AGENT")
    create.add_argument(
        "--also", action="append", default=[], metavar="AGENT", help="it is for this one, too"
    )
    create.add_argument("--name", default="", help="what it is for, as lists show it")
    what = "whose own it is: it may no more than they, and ends with them; a program's if omitted"
    create.add_argument("--user", default="", metavar="USER", help=what)
    what = "what it may: agents.run if omitted; conversations.read, .answer, .erase"
    create.add_argument("--may", action="append", default=[], metavar="PERMISSION", help=what)
    create.add_argument("--days", type=int, help="valid for so many days; without end if omitted")
    create.add_argument("--per-minute", type=count, help="requests a minute; 0: no bound; 120 if omitted")
    create.add_argument("--per-day", type=count, help="messages a day, the same; 10,000")
    create.add_argument("--tokens-per-day", type=count, help="tokens a day, the same; 5,000,000")
    create.add_argument("--money-per-day", type=amount, help="US dollars a day; no bound if omitted")
    create.add_argument("--megabytes-per-day", type=count, help="size of requests, the same; 200")
    what = "it may also bind people to your customers and answer as an operator: never put it into a page"
    create.add_argument("--operates", action="store_true", help=what)
    what = "the keys, without their secret part: whose, and when and from where each was used last"
    listing = command(key, "list", api_keys.list_keys, what)
    listing.add_argument("--user", metavar="USER", help="theirs alone; - for those that are nobody's")
    command(key, "revoke", api_keys.revoke_key, "end a key").add_argument("key", metavar="KEY")


def _add_knowledge(bases: "Parsers") -> None:
    adding = command(bases, "add", knowledge.add, "keep sources in a base, made if need be, and index them")
    adding.add_argument("base", metavar="BASE")
    adding.add_argument("files", metavar="FILE", nargs="+", help="or the address of a page or sitemap")
    adding.add_argument("--tag", dest="tags", action="append", default=[], help="search can be kept to it")
    what = "fetch an address again after so many hours"
    adding.add_argument("--refresh", metavar="HOURS", type=count, default=0, help=what)
    listing = command(bases, "list", knowledge.list_all, "the bases there are, or the sources of one")
    listing.add_argument("base", metavar="BASE", nargs="?")
    removing = command(bases, "remove", knowledge.remove, "delete a source; the page has it back for 30 days")
    removing.add_argument("base", metavar="BASE")
    removing.add_argument("source", metavar="SOURCE", help="its file, or its title")
    removing.add_argument("--for-good", action="store_true", help="to the last byte; nobody has it back")
    indexing = command(
        bases, "index", knowledge.index, "read what is new or changed; a running program does so itself"
    )
    indexing.add_argument("base", metavar="BASE", nargs="?")
    indexing.add_argument("--under", metavar="PID", type=count, default=0, help=argparse.SUPPRESS)
    indexing.add_argument("--anew", action="store_true", help="everything, as if nothing had been read")
    searching = command(bases, "search", knowledge_search.search, "the passages that fit a question")
    searching.add_argument("base", metavar="BASE")
    searching.add_argument("query", metavar="QUERY")
    searching.add_argument("--top", metavar="N", type=count, default=5, help="passages; 5")
    what = "a table of questions with what should be found: hit@1, hit@3, MRR"
    testing = command(bases, "test", knowledge_search.test, what)
    testing.add_argument("base", metavar="BASE")
    testing.add_argument("questions", metavar="QUESTIONS.csv", help="columns: question, expected")
