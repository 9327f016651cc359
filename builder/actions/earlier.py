"""An earlier version put to use: tried in the playground, published again on any publication of its agent."""

from typing import Any

from builder.actions import Notice
from builder.actions.history import NOW, data_of, every, gone, publications_of, where_of
from builder.actions.published import use_version
from builder.actions.suites import tested
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.nesting import gathered
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.publish import publish

Json = dict[str, Any]

PUBLISHED = Text("已在「{where}」发布为 v{version}。", "Published on “{where}” as v{version}.")
ELSEWHERE = Text("这个智能体没有发布在那里。", "This agent is not published there.")


def agent_of(studio: Studio, id: str, key: str = "") -> Agent:
    """The agent that runs when this version is tried; "" or NOW: as it is saved. What was published is whole
    as it was then, what was only saved has what it uses as that is now. Raises NotFound, BadAgent.
    """
    if key in ("", NOW):
        return studio.library.whole(id)
    agent = Agent.load(data_of(studio, id, key))
    return agent if _is_published(studio, id, key) else gathered(agent, studio.settings.home)


def about(studio: Studio, id: str, key: str) -> Json:
    """When and as what that version was kept. Raises NotFound."""
    found = next((one for one in every(studio, id) if one["key"] == key), None)
    if found is None:
        raise gone()
    return {name: found[name] for name in ("key", "kind", "at", "note")} | {
        name: found.get(name) for name in ("number", "where")
    }


def _is_published(studio: Studio, id: str, key: str) -> bool:
    return key.rpartition(".")[0] in {one.id for one in publications_of(studio, id)}


@needs(Permission.AGENTS_PUBLISH, on=("id", "publication"))
def publish_again(studio: Studio, who: Actor, id: str, key: str, publication: str) -> Notice:
    """Let that version answer there from now on; the agent as it is being edited stays as it is.

    Where it was published itself it is chosen again, elsewhere it is frozen anew. Raises NotFound, BadAgent,
    BadSettings.
    """
    there = next((one for one in publications_of(studio, id) if one.id == publication), None)
    if there is None:
        raise NotFound(ELSEWHERE)
    home, published, number = key.rpartition(".")
    if published and home == publication:
        return use_version(studio, who, publication, int(number))
    agent = agent_of(studio, id, key)
    tested(studio, agent).refuse()
    note = next((one["note"] for one in every(studio, id) if one["key"] == key), "")
    frozen = publish(
        studio.control,
        agent,
        there.channel,
        {},
        note,
        id=publication,
        whole=_is_published(studio, id, key),
        allowed=studio.settings.egress_allow,
        by=who,
    )
    return Notice(PUBLISHED.fill(where=where_of(there), version=frozen.version))
