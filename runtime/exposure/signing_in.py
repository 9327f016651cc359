"""Who comes in, by how much proof, and by keys that nobody looks after."""

from collections.abc import Iterator, Sequence

from runtime.access.key_uses import KeyUses
from runtime.access.keys import Keys, is_valid
from runtime.access.membership import is_owner
from runtime.access.sso.only import Only
from runtime.access.users import Users
from runtime.exposure.point import DAY, Here, Point, of_names
from runtime.lang import Text, listed
from runtime.store.control.records import ApiKey

UNUSED_DAYS = 90


def points(here: Here) -> Iterator[Point]:
    yield _ways(here)
    yield _owners(here)
    keys = [one for one in Keys(here.control).all() if is_valid(one, here.now)]
    yield _endless(keys)
    yield _unused(here, keys)


def _ways(here: Here) -> Point:
    providers = [one.name for one in here.control.sso.all() if one.enabled]
    says = Text("只用密码和通行密钥登录。", "People sign in by password or passkey.")
    if Only(here.control).is_on():
        says = Text(
            "只用单点登录：{names}；密码只留给一位应急的主人。",
            "People sign in by {names} only; one owner's password is left for emergencies.",
        )
    elif providers:
        says = Text(
            "可以用密码、通行密钥和 {names} 登录。", "People sign in by password, passkey, or {names}."
        )
    return Point(
        "ways",
        "ok",
        says.fill(names=listed(providers)),
        Text("进来的路越少，要看着的越少。", "The fewer ways in, the fewer to be watched."),
        Text("在「登录方式」页增减。", "The page of sign-in providers adds and removes them."),
        "sso",
    )


def _owners(here: Here) -> Point:
    with_key = {one.user for one in here.control.passkeys.all().values()}
    bare = [
        one.id
        for one in Users(here.control).all()
        if is_owner(one) and one.id not in with_key and here.control.second_factors.get(one.id) is None
    ]
    return of_names(
        "owners",
        bare,
        none=Text("每位主人都有第二步验证。", "Every owner has a second step."),
        found=Text("这些主人只有密码：{names}。", "These owners have a password and nothing else: {names}."),
        why=Text(
            "主人什么都能做；密码泄露一次，就全没了。",
            "An owner may do everything: one leaked password gives all of it away.",
        ),
        do=Text(
            "在「我的账号」里打开验证码或通行密钥；在「成员和角色」里要求主人两步验证。",
            "Turn codes or a passkey on in My account; People and roles can ask owners for two steps.",
        ),
        to="account",
        state="bad" if here.is_reached else "warn",
    )


def _endless(keys: Sequence[ApiKey]) -> Point:
    endless = [one.name or one.prefix for one in keys if one.expires_at is None]
    return of_names(
        "endless_keys",
        endless,
        none=Text("没有永不过期的 API 密钥。", "No API key is without end."),
        found=Text("这些 API 密钥永不过期：{names}。", "These API keys never expire: {names}."),
        why=Text("漏出去的密钥会一直有用。", "One that leaks goes on to open."),
        do=Text("换成有期限的密钥，再作废旧的。", "Make one with an end, and revoke the old one."),
        to="account",
    )


def _unused(here: Here, keys: Sequence[ApiKey]) -> Point:
    uses, before = KeyUses(here.control), here.now - UNUSED_DAYS * DAY
    idle = [one.name or one.prefix for one in keys if max(one.created_at, _last(uses, one)) < before]
    return of_names(
        "unused_keys",
        idle,
        none=Text("没有 {days} 天没用过的 API 密钥。", "No API key lies unused for {days} days."),
        found=Text(
            "这些 API 密钥 {days} 天没用过：{names}。",
            "These API keys were not used for {days} days: {names}.",
        ),
        why=Text("没人用的密钥，被别人用了也没人发现。", "Nobody notices who uses a key that nobody needs."),
        do=Text("作废它们。", "Revoke them."),
        to="account",
        days=UNUSED_DAYS,
    )


def _last(uses: KeyUses, key: ApiKey) -> float:
    used = uses.of(key.id)
    return used.at if used else 0.0
