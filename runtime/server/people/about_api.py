"""GET /agent/about: what a page or an app of ours shows before anybody signs in."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.agents.agent import Agent
from runtime.agents.answering import takes_files
from runtime.errors import HongyanError
from runtime.gateway.canned import plain_greeting
from runtime.gateway.labelling import is_asked
from runtime.gateway.surfaces import Surface
from runtime.languages import preferred
from runtime.safety.settings import MADE
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.streams import language
from runtime.server.api.taken_files import TAKEN
from runtime.server.door.ways import Way
from runtime.server.people.collecting import collects
from runtime.server.people.people import People
from runtime.turn.settings import choices_of

SECONDS = 60
"""For which it may be kept."""
LONGEST = 200
"""Characters of what says a language that are read."""


class AboutApi:
    def __init__(self, people: People, browsers: Browsers) -> None:
        self._people, self._browsers = people, browsers

    def routes(self) -> Sequence[Way]:
        return [self._browsers.route("/agent/about", self.about, ["GET"], None)]

    async def about(self, request: Request) -> Response:
        try:
            surface = self._people.gateway.signing_in.surface(request.query_params.get("publication", ""))
            self._people.check_origin(request, surface)
            days = self._people.retention()
        except HongyanError as e:
            refused = refusal(e, error_body(e, language(request)))
            if e.code == "origin":  # so that its developer reads there which setting to change
                refused.headers["access-control-allow-origin"] = "*"
            return refused
        headers = {"cache-control": f"public, max-age={SECONDS}", "vary": "accept-language"}
        return JSONResponse(about(surface, days, _visitors(request, surface.agent.language)), headers=headers)


def _visitors(request: Request, otherwise: str) -> str:
    """The language of whoever looks: as the app says, else their browser; the agent's where nobody does."""
    said = request.query_params.get("lang", "") or request.headers.get("accept-language", "")
    return preferred(said[:LONGEST].replace("_", "-"), otherwise)


def about(surface: Surface, days: Mapping[str, int], lang: str) -> Mapping[str, object]:
    """`days`: how long what of people is kept, where it is bounded. `lang`: of our own sentences; what the
    owner wrote, and what people say to the agent, are in the agent's."""
    agent, door = surface.agent, surface.door
    assert door
    label, channel = agent.safety.label, type(surface.channel)
    mark = (label.text.strip() or MADE.to(lang)) if is_asked(label, channel) else ""
    consent = agent.consent.question(agent.language) if agent.consent.asks else ""
    offered = [one.text for one in choices_of(agent.texts.choices, str) if "{" not in one.text]
    return {
        "name": door.title or agent.name,
        "about": agent.description,
        "color": door.color or surface.channel.about.color,
        "icon": surface.channel.about.icon,
        "language": agent.language,
        "opening": door.opening or plain_greeting(agent),
        "suggestions": door.suggestions
        or [*offered, *(one for one in agent.suggestions if one not in offered)],
        "label": mark,
        "streams": True,
        "takes": dict(TAKEN) if takes_files(agent) else {},
        "collects": collects(surface, days, lang),
        "consent": consent,
        "feedback": True,
        "own": {"export": _word(agent, agent.memory.export), "forget": _word(agent, agent.memory.forget)},
        "version": 1,
    }


def _word(agent: Agent, words: Sequence[str]) -> str:
    """Of those that somebody may send to have something done with what is kept of them, one in the agent's
    language; "" where the agent takes none."""
    ours = [one for one in words if one.isascii() != (agent.language == "zh")]
    return next(iter([*ours, *words]), "")
