"""Who signs people in, as the page shows and changes it."""

import json

import pytest

from builder.actions import Malformed, identities, people, sso
from runtime.access.actor import COMMAND_LINE, Actor
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.sso.asking.way import Came
from runtime.access.sso.fixed import fix
from runtime.access.sso.identities import Identities
from runtime.access.sso.kinds import Net, registry
from runtime.access.sso.only import Only
from runtime.access.users import Users
from runtime.errors import BadSettings, Conflict, Forbidden, Invalid, NotFound
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store.control.user_records import Given, UserRecord

SECRET = "canary-client-secret"
CORP = {"kind": "oidc", "name": "Corp", "issuer": "https://sso.example.com", "client_id": "hongyan"}
OWNER_RULE = {"claim": "groups", "value": "boss", "role": "owner"}


@pytest.fixture
def owner(studio):
    Users(studio.control).set_password("owner", "long enough")
    return Users(studio.control).actor("owner")


@pytest.fixture
def admin(studio, owner):
    studio.control.users.put(UserRecord(id="ada", password="x", roles=(Given(role="admin"),)))
    return Users(studio.control).actor("ada")


def save(studio, who, secret="", **more):
    return sso.save(studio, who, "corp", CORP | more, secret)


def come(studio, subject="u-1", **claims):
    provider = studio.control.sso.must("corp")
    return Identities(studio.control).come(provider, Came(provider.issuer, (subject,), claims=claims))


def test_a_secret_is_kept_sealed_and_never_told(studio, owner):
    save(studio, owner, SECRET)
    shown = sso.overview(studio, owner)
    assert shown["providers"][0]["has_secret"]
    assert SECRET not in json.dumps(shown)
    files = (studio.control.home / "data").rglob("*")
    assert not any(SECRET.encode() in file.read_bytes() for file in files if file.is_file())
    assert studio.control.sso.secret(studio.control.sso.must("corp")) == SECRET


@pytest.mark.parametrize("change", [{"issuer": "https://evil.example"}, {"client_id": "another"}])
def test_a_kept_secret_goes_nowhere_else(studio, owner, change):
    save(studio, owner, SECRET)
    save(studio, owner, name="Another name")
    assert studio.control.sso.must("corp").secret
    save(studio, owner, **change)
    assert not studio.control.sso.must("corp").secret


@pytest.mark.parametrize(
    "more",
    [{"rules": [OWNER_RULE]}, {"default_role": "owner"}, {"by_email": True}, {"is_strong": True}],
)
def test_nobody_lets_in_by_a_provider_whom_they_could_not_let_in_themselves(studio, owner, admin, more):
    with pytest.raises(Forbidden):
        save(studio, admin, **more)
    save(studio, owner, **more)
    for change in ({"issuer": "https://evil.example"}, {}):
        with pytest.raises(Forbidden):  # nor by making theirs of one that lets in more than they may
            save(studio, admin, **change)
    with pytest.raises(Forbidden):
        sso.remove(studio, admin, "corp")
    assert not sso.overview(studio, admin)["providers"][0]["may_change"]


def test_an_admin_sets_up_what_lets_in_no_more_than_admins(studio, admin):
    save(studio, admin, rules=[OWNER_RULE | {"role": "admin"}])
    assert sso.overview(studio, admin)["providers"][0]["may_change"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "saml"}, "kind"),
        ({"issuer": ""}, "issuer"),
        ({"client_id": ""}, "client_id"),
        ({"name": ""}, "name"),
        ({"scopes": ["a b"]}, "scopes"),
        ({"kind": "wecom", "app": ""}, "app"),
        ({"kind": "wecom", "app": "1"}, "secret"),
        ({"kind": "wechat", "by_email": True}, "by_email"),
    ],
)
def test_what_is_missing_is_named(studio, owner, more, field):
    with pytest.raises(BadSettings) as e:
        save(studio, owner, **more)
    assert e.value.field.startswith(field)
    assert not studio.control.sso.all()


def test_a_rule_names_a_role_that_there_is_and_no_field_is_smuggled_in(studio, owner):
    with pytest.raises(NotFound):
        save(studio, owner, rules=[OWNER_RULE | {"role": "emperor"}])
    for more in ({"secret": "1:x"}, {"by": "somebody"}, {"at": 1}):
        with pytest.raises(Malformed):
            sso.save(studio, owner, "corp", CORP | more, "")


def test_a_removed_provider_takes_its_roles_along(studio, owner):
    save(studio, owner, rules=[OWNER_RULE])
    one = come(studio, groups=["boss"])
    assert all(Users(studio.control).actor(one.id).may(each) for each in Permission if each not in ALWAYS)
    sso.remove(studio, owner, "corp")
    assert Users(studio.control).must(one.id).all_roles == ()
    assert identities.my_identities(studio, Actor(one.id, ()))["mine"] == []


def test_roles_by_rules_make_no_last_owner(studio, owner):
    save(studio, owner, rules=[OWNER_RULE])
    mapped = Users(studio.control).actor(come(studio, groups=["boss"]).id)
    with pytest.raises(Conflict, match="last owner"):
        people.remove_person(studio, mapped, "owner")
    with pytest.raises(Invalid, match="Name an owner"):
        Only(studio.control).switch(True, mapped.id, owner)


def test_an_identity_is_one_persons_and_the_last_way_in_stays(studio, owner):
    save(studio, owner, default_role="viewer")
    one = come(studio)
    provider = studio.control.sso.must("corp")
    with pytest.raises(Conflict, match="another account"):
        Identities(studio.control).link(provider, Came(provider.issuer, ("u-1",)), "owner")
    mine = identities.my_identities(studio, Actor(one.id, ()))["mine"]
    with pytest.raises(Conflict, match="only way"):
        identities.unlink(studio, Actor(one.id, ()), mine[0]["id"])
    with pytest.raises(NotFound):
        identities.unlink(studio, owner, mine[0]["id"])
    Identities(studio.control).link(provider, Came(provider.issuer, ("u-2",)), "owner")
    linked = identities.my_identities(studio, owner)["mine"]
    identities.unlink(studio, owner, linked[0]["id"])
    assert identities.my_identities(studio, owner)["mine"] == []


@pytest.mark.parametrize("present", ["", "wrong", "0"])
async def test_an_open_window_links_nobody_elses_identity(studio, owner, present):
    save(studio, owner, default_role="viewer")
    assert identities.my_identities(studio, owner)["asks_present"]
    with pytest.raises(BadSettings):
        await identities.begin_link(studio, owner, "corp", present)
    begun = (await identities.begin_link(studio, owner, "corp", "long enough")).value
    assert begun["path"] == "login/sso/corp"


async def test_who_has_neither_password_nor_code_links_another_identity(studio, owner):
    save(studio, owner, default_role="viewer")
    one = Actor(come(studio).id, ())
    assert not identities.my_identities(studio, one)["asks_present"]
    assert (await identities.begin_link(studio, one, "corp", "")).value["link"]


def test_another_issuers_subject_is_somebody_else(studio, owner):
    save(studio, owner, default_role="viewer")
    one = come(studio)
    save(studio, owner, default_role="viewer", issuer="https://evil.example")
    assert come(studio).id != one.id


def test_the_environments_providers_are_shown_and_stay(studio, owner):
    told = json.dumps([{"id": "corp", **CORP, "secret": SECRET, "rules": [OWNER_RULE]}])
    fix(studio.control, told)
    shown = sso.overview(studio, owner)["providers"][0]
    assert (shown["fixed"], shown["has_secret"], shown["may_change"]) == (True, True, False)
    assert SECRET not in json.dumps(sso.overview(studio, owner))
    assert studio.control.sso.secret(studio.control.sso.must("corp")) == SECRET
    for act in (lambda: save(studio, owner), lambda: sso.remove(studio, owner, "corp")):
        with pytest.raises(Conflict, match="HONGYAN_SIGN_IN"):
            act()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("[{]", "JSON list"),
        ('{"id": "corp"}', "read"),
        ('["corp"]', "JSON list"),
        ('[{"id": "corp", "kind": "oidc"}]', "Entry 1"),
        (json.dumps([{"id": "a", **CORP}, {"id": "a", **CORP}]), "twice"),
        ("/nowhere/providers.json", "cannot be read"),
    ],
)
def test_a_wrong_environment_says_what_is_wrong(studio, told, says):
    with pytest.raises(BadSettings) as e:
        fix(studio.control, told)
    assert (e.value.field, says in e.value.text.en) == ("HONGYAN_SIGN_IN", True), e.value.text.en


async def test_the_check_says_that_an_address_is_missing_and_what_else(studio, owner):
    save(studio, owner, issuer="https://127.0.0.1/realms/x")
    egress = Egress()
    studio.sso = Net(egress, Outbound())
    found = await sso.check(studio, "corp")
    await egress.close()
    assert "public address" in found[0]["says"]["en"]
    assert any("not on the public internet" in one["says"]["en"] for one in found)


def test_an_address_is_one_persons_and_kept_small(studio, owner):
    people.invite(studio, owner, "anna", "", [{"role": "viewer", "agents": None}])
    people.set_email(studio, owner, "anna", " Anna@X.example ")
    assert Users(studio.control).must("anna").email == "anna@x.example"
    with pytest.raises(Conflict):
        people.set_email(studio, owner, "owner", "anna@x.example")
    for wrong in ("anna", "@x", "a b@x"):
        with pytest.raises(Invalid):
            people.set_email(studio, owner, "anna", wrong)


@pytest.mark.parametrize("kind", registry())
def test_every_kind_asks_for_what_its_record_has(kind):
    names = {one.name for one in registry()[kind].fields}
    assert names <= {"issuer", "client_id", "app", "secret"}
    assert "client_id" in names


def test_only_an_owner_switches_passwords_off(studio, owner, admin):
    save(studio, owner, default_role="viewer")
    come(studio)
    with pytest.raises(Forbidden):
        sso.switch_only(studio, admin, True, "owner")
    sso.switch_only(studio, owner, True, "owner")
    assert [bool(Only(studio.control).shuts_out(one)) for one in ("owner", "ada", "nobody")] == [
        False,
        True,
        True,
    ]
    Users(studio.control).change("owner", enabled=False)  # whoever was named cannot come in any more
    studio.control.users.put(UserRecord(id="olga", password="x", roles=(Given(role="owner"),)))
    assert Only(studio.control).shuts_out("olga") is None
    assert COMMAND_LINE.may(Permission.SETTINGS_EDIT)
    Only(studio.control).switch(False, "", COMMAND_LINE)
    assert Only(studio.control).shuts_out("ada") is None
