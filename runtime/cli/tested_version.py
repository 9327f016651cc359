"""Which version of an agent is tested: the saved draft, one that was published, or one of its history."""

from dataclasses import dataclass

from runtime.agents.agent import Agent
from runtime.agents.history import History
from runtime.agents.nesting import gathered
from runtime.agents.prompts_held import let_go
from runtime.cli.printing import control_of, library_of
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.testing.kept_runs import subject_of

DRAFT = "draft"
NO_VERSION = Text(
    "「{agent}」没有版本「{version}」。发布过的写「发布编号.版本号」，例如 {example}；历史里的写它的备注。",
    "There is no version {version!r} of {agent!r}. A published one is PUBLICATION.NUMBER, such as {example}; "
    "one of its history is called by its note.",
)


@dataclass(frozen=True)
class Tested:
    """`subject`: what a run is noted by, see gate.standing."""

    key: str
    agent: Agent
    subject: str


def tested(id: str, key: str, settings: Settings) -> Tested:
    """Raises NotFound, BadAgent."""
    library = library_of(settings)
    saved = library.get(id).agent
    if key == DRAFT:
        return Tested(key, library.whole(id), subject_of(saved, settings.home))
    found = _published(id, key, settings) or _kept(id, key, settings)
    if found is None:
        raise NotFound(NO_VERSION.fill(agent=id, version=key, example=f"{id}-1.1"), field="--version")
    agent = Agent.load({**let_go(found, settings.home), "id": id})
    return Tested(key, gathered(agent, settings.home), subject_of(agent, settings.home))


def _published(id: str, key: str, settings: Settings) -> dict[str, object] | None:
    name, _, number = key.rpartition(".")
    control = control_of(settings)
    publication = control.publication(name) if name else None
    if publication is None or publication.agent != id:
        return None
    found = (one for one in control.versions(name) if str(one.number) == number)
    return next((dict(one.agent) for one in found), None)


def _kept(id: str, key: str, settings: Settings) -> dict[str, object] | None:
    states = History(settings.data / "history").states(id)
    return next((state.data for state in states if key in (state.name, state.note)), None)
