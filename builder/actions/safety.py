"""Content safety: word lists, trying a text, and what checks decided."""

from typing import Any, BinaryIO

from builder.actions import RESTORED, Notice, pair
from builder.actions.agents import seen
from builder.actions.lasting import brief, lasts
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import SOME, Permission, needs
from runtime.errors import Invalid
from runtime.lang import Text
from runtime.safety import machines
from runtime.safety.chain import Chain
from runtime.safety.checks import PLACES, Place, Uses, registry
from runtime.safety.words.lists import LARGEST, WordLists
from runtime.store.messages.judged import Judgement, Verdict, told

Json = dict[str, Any]

LONGEST = 20_000
"""Characters of a text that is tried."""
TOO_LONG = Text("最多试 {most} 个字。", "At most {most} characters can be tried.").fill(most=LONGEST)
SAVED = Text("词表「{name}」已保存：{words} 个词。", "The list {name!r} is saved: {words} words.")
REMOVED = Text("已删除词表「{name}」。", "Removed the list {name!r}.")
NOTED = Text("记下了。", "Noted.")
LIFTED = Text("已解除，可以正常使用了。", "Lifted: they are answered again.")


@needs(Permission.AGENTS_VIEW, on=SOME)
def overview(studio: Studio, who: Actor) -> Json:
    """The lists without their words, who uses each, and the agents with how many checks each has; of agents
    those that they may see; `may`, what of the page is for them."""
    agents = [file.agent for file in seen(studio, who)]
    users = {
        name: [one.name for one in agents if any(name in getattr(c, "lists", ()) for c in one.safety.checks)]
        for name in lists(studio).names()
    }
    found = [
        {"name": one.name, "words": one.words, "allowed": one.allowed, "given": one.is_given,
         "used_by": users[one.name]}
        for one in lists(studio).all()
    ]  # fmt: skip
    shown = [{"id": one.id, "name": one.name, "checks": len(one.safety.checks)} for one in agents]
    return {
        "lists": found,
        "agents": shown,
        "places": [[one, pair(title)] for one, title in PLACES.items()],
        "may": {
            "edit": who.may(Permission.AGENTS_EDIT),
            "decisions": who.may_somewhere(Permission.CONVERSATIONS_READ),
        },
    }


@needs(Permission.AGENTS_VIEW, on=SOME)
def read_list(studio: Studio, name: str) -> str:
    """Raises NotFound."""
    return lists(studio).get(name).text


@needs(Permission.AGENTS_EDIT)
def save_list(studio: Studio, name: str, text: str, fresh: bool = False) -> Notice:
    """A `fresh` one must not replace another. Raises BadSettings with its field, Conflict, NotSaved."""
    saved = lists(studio).save(name.strip(), text.encode(), fresh=fresh)
    return Notice(SAVED.fill(name=saved.name, words=saved.words))


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在收下词表", "Taking the list in"))
def import_list(studio: Studio, file: BinaryIO, name: str, fresh: bool = False) -> Notice:
    """A file that somebody chose. Takes and raises as `save_list`."""
    saved = lists(studio).save(name.strip(), file.read(LARGEST + 1), fresh=fresh)
    return Notice(SAVED.fill(name=saved.name, words=saved.words))


@needs(Permission.AGENTS_EDIT)
@undone_by("put_list_back")
def remove_list(studio: Studio, who: Actor, name: str) -> Notice:
    """Raises NotFound, NotSaved; Conflict for a given one."""
    token = lists(studio).remove(name, by=who.id)
    return Notice(REMOVED.fill(name=name), undo={"token": token})


@needs(Permission.AGENTS_EDIT)
def put_list_back(studio: Studio, token: str) -> Notice:
    """Raises NotFound, NotSaved; Taken when there is another of that name by now."""
    lists(studio).restore(token)
    return Notice(RESTORED)


@needs(Permission.AGENTS_RUN, on="id")
@lasts(Text("正在检查", "Checking"))
async def try_text(studio: Studio, id: str, place: Place, text: str) -> Json:
    """What an agent's checks there decide about a text, each for itself, and what stands of it.

    Raises NotFound, BadAgent, Invalid.
    """
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG, field="text")
    agent = studio.library.get(id).agent
    uses = Uses(studio.models, lists(studio), studio.searching.meanings)
    chain = Chain(agent.safety.checks, agent.safety.seconds, uses, agent.language)
    await chain.prepare()
    outcome = await chain.judge(place, text)
    decided = {one.check: one for one in outcome.decisions}
    checks = []
    for check in chain.at(place):
        one = decided.get(check.type)
        shown = {"title": pair(registry()[check.type].about.title), "action": "", "what": "", "why": None}
        if one:
            why = pair(one.why) if one.failed else None
            shown |= {"action": one.action, "what": one.what, "why": why}
        checks.append(shown)
    return {"action": outcome.action, "text": "" if outcome.action else outcome.text, "checks": checks}


@needs(Permission.CONVERSATIONS_READ, on=SOME)
@brief("one step in the store")
async def decisions(studio: Studio, who: Actor, before: int = 0) -> list[Json]:
    """The newest, or those before that one, of agents whose conversations they may read."""
    agents = who.agents(Permission.CONVERSATIONS_READ)
    found = await studio.judged.newest(agents, most=50, before=before or 2**62)
    return [_shown(one) for one in found]


@needs(Permission.CONVERSATIONS_ANSWER, on="decision")
@brief("one step in the store")
async def judge(studio: Studio, decision: int, verdict: Verdict) -> Notice:
    """Whether it was right. Raises NotFound, StoreFailed."""
    await studio.judged.judge(decision, verdict)
    return Notice(NOTED)


@needs(Permission.CONVERSATIONS_ANSWER, on="publication")
@brief("one step in the store")
async def lift(studio: Studio, publication: str, sender: str) -> Notice:
    """What was stopped of that person counts no more. Raises NotFound, StoreFailed."""
    await studio.judged.lift(publication, sender)
    return Notice(LIFTED)


def lists(studio: Studio) -> WordLists:
    assert studio.services.lists is not None  # the running program has them
    return studio.services.lists


def _shown(one: Judgement) -> Json:
    kind = registry().get(one.kind)
    own = machines.TITLE if one.kind == machines.KIND else None
    title = kind.about.title if kind else own
    titles = {"check": title and pair(title), "at_place": pair(PLACES[one.place])}
    return {**vars(one), **titles, "why": pair(told(one.why)) if one.why else None}
