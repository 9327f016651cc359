"""Where somebody only reads: what the page offers there, what is said, and where alerts go."""

import time
from types import SimpleNamespace

import pytest

from builder.actions import announce
from builder.actions import publish as page
from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.channels import Notice
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.publish.doctor import Doctor
from runtime.publish.standing import standing
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control
from runtime.store.messages.insights import Lately

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]})
KEY = "693a91f6-7b1c-4bc4-97a0-0ec2f1fa5aaa"


@pytest.fixture
def studio(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    made = SimpleNamespace(
        library=Library(tmp_path / "agents", CHECKOUT / "templates" / "agents", tmp_path / "data"),
        control=control,
        doctor=Doctor(control),
        settings=Settings(home=tmp_path),
        public_url=lambda: control.public_url(""),
        state="sent",
    )

    async def say(publication, text, key):
        assert key == "mine"  # what is sent once
        return [(made.state, "93000")]

    made.say = say
    made.library.save(AGENT)
    return made


@pytest.fixture
def robot(studio):
    return page.go_live(studio, OWNER, "shop", "wecom_group", {"key": KEY}).value["publication"]


def seen(studio, id):
    return next(one for one in page.overview(studio, OWNER, "shop")["publications"] if one["id"] == id)


def test_a_place_where_one_only_reads_is_ready_at_once_and_copies_nothing(studio, robot):
    told = next(
        one for one in page.overview(studio, OWNER, "shop")["channels"] if one["name"] == "wecom_group"
    )
    assert (told["people"], told["audience"]) == (False, "readers")
    assert seen(studio, robot)["to_copy"] == []
    assert page.state(studio, OWNER, robot)["title"]["zh"] == "可以发了"
    assert KEY not in str(page.overview(studio, OWNER, "shop"))


@pytest.mark.parametrize(
    ("state", "says"), [("sent", "Sent."), ("ready", "waits"), ("failed", "webhook"), ("unknown", "webhook")]
)
async def test_what_became_of_what_was_said_is_told(studio, robot, state, says):
    studio.state = state
    notice = await announce.say(studio, robot, "你好", "mine")
    assert says in notice.text.en
    assert notice.value["state"] == ("failed" if state == "unknown" else state)


def test_alerts_go_where_the_owner_says_and_only_where_that_can_be(studio, robot):
    announce.alerts_here(studio, OWNER, robot, True)
    assert seen(studio, robot)["alerts"]
    announce.alerts_here(studio, OWNER, robot, False)
    assert not seen(studio, robot)["alerts"]
    api = page.go_live(studio, OWNER, "shop", "api", {}).value["publication"]
    with pytest.raises(BadSettings):
        announce.alerts_here(studio, OWNER, api, True)
    with pytest.raises(NotFound):
        announce.alerts_here(studio, OWNER, "nobody", True)


def test_what_a_platform_tells_the_owner_stands_there_until_it_says_that_it_is_over(studio, robot):
    kind = page.registry()["wecom_app"]
    now = time.time()
    studio.doctor.saw(robot, "message", "", now)
    studio.doctor.told(robot, Notice(Text("快停用了", "soon closed")), now)
    again = Doctor(studio.control)
    look = standing(again.state(robot, now), kind, Lately())
    assert (look.tone, look.title.zh) == ("warn", "快停用了")
    again.told(robot, Notice(Text("好了", "open again"), is_well=True), now)
    assert standing(again.state(robot, now), kind, Lately()).title.zh != "快停用了"
