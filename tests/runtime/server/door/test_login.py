"""Log in, log out, choose the language."""

import json
import time

import pytest
from itsdangerous import URLSafeSerializer

import visitors
from runtime.access.users import Users
from runtime.sentences import wanted
from runtime.server.door.forms import safe_path
from runtime.server.door.sessions import Sessions
from tests.languages import spoken
from visitors import PASSWORD


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


async def test_the_password_opens_the_page_that_was_wanted(house):
    async with house.visitor() as person:
        response = await person.post("/login", data={"password": PASSWORD, "next": "/build?agent=tea"})
        assert (response.status_code, response.headers["location"]) == (303, "/build?agent=tea")
        assert (await person.get("/who")).text == "owner"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "密码" * 100, "\x00"])
async def test_another_password_does_not(house, password):
    async with house.visitor() as person:
        response = await person.post("/login", data={"password": password}, headers={"accept-language": "en"})
        assert response.status_code == 401
        assert "That is not the password" in response.text
        assert "set-cookie" not in response.headers
        assert (await person.get("/who")).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"password", b"\xff=\xff", b"a=1&" * 50, b"password=" + b"x" * 9000, b'{"password": 1}']
)
async def test_a_broken_form_is_a_wrong_password(house, body):
    async with house.visitor() as person:
        assert (await person.post("/login", content=body)).status_code == 401


async def test_the_cookie_is_closed_to_scripts_and_other_sites(house):
    async with house.visitor() as person:
        cookie = (await person.post("/login", data={"password": PASSWORD})).headers["set-cookie"]
    assert cookie.startswith("hongyan=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


async def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(house):
    async with house.visitor("https://localhost") as person:
        cookie = (await person.post("/login", data={"password": PASSWORD})).headers["set-cookie"]
        assert (await person.get("/who")).text == "owner"
    assert cookie.startswith("__Host-hongyan=")
    assert "Secure" in cookie.split("; ")
    value = cookie.partition("=")[2].partition(";")[0]
    async with house.visitor("https://localhost", cookie=f"hongyan={value}") as person:
        assert (await person.get("/who")).status_code == 401


async def test_each_login_has_a_session_of_its_own(house):
    async with house.owner() as one, house.owner() as two:
        assert one.cookies["hongyan"] != two.cookies["hongyan"]


async def test_logout_removes_the_cookie_and_ends_the_session_of_a_copied_one(house):
    async with house.owner() as owner, house.owner() as elsewhere:
        copied = owner.cookies["hongyan"]
        assert '<form method="post" action="/logout">' in (await owner.get("/logout")).text
        assert (await owner.get("/who")).text == "owner"
        response = await owner.post("/logout")
        assert response.headers["set-cookie"].startswith(
            'hongyan=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax'
        )
        assert "hongyan" not in owner.cookies
        async with house.visitor(cookie=f"hongyan={copied}") as thief:
            assert (await thief.get("/who")).status_code == 401
        assert (await elsewhere.get("/who")).text == "owner"


async def test_a_link_ends_no_session_and_asks_first(house):
    async with house.visitor() as stranger:
        assert (await stranger.get("/logout")).headers["location"] == "/login"


async def test_logging_out_without_a_session_is_no_error(house):
    async with house.visitor() as stranger:
        assert (await stranger.post("/logout")).status_code == 303


async def test_a_new_password_ends_every_session(house):
    async with house.owner() as owner:
        Users(house.control).set_password("owner", "another password")
        assert (await owner.get("/who")).status_code == 401


async def test_a_changed_cookie_is_nobodys(house):
    async with house.owner() as owner:
        genuine, known = owner.cookies["hongyan"], owner.cookies["hongyan-known"]
    held, signature = genuine.split(".")
    later = URLSafeSerializer("x").dumps(["0" * 32, "owner", 2**40]).split(".")[0]
    forged = [
        f"{later}.{signature}",
        f"{held}.{'0' * len(signature)}",
        f"{held}.",
        held,
        known,
        f".{genuine}",
        f"{'0' * 32}.9999999999.{'0' * 64}",
        "",
        "...",
        "\xe9.\xe9.\xe9",
    ]
    for value in forged:
        async with house.visitor() as thief:
            response = await thief.get("/who", headers={"cookie": f"hongyan={value}".encode("latin-1")})
            assert response.status_code == 401, value


async def test_a_session_ends_by_itself_after_two_weeks(house):
    async with house.owner() as owner:
        cookies = dict(owner.cookies)
    sessions = Sessions(house.control)
    opened = sessions.find(cookies, secure=False, now=time.time())
    assert sessions.find(cookies, secure=False, now=opened.expires_at - 1) == opened
    assert sessions.find(cookies, secure=False, now=opened.expires_at) is None


async def test_the_page_speaks_both_languages_and_offers_the_other(house):
    async with house.visitor() as person:
        chinese = await person.get("/login", headers={"accept-language": "zh-CN"})
        assert '<html lang="zh-CN">' in chinese.text
        assert "登录" in chinese.text
        switched = await person.get("/lang/en?next=/login")
        assert switched.headers["location"] == "/login"
        english = await person.get("/login", headers={"accept-language": "zh-CN"})
        assert '<html lang="en">' in english.text
        assert "Log in" in english.text


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_no_markup_stands_in_a_sentence(house, lang):
    async with house.visitor() as person:
        page = (await person.get("/login", headers={"accept-language": lang})).text
        assert "python app.py password" in page
        assert "&lt;" not in page


async def test_the_page_needs_no_script_and_nothing_from_elsewhere(house):
    async with house.visitor() as person:
        page = await person.get("/login")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "http" not in page.text.replace("http-equiv", "")


async def test_what_was_wanted_is_inert_in_the_page(house):
    async with house.visitor() as person:
        page = await person.get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in page.text


async def test_who_is_logged_in_is_sent_on(house):
    async with house.owner() as owner:
        response = await owner.get("/login?next=/build")
    assert (response.status_code, response.headers["location"]) == (303, "/build")


@pytest.mark.parametrize(
    ("there", "safe"),
    [
        ("/build?agent=a#b", "/build?agent=a#b"),
        ("/茶", "/茶"),
        ("", "/"),
        ("build", "/"),
        ("//evil.example", "/"),
        ("////evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nset-cookie: x=1", "/"),
    ],
)
def test_only_a_path_on_this_site_is_gone_to(there, safe):
    assert safe_path(there) == safe


async def test_the_language_switch_goes_back_to_where_it_was_clicked(house):
    async with house.visitor() as person:
        response = await person.get("/lang/zh", headers={"referer": "http://localhost/build?x=1"})
        assert response.headers["location"] == "/build?x=1"
        foreign = await person.get("/lang/zh", headers={"referer": "http://evil.example//evil.example"})
        assert foreign.headers["location"] == "/"


@pytest.fixture
def hostile_language(tmp_path):
    """A file of somebody's, in which every sentence is markup."""
    said = {english: f"<b>{english}" for english in wanted()}
    (tmp_path / "eo.json").write_text(json.dumps(said), "utf-8")
    with spoken(tmp_path):
        yield "eo"


@pytest.mark.parametrize("path", ["/login", "/who-knows"])
async def test_what_a_languages_file_says_is_text(house, hostile_language, path):
    headers = {"accept": "text/html", "accept-language": hostile_language}
    async with house.visitor() as person:
        page = (await person.get(path, headers=headers, follow_redirects=True)).text
        refused = (await person.get(path, headers={**headers, "host": "evil.example"})).text
    assert "&lt;b&gt;" in page
    assert "&lt;b&gt;" in refused
    assert "<b>" not in page + refused
