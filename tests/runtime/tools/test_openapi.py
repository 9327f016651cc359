"""One operation of an interface as a tool."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from runtime.errors import BadMedia, Blocked, Invalid, ToolFailed
from runtime.lang import Text
from runtime.media.made import TYPES, MadeFile
from runtime.message import Exchange, Message
from runtime.network.fetched import Fetched
from runtime.openapi.kept import kept_text
from runtime.tools import Env, Power
from runtime.tools._imported import apart, function_name
from runtime.tools._openapi_source import NOT_FETCHED, Source
from runtime.tools.openapi import TOOL
from runtime.turn.sent import SentHere

VALUES = {"repo": "a/b?c", "message": {"text": "x"}}


def arg(name, place="query", kind="string", *, needed=False, of="", style="", **shape):
    return {"name": name, "place": place, "required": needed, "of": of, "style": style,
            "shape": {"type": kind, **shape}}  # fmt: skip


def tool(*arguments, path="/orders", **settings):
    raw = {"type": "openapi", "name": "orders", "server": "https://tea.example:8443/v1/", "path": path}
    return TOOL.model_validate({**raw, "arguments": list(arguments), **settings})


@dataclass
class Web:
    """Implements Http: answers in turn, the last again and again."""

    answers: list = field(default_factory=lambda: [Fetched("", 200, "application/json", '{"ok": true}')])
    asked: list = field(default_factory=list)
    reaches: list = field(default_factory=list)

    async def fetch(self, method, url, *, headers=None, body=None, seconds=15, max_bytes=0, reach=None):
        self.asked.append((method, url, headers, body))
        self.reaches.append(reach)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Box:
    """Implements Secrets; each may go to these hosts."""

    def __init__(self, **there):
        self.there = there

    def open(self, name, host):
        value, *where = self.there[name]
        assert host in where
        return value


async def send(tool, web=None, secrets=None, **arguments):
    web = web or Web()
    extra = {"secrets": secrets} if secrets else {}
    result = await tool.call(arguments, Env(http=web, now=datetime.now(UTC), values=VALUES, **extra))
    return result, web


PLACED = [
    # what is set up, what is given, what is sent behind the server
    ([arg("id", "path", needed=True)], "/o/{id}", {"id": "a/../b?x=1#"}, "/o/a%2F..%2Fb%3Fx%3D1%23"),
    ([arg("p", "path", style="path")], "/f/{p}/raw", {"p": "a b/c.py"}, "/f/a%20b/c.py/raw"),
    ([arg("n", kind="integer"), arg("q", of="q[]")], "/o", {"n": "5", "q": "&"}, "/o?n=5&q%5B%5D=%26"),
    ([arg("t", kind="array", style="repeat")], "/o", {"t": ["a", 2]}, "/o?t=a&t=2"),
    ([arg("t", kind="array", style="pipe")], "/o", {"t": '["a", "b"]'}, "/o?t=a%7Cb"),
    ([arg("f", kind="object", style="deep")], "/o", {"f": {"a": 1}}, "/o?f%5Ba%5D=1"),
    ([arg("f", kind="object", style="json")], "/o", {"f": {"a": 1}}, "/o?f=%7B%22a%22%3A+1%7D"),
    ([arg("b", kind="boolean")], "/o", {"b": "True"}, "/o?b=true"),
    ([arg("b")], "/o", {"b": None}, "/o"),
]  # fmt: skip


async def test_arguments_go_to_their_places_and_change_nothing_else():
    for arguments, path, given, sent in PLACED:
        _, web = await send(tool(*arguments, path=path), **given)
        assert web.asked[0][:2] == ("GET", f"https://tea.example:8443/v1{sent}"), sent
        assert web.reaches[0].hosts == ("tea.example",)
        assert (web.reaches[0].chosen, web.reaches[0].tool) == ("owner", "openapi")


BODIES = [
    ("application/json", [arg("b", "body", "integer", of="b b")], {"b": "1"}, '{"b b": 1}'),
    ("application/json", [arg("body", "whole", "array")], {"body": "[1, 2]"}, "[1, 2]"),
    ("application/x-www-form-urlencoded", [arg("a", "body")], {"a": "茶 &"}, "a=%E8%8C%B6+%26"),
    ("text/plain", [arg("body", "whole")], {"body": "茶"}, "茶"),
    ("", [], {}, None),
]  # fmt: skip


async def test_a_body_is_written_as_its_kind_wants_it():
    for content, arguments, given, sent in BODIES:
        _, web = await send(tool(*arguments, method="POST", content=content), **given)
        _, _, headers, body = web.asked[0]
        assert (body and body.decode()) == sent
        assert headers.get("Content-Type", "") == content


WRONG = [
    ({"id": ""}, "id"), ({}, "id"), ({"id": "1", "n": "many"}, "n"), ({"id": "1", "n": 1.5}, "n"),
    ({"id": "1", "k": "c"}, "a, b"), ({"id": ".."}, "id"), ({"id": "1", "sudo": 1}, "sudo"),
    ({"id": "1", "o": {"in": {}}}, "o.in"), ({"id": "x" * 5000}, "4000"), ({"id": "1", "n": True}, "n"),
]  # fmt: skip


async def test_a_form_takes_files_that_the_person_sent_and_no_others():
    form = {"method": "POST", "content": "multipart/form-data"}
    upload = tool(arg("title", "body"), arg("doc", "file", of='d"oc\r\nX: y', needed=True), **form)
    kept = {"a" * 64: b"old", "b" * 64: b"\r\n--new"}
    quote = {"name": '报价".pdf', "hash": "b" * 64, "type": "application/pdf"}
    now = [quote, {"name": "lost", "hash": "c" * 64}]
    older = {"kind": "image", "hash": "a" * 64, "type": "image/png\r\nX: y"}
    history = [Exchange("x", "y", data={"files": [older]})]

    async def read(hash):
        return kept.get(hash)

    async def sends(doc, history=history, message=None):
        web = Web()
        sent = SentHere(message or Message("m", "u", "", data={"files": now}), history, read)
        await upload.call({"title": "样", "doc": doc}, Env(web, datetime.now(UTC), VALUES, sent=sent))
        [(_, _, headers, body)] = web.asked
        kind, _, between = headers["Content-Type"].partition("; boundary=")
        assert kind == "multipart/form-data"
        return body.replace(between.encode(), b"@")

    assert (
        await sends('报价".pdf')
        == (
            '--@\r\nContent-Disposition: form-data; name="title"\r\n\r\n样\r\n'
            '--@\r\nContent-Disposition: form-data; name="d%22oc%0D%0AX: y"; filename="报价%22.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n\r\n--new\r\n--@--\r\n"
        ).encode()
    )
    alone = await sends("", message=Message("m", "u", ""))
    assert alone.endswith(b"Content-Type: application/octet-stream\r\n\r\nold\r\n--@--\r\n")
    for doc, why in (("lost", "is gone"), ("/etc/passwd", "there are"), ("a" * 64, "no file")):
        with pytest.raises(ToolFailed, match=why):
            await sends(doc)
    with pytest.raises(ToolFailed, match="sent no file"):
        await sends("", (), Message("m", "u", ""))
    with pytest.raises(ToolFailed, match="in a conversation"):
        await send(upload, title="x", doc="")


@dataclass
class Keeps:
    """Implements tools.Makes."""

    async def make(self, name, ending, content):
        made = f"{name.removesuffix('.' + ending)}.{ending}"
        return MadeFile(made, TYPES[ending], "h", len(content), f"https://a.example/{made}", True)

    async def make_picture(self, name, content):
        if not content.startswith(b"\x89PNG"):
            raise BadMedia(Text("不是图片", "no picture"), code="type")
        return await self.make(name, "png", content)


@pytest.mark.parametrize(
    ("kind", "content", "becomes"),
    [
        ("application/pdf; x=y", b"%PDF-1.7", "[r.pdf](https://a.example/r.pdf)"),
        ("image/png", b"\x89PNG", "![r.png](https://a.example/r.png)"),
        ("application/pdf", b"<html>", "its content is not"),
        ("image/png", b"<svg>", "no picture"),
        ("image/svg+xml", b"<svg>", ""),  # as text, as before
        ("text/csv", b"a,b", ""),
    ],
)
async def test_an_answer_that_is_a_file_is_kept_and_given_on(kind, content, becomes):
    answer = Fetched("https://tea.example/r.pdf?x=1", 200, kind, content.decode("latin-1"), content)
    web = Web([answer])
    used = tool(accept="application/pdf").call({}, Env(web, datetime.now(UTC), VALUES, makes=Keeps()))
    try:
        told = (await used).get("markdown", "")
    except ToolFailed as e:
        told = e.text.en
    assert becomes in told
    assert bool(becomes) == bool(told)
    web = Web([replace(answer, cut=True, content_type="application/pdf")])
    env = Env(web, datetime.now(UTC), VALUES, makes=Keeps())
    with pytest.raises(ToolFailed, match="too large"):
        await tool().call({}, env)


async def test_wrong_arguments_are_named_and_nothing_is_sent():
    inner = {"properties": {"in": {"type": "string"}}, "required": ["in"]}
    one = tool(
        arg("id", "path", needed=True), arg("n", kind="integer"), arg("k", enum=["a", "b"]),
        arg("o", kind="object", **inner), path="/o/{id}",
    )  # fmt: skip
    for given, why in WRONG:
        web = Web()
        with pytest.raises(ToolFailed) as told:
            await send(one, web, **given)
        assert why in told.value.text.en, given
        assert web.asked == []


async def test_what_the_owner_set_is_not_the_models_to_decide():
    one = tool(arg("repo", "path", needed=True), arg("n", kind="integer"), path="/r/{repo}",
               fixed={"repo": "{{ repo }}", "n": "3"})  # fmt: skip
    assert one.parameters() == {"type": "object", "properties": {}, "required": []}
    _, web = await send(one)
    assert web.asked[0][1] == "https://tea.example:8443/v1/r/a%2Fb%3Fc?n=3"
    with pytest.raises(ToolFailed, match="repo"):
        await send(one, repo="another")


async def test_for_nobody_nothing_is_asked_of_an_interface():
    one = tool(arg("who"), fixed={"who": "{{ person.customer }}"})
    for person, asked in (({"customer": "123"}, True), ({"customer": ""}, False), ("bob", False)):
        web = Web()
        around = Env(http=web, now=datetime.now(UTC), values={"person": person})
        if asked:
            await one.call({}, around)
        else:
            with pytest.raises(ToolFailed, match=r"person\.customer"):
                await one.call({}, around)
        assert bool(web.asked) == asked


WAYS = [
    ({"auth": "bearer"}, "Authorization", "Bearer k-canary"),
    ({"auth": "header", "auth_name": "X-Key"}, "X-Key", "k-canary"),
    ({"auth": "basic", "user": "u"}, "Authorization", "Basic dTprLWNhbmFyeQ=="),
]


async def test_a_secret_says_whose_it_is_and_comes_back_out_of_nothing():
    box = Box(key=("k-canary", "tea.example:8443"))
    echo = Fetched("", 200, "application/json", '{"you": "k-canary dTprLWNhbmFyeQ=="}')
    for settings, header, value in WAYS:
        one = tool(secret="key", **settings)
        assert one.secrets() == {"key": "tea.example:8443"}
        result, web = await send(one, Web([echo]), box)
        assert web.asked[0][2][header] == value
        assert "canary" not in str(result)
        assert "dTpr" not in str(result) or settings["auth"] != "basic"
    result, web = await send(
        tool(arg("a"), secret="key", auth="query", auth_name="k"), Web([echo]), box, a="1"
    )
    assert web.asked[0][1].endswith("/orders?a=1&k=k-canary")
    with pytest.raises(ToolFailed) as told:
        await send(tool(secret="key", auth="bearer"), Web([Fetched("", 401, "", "bad k-canary")]), box)
    assert "canary" not in told.value.text.en


async def test_a_token_of_oauth2_is_asked_for_once_while_it_lasts():
    box = Box(key=("k-oauth", "id.example", "tea.example:8443"))
    one = tool(secret="key", auth="oauth2", user="me", token_url="https://id.example/token", scope="read")
    token = Fetched("", 200, "application/json", '{"access_token": "t-canary", "expires_in": 600}')
    echo = Fetched("", 200, "application/json", '{"you": "t-canary"}')
    web = Web([token, echo])
    result, _ = await send(one, web, box)
    await send(one, web, box)
    assert [url for _, url, *_ in web.asked] == ["https://id.example/token"] + [
        "https://tea.example:8443/v1/orders"
    ] * 2
    assert web.asked[0][3] == b"grant_type=client_credentials&scope=read"
    assert web.asked[1][2]["Authorization"] == "Bearer t-canary"
    assert result["body"] == {"you": "***"}
    for answer in (
        Fetched("", 200, "", "<html>"),
        Fetched("", 400, "", '{"x": "k-other"}'),
        Fetched("", 200, "", "[]"),
    ):
        with pytest.raises(ToolFailed) as told:
            await send(
                one.model_copy(update={"user": "other"}),
                Web([answer]),
                Box(key=("k-other", "id.example", "tea.example:8443")),
            )
        assert "k-other" not in told.value.text.en


BAD = [
    {"server": "https://{{ x }}/"}, {"server": "file:///etc"}, {"server": "https://a?x=1"},
    {"path": "/o/{id}"}, {"path": "//evil?"},
    {"arguments": [arg("a"), arg("a")]}, {"fixed": {"no": "1"}}, {"secret": "{{ x }}"},
    {"arguments": [arg("a", deep=json.loads("[" * 40 + "]" * 40))]},
    {"arguments": [arg("a", long="x" * 9000)]},
    {"auth_name": "a b\r\n", "auth": "header"}, {"method": "CONNECT"}, {"arguments": [arg("a b")]},
]  # fmt: skip


def test_settings_that_do_not_hold_together_are_refused_and_private_hosts_told():
    for settings in BAD:
        with pytest.raises(ValidationError):
            tool(**{"arguments": [], **settings})
    found = {problem.field for problem in tool(server="http://10.0.0.5:80", auth="oauth2").check({}, ())}
    assert found == {"server", "secret", "token_url"}
    assert not list(tool(server="http://10.0.0.5:80").check({}, ("openapi=10.0.0.5:80",)))
    assert (tool().powers, tool().repeatable) == ({Power.READS}, True)
    assert (tool(method="POST").powers, tool(method="POST").repeatable) == ({Power.CHANGES}, False)


async def test_a_source_offers_takes_and_tells_what_changed():
    env = Env(http=Web([Fetched("", 200, "", kept_text("github"))]), now=datetime.now(UTC), values={})
    source = Source(
        url="https://api.example/openapi.yaml", server="https://git.corp.example/api", secret="hub"
    )
    [taken] = await TOOL.taken(source, env, ["POST /repos/{owner}/{repo}/issues"])
    assert (taken["server"], taken["secret"], taken["auth"]) == (
        "https://git.corp.example/api",
        "hub",
        "bearer",
    )
    known = {
        "POST /repos/{owner}/{repo}/issues": taken["digest"],
        "GET /repos/{owner}/{repo}/issues": "old",
        "GET /x": "",
    }
    offer = await TOOL.offered(source, env, known)
    assert {one.key: one.state for one in offer.tools if one.state} == {
        "POST /repos/{owner}/{repo}/issues": "same",
        "GET /repos/{owner}/{repo}/issues": "changed",
    }
    assert offer.gone == ["GET /x"]
    assert (await TOOL.offered(Source(kept="gitee"), env, {})).title == "Gitee"
    for source, answer in (
        (Source(), None), (Source(url="https://x.example"), Fetched("", 404, "", "")),
        (Source(url="https://x.example"), Fetched("", 200, "", "", cut=True)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            await TOOL.offered(source, Env(http=Web([answer]), now=datetime.now(UTC), values={}), {})
    blocked = Web([Blocked(NOT_FETCHED)])
    with pytest.raises(Blocked):
        await TOOL.offered(
            Source(url="http://10.0.0.1"), Env(http=blocked, now=datetime.now(UTC), values={}), {}
        )


def test_names_that_collide_are_told_apart_the_same_way_each_time():
    tools = [{"name": "search"}, {"name": "search"}, {"name": "read"}]
    names = [one["name"] for one in apart(tools, ["read"], "Tea Shop API")]
    assert names == ["search", "Tea_Shop_API_search", "Tea_Shop_API_read"]
    assert names == [one["name"] for one in apart(tools, ["read"], "Tea Shop API")]
    for said, name in (
        ("../../rm -rf", "rm_-rf"),
        ("茶", "tool"),
        ("1", "t_1"),
        ("a\u202eb", "a_b"),
        ("x" * 99, "x" * 60),
    ):
        assert function_name(said) == name
