"""A studio in a folder of its own: everything is real but the models."""

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from builder_world import Models

from runtime.agents.library import Library
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.sources.bases import Bases
from runtime.media.kept import KeptMedia
from runtime.publish.doctor import Doctor
from runtime.safety.words.lists import WordLists
from runtime.senses.senses import Senses
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control
from runtime.store.messages.spending import PeopleToday
from runtime.store.vanishing.memory import InMemory
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services
from script import NoHttp, Script

TEMPLATES = CHECKOUT / "templates"


@pytest.fixture(scope="module", autouse=True)
def streamlit_of_its_own():
    """A process has one runtime of Streamlit, which begins with the first who asks it; the next module begins
    its own."""
    yield
    if runtime := sys.modules.get("streamlit.runtime.runtime"):
        runtime.Runtime._instance = None


@pytest.fixture
def script():
    return Script()


class NothingJudged:
    """Nothing was decided yet."""

    async def newest(self, agents=None, most=0, before=0):
        return []


@pytest.fixture
def studio(tmp_path, script):
    control = Control.in_folder(tmp_path / "data")
    prompts = Prompts([TEMPLATES / "prompts"])
    woken = []

    async def spent(agent, paid, by="", messages=0):
        script.paid = [*getattr(script, "paid", ()), *paid]

    async def people_today():
        return PeopleToday(0, 0, 0, 0.0)

    return SimpleNamespace(
        people_today=people_today,
        library=Library(tmp_path / "agents", TEMPLATES / "agents", tmp_path / "data"),
        control=control,
        prompts=prompts,
        services=Services(script, prompts, NoHttp(), lists=WordLists(tmp_path)),
        judged=NothingJudged(),
        senses=Senses(script, None, KeptMedia(tmp_path / "data" / "media"), control.usual_models),
        models=Models(),
        doctor=Doctor(control),
        settings=Settings(home=tmp_path),
        bases=Bases(tmp_path),
        searching=Searching(tmp_path / "data" / "knowledge"),
        upkeep=SimpleNamespace(wake=woken.append),
        woken=woken,
        spent=spent,
        trying=lambda by, long=False: nullcontext(),
        vanishing=InMemory(),
        public_url=lambda: control.public_url(""),
    )
