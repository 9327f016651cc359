"""Who lets whom in, and what nobody can do to the last owner."""

import hashlib
import threading

import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, UserRecord

OWNER, ADMIN, EDITOR, GUEST = (Given(role=id) for id in ("owner", "admin", "editor", "guest"))
NOW = 1_000_000.0


class World:
    def __init__(self, folder):
        self.now = NOW
        self.control = Control.in_folder(folder)
        self.users = Users(self.control, self.clock)
        self.members = Membership(self.control, self.clock)
        self.add("owner", OWNER)

    def clock(self):
        return self.now

    def add(self, id, *roles, password="hashed"):
        self.control.users.put(UserRecord(id=id, roles=roles, password=password, created_at=self.now))
        return self.users.actor(id)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_an_invitation_lets_somebody_in_once(world):
    who = world.users.actor("owner")
    token = world.members.invite("anna", "Anna  Li", [EDITOR], who)
    assert world.users.must("anna").name == "Anna Li"
    assert not world.users.is_password("anna", "")
    assert world.members.accept(token, "her own words").id == "anna"
    assert world.users.is_password("anna", "her own words")
    with pytest.raises(Refused, match="used"):
        world.members.accept(token, "somebody else's")
    assert world.users.is_password("anna", "her own words")


def test_an_invitation_ends_by_itself_and_by_a_newer_one(world):
    who = world.users.actor("owner")
    old = world.members.invite("anna", "", [EDITOR], who, hours=1)
    new = world.members.link("anna", who, hours=2)
    with pytest.raises(Refused):
        world.members.invited(old)
    assert world.members.invited(new).id == "anna"
    world.now += 2 * 3600
    with pytest.raises(Refused):
        world.members.invited(new)


@pytest.mark.parametrize("token", ["", "null", "0" * 64, "\ud800", "a" * 100_000])
def test_what_is_no_invitation_opens_nothing(world, token):
    """Also where nobody is invited, whose record holds "" there."""
    with pytest.raises(Refused):
        world.members.invited(token)


def test_only_a_digest_of_the_link_is_kept(world, tmp_path):
    token = world.members.invite("anna", "", [EDITOR], world.users.actor("owner"))
    kept = (tmp_path / "control" / "users.json").read_text("utf-8")
    assert token not in kept
    assert hashlib.sha256(token.encode()).hexdigest() in kept


@pytest.mark.parametrize("id", ["", "Anna", "a b", "../x", "-a", "a" * 41, "安娜", "system", "nobody"])
def test_a_name_that_is_none_is_not_taken(world, id):
    with pytest.raises((Invalid, Conflict)):
        world.members.invite(id, "", [EDITOR], world.users.actor("owner"))


def test_a_name_is_somebodys_for_ever(world):
    who = world.users.actor("owner")
    world.members.invite("anna", "", [EDITOR], who)
    world.members.remove("anna", who)
    assert world.users.find("anna") is None
    with pytest.raises(Conflict):
        world.members.invite("anna", "", [GUEST], who)


def lose(world, who, id):
    return {
        "disabled": lambda: world.members.disable(id, who),
        "removed": lambda: world.members.remove(id, who),
        "demoted": lambda: world.members.give(id, [ADMIN], who),
        "demoted to chosen agents": lambda: world.members.give(id, [Given(role="owner", agents=("a",))], who),
    }


LOSSES = ["disabled", "removed", "demoted", "demoted to chosen agents"]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_owner_stays(world, loss):
    world.add("half", Given(role="owner", agents=("a",)))
    world.add("asleep", OWNER)
    world.members.disable("asleep", COMMAND_LINE)
    world.members.invite("coming", "", [OWNER], COMMAND_LINE)  # who has not come yet
    with pytest.raises(Conflict, match="last owner"):
        lose(world, COMMAND_LINE, "owner")[loss]()
    assert Permission.RESTORE in world.users.actor("owner").permissions
    world.add("second", OWNER)
    lose(world, COMMAND_LINE, "owner")[loss]()


@pytest.mark.parametrize("loss", LOSSES)
def test_two_owners_who_lose_each_other_at_once_leave_one(tmp_path, loss):
    """Two processes: each has its own control."""
    one, two = World(tmp_path), World(tmp_path)
    one.add("second", OWNER)
    start, failed = threading.Barrier(2), []

    def go(world, who, id):
        actor = world.users.actor(who)
        start.wait()
        try:
            lose(world, actor, id)[loss]()
        except (Conflict, Forbidden) as e:
            failed.append(e)

    threads = [
        threading.Thread(target=go, args=(one, "owner", "second")),
        threading.Thread(target=go, args=(two, "second", "owner")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    left = [user.id for user in Users(Control.in_folder(tmp_path)).all() if user.roles == (OWNER,)]
    assert len([id for id in left if one.users.actor(id)]) == 1


AGENT_A = Given(role="editor", agents=("a",))


@pytest.mark.parametrize(
    ("mine", "given", "may"),
    [
        ([ADMIN], [EDITOR], True),
        ([ADMIN], [ADMIN], True),
        ([ADMIN], [OWNER], False),
        ([ADMIN], [EDITOR, OWNER], False),
        ([ADMIN], [Given(role="owner", agents=("a",))], True),  # of which only what is of agents counts
        ([EDITOR], [GUEST], True),  # whether they look after people at all is asked before
        ([Given(role="admin", agents=("a",))], [AGENT_A], True),
        ([Given(role="admin", agents=("a",))], [Given(role="editor", agents=("a", "b"))], False),
        ([Given(role="admin", agents=("a",))], [EDITOR], False),
    ],
    ids=str,
)
def test_nobody_gives_what_they_lack(world, mine, given, may):
    who = world.add("giver", *mine)
    try:
        world.members.invite("anna", "", given, who)
    except Forbidden:
        assert not may
    else:
        assert may
    assert (world.users.find("anna") is not None) == may


@pytest.mark.parametrize("deed", ["link", "disable", "remove", "enable", "give"])
def test_nobody_touches_whoever_may_more(world, deed):
    who = world.add("admin", ADMIN)
    world.add("second", OWNER)
    deeds = {
        "link": lambda: world.members.link("second", who),
        "disable": lambda: world.members.disable("second", who),
        "remove": lambda: world.members.remove("second", who),
        "enable": lambda: world.members.enable("second", who),
        "give": lambda: world.members.give("second", [GUEST], who),
    }
    before = world.users.must("second")
    with pytest.raises(Forbidden):
        deeds[deed]()
    assert world.users.must("second") == before


def test_nobody_shuts_themselves_out(world):
    who = world.add("second", OWNER)
    for deed in (world.members.disable, world.members.remove):
        with pytest.raises(Conflict):
            deed("second", who)


def test_roles_that_changed_meanwhile_are_not_written_over(world):
    who = world.users.actor("owner")
    world.add("anna", EDITOR)
    world.members.give("anna", [GUEST], who, before=[EDITOR])
    with pytest.raises(Conflict):
        world.members.give("anna", [ADMIN], who, before=[EDITOR])


def test_whoever_is_disabled_or_gone_is_nobody(world):
    who = world.users.actor("owner")
    world.add("anna", EDITOR)
    world.members.disable("anna", who)
    assert world.users.actor("anna") is None
    world.members.enable("anna", who)
    assert world.users.actor("anna") is not None
    world.members.remove("anna", who)
    assert world.users.actor("anna") is None
    with pytest.raises(NotFound):
        world.members.enable("anna", who)


def test_on_chosen_agents_is_on_those_alone(world):
    who = world.add("anna", AGENT_A, Given(role="viewer"))
    assert who.may(Permission.AGENTS_EDIT, "a")
    assert not who.may(Permission.AGENTS_EDIT, "b")
    assert not who.may(Permission.AGENTS_EDIT)
    assert who.may(Permission.AGENTS_VIEW, "b")
    assert who.may_somewhere(Permission.AGENTS_EDIT)
    assert not who.may(Permission.KNOWLEDGE_EDIT, "a")  # is of no agent
    assert who.agents(Permission.AGENTS_EDIT) == {"a"}
    assert who.agents(Permission.AGENTS_VIEW) is None
