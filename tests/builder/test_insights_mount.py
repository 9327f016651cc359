"""What of Streamlit a browser reaches at /insights, and how light it is."""

import gzip
import json
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.testing.v1 import AppTest

from builder.insights import _own_words, _pack, _streamlit
from builder.insights.mount import mount
from builder.serving import bundle
from deno_script import told
from runtime.access.audit.log import Audit
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages

HELD = re.compile(r'^"([\w.-]+\.js)": \(', re.MULTILINE)
DOCUMENT = 'globalThis.document = { baseURI: "http://here/" };'
ZIPPED = {"accept-encoding": "gzip"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    Messages(data / "messages.db").close()
    app = Starlette()
    mount(app, Control.in_folder(data), None, data, Audit(data, str))
    return TestClient(app, follow_redirects=False)


def packed(client):
    """The address of the pack that the page names."""
    return re.search(r'src="\./(static/pack\.[\w.]+)"', client.get("/insights/").text)[1]


def script(stem):
    return next(path.name for path in (_pack.FOLDER / "static" / "js").glob(f"{stem}.*.js"))


@pytest.mark.parametrize(("coding", "most"), [("br", 500_000), ("gzip", 580_000)])
def test_a_page_asks_for_one_file_of_scripts_which_weighs_little(client, coding, most):
    page = client.get("/insights/").text
    assert "modulepreload" not in page
    assert page.count('src="./static') == 1
    response = client.get(
        f"/insights/{packed(client)}", headers={"accept-encoding": f"deflate, {coding};q=1"}
    )
    assert response.headers["content-encoding"] == coding
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]
    assert int(response.headers["content-length"]) < most
    assert len(HELD.findall(response.text)) > 80


def test_only_a_script_that_cannot_be_had_is_replaced(tmp_path):
    """What a page shows may have any `data-` attribute: Streamlit's cleaning leaves them."""
    code = re.sub(r"</?script>", "", _streamlit.INSTEAD).replace("import(", "took.push(")
    listens = (
        "const took = [], addEventListener = (_, heard) => asked.forEach((target) => heard({ target }));"
    )
    failed = [
        {"localName": "script", "dataset": {"instead": "./ours.js"}},
        {"localName": "img", "dataset": {"instead": "./theirs.js"}},
        {"localName": "script", "dataset": {}},
        {},
    ]
    found = told(tmp_path, f"{listens}\n{code};\nconsole.log(JSON.stringify(took));", failed)
    assert found == ["./ours.js"]


def test_in_the_pack_each_module_is_whole(client):
    response = client.get(f"/insights/{packed(client)}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in response.headers
    names = HELD.findall(response.text)
    for name in names:
        module = _pack.wrapped(_pack.FOLDER, name)
        assert set(module.needs) <= set(names)
        assert f"{json.dumps(name)}: ({module.run})" in response.text
        source = (_pack.FOLDER / "static" / "js" / name).read_text("utf-8")
        text = module.run.removeprefix("(need)=>{")
        for ours, theirs in (
            (r"\n(?:[\w$]+\(\);)*return \{([^{}]*)\}\}$", lambda found: f"export{{{pairs(found[1], 1)}}};"),
            (
                r'const \{([^{}]*)\}=need\("([\w.-]+)"\)',
                lambda f: f'import{{{pairs(f[1], 0)}}}from"./{f[2]}"',
            ),
            (r'(?<![\w=])need\("([\w.-]+)"\)', r'import"./\1"'),
            (r'hyLinked\.load\("([\w.-]+)"\)', r"import(`./\1`)"),
            (r"hyLinked\.styles\((__vite__mapDeps\(\[[\d,]*\]\))\)", r"\1"),
            (r"hyLinked\.base", "import.meta.url"),
        ):
            text = re.sub(ours, theirs, text)
        assert bare(text) == bare(_own_words.looked_up(source))


def pairs(names, first):
    """`a:b` of an object as `a as b` of an import (`first` 0), or as `b as a` of an export."""
    halves = [name.split(":") for name in names.split(",") if name]
    return ",".join(" as ".join((one[first], one[1 - first])) if len(one) > 1 else one[0] for one in halves)


def bare(text):
    """Without what says nothing: `x as x`, and where the map of a source is."""
    return re.sub(r"\b([\w$]+) as \1\b", r"\1", re.sub(r"\s*//# sourceMappingURL=.*\s*$", "", text)).rstrip(
        ";\n"
    )


def test_what_is_in_no_pack_comes_alone_and_says_what_it_needs(client):
    name = script("Snow")
    response = client.get(f"/insights/static/split/{name}")
    assert response.headers["content-type"].startswith("text/javascript")
    assert json.loads(re.match(r"export const needs = (\[.*\]);\n", response.text)[1])
    assert client.get("/insights/static/split/nothing.js").status_code == 404


LATE = {
    "begun.js": "let e=f=>{let d;return()=>{if(!d){d=1;f()}}};export{e as o};",
    "late.js": 'import{o as e}from"./begun.js";var Q,re=e((()=>{Q=`filled`}));export{Q as t,re as n};',
    "a.js": 'import"./late.js";import{t as x,n as begin}from"./late.js";begin();globalThis.said=x;export{};',
}
"""As the maker's tool writes a module within another, which is begun when somebody needs it."""


def test_what_a_module_fills_later_is_filled_for_all(tmp_path):
    pack = _pack.pack(placed(tmp_path / "of", PAGE, LATE))
    said = "queueMicrotask(() => console.log(JSON.stringify(globalThis.said)));"
    assert told(tmp_path, f"{DOCUMENT}\n{pack.text}\n{said}", None) == "filled"


def test_no_module_of_streamlits_leaves_open_what_others_take(tmp_path):
    """Of those that begin where there is no page to draw in."""
    tried = """const open = [], begun = [];
    for (const name of Object.keys(modules)) try {
      if (Object.values(need(name)).includes(undefined)) open.push(name);
      begun.push(name);
    } catch { /* it wants a page */ }
    console.log(JSON.stringify({ open, many: begun.length > 40 }));"""
    text = _pack.pack().text.removesuffix("queueMicrotask(() => need(entry));\n")
    assert told(tmp_path, f"{DOCUMENT}\n{text}\n{tried}", None) == {"open": [], "many": True}


PAGE = '<head><script type="module" crossorigin src="./static/js/a.js"></script></head><body></body>'
STRANGE = [
    ("two scripts begin", PAGE.replace("<body>", PAGE), {"a.js": ""}),
    ("no script begins", "<head></head>", {"a.js": ""}),
    ("a script of another folder", PAGE, {"a.js": 'import"../b.js"'}),
    ("an import that is not there", PAGE, {"a.js": 'import"./b.js"'}),
    ("a name with a query", PAGE, {"a.js": 'import{x}from"./b.js?v=1"', "b.js": ""}),
    ("all names of a module", PAGE, {"a.js": 'import*as b from"./b.js"', "b.js": ""}),
    ("an export beside what it names", PAGE, {"a.js": "export const a=1"}),
    ("imports in a circle", PAGE, {"a.js": 'import"./b.js"', "b.js": 'import"./a.js"'}),
    ("no text", PAGE, {"a.js": b"\xff"}),
]


@pytest.mark.parametrize(("page", "files"), [case[1:] for case in STRANGE], ids=[case[0] for case in STRANGE])
def test_another_streamlit_is_served_file_by_file_and_the_log_says_why(page, files, tmp_path, caplog):
    scripts = placed(tmp_path, page, files) / "static" / "js"
    assert _streamlit.page(tmp_path) == page
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "one by one" in caplog.text
    served = TestClient(Starlette(routes=[Route("/{name:path}", _streamlit.Files(tmp_path).serve)]))
    assert served.get("/js/a.js").content == (scripts / "a.js").read_bytes()


def test_the_page_has_the_builders_bar_and_no_font_of_streamlits(client):
    for path in ("", "conversations", "todo", "message", "conversation"):
        page = client.get(f"/insights/{path}").text
        assert f"../static/{bundle.parts('insights').script.name}" in page
        assert f"../static/{bundle.parts('insights').sheets[0].name}" in page
        assert 'as="font"' not in page
    sheets = re.findall(r'"\./(static/css/[\w.-]+\.css)"', page)
    assert sheets
    for name in sheets:
        assert not re.search("font-family:(Source|Material)", client.get(f"/insights/{name}").text)


def placed(folder, page, files):
    """A Streamlit's files there."""
    scripts = folder / "static" / "js"
    scripts.mkdir(parents=True)
    (folder / "index.html").write_text(page)
    for name, text in files.items():
        (scripts / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def fail():
    from streamlit.error_util import handle_user_script_exception

    from builder.insights import mount

    handle_user_script_exception(RuntimeError("canary: the inside"), mount._tell)


@pytest.mark.parametrize(("lang", "says"), [("zh", "这一页出错了"), ("en", "This page failed")])
def test_a_bug_is_a_sentence_with_a_way_on_and_no_traceback(lang, says):
    page = AppTest.from_function(fail)
    page.session_state.lang = lang
    page.run()
    assert not page.exception
    [drawn] = page.get("html")
    assert says in drawn.proto.body
    assert 'role="alert"' in drawn.proto.body
    assert '<a class="hy-btn" target="_self" href="">' in drawn.proto.body
    assert "canary" not in drawn.proto.body


def test_the_first_page_has_one_address(client):
    response = client.get("/insights/overview")
    assert (response.status_code, response.headers["location"]) == (308, "./")


@pytest.mark.parametrize("query", ["", "?id=4"])
def test_without_its_slash_the_address_works_too(client, query):
    response = client.get(f"/insights{query}")
    assert response.status_code == 308
    assert response.headers["location"] == f"/insights/{query}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nonsense"),
        ("GET", "overview/deeper"),
        ("GET", "static/index.html"),
        ("GET", "static/js/..%2f..%2findex.html"),
        ("GET", "static/js/nothing.js"),
        ("GET", "_stcore/agent/openapi.json"),
        ("POST", "_stcore/agent/interact"),
        ("POST", "_stcore/agent/mcp"),
        ("GET", "_stcore/metrics"),
        ("PUT", "_stcore/upload_file/1/2"),
        ("GET", "component/x/index.html"),
        ("GET", "app/static/x"),
    ],
)
def test_what_no_page_of_ours_needs_is_closed(client, method, path):
    assert client.request(method, f"/insights/{path}").status_code in (404, 405)


def test_no_other_socket_is_opened(client):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/insights/_stcore/other"):
        pass


def test_a_file_is_packed_once(client, monkeypatch):
    packed = []
    monkeypatch.setitem(_streamlit.PACKERS, "gzip", lambda plain: packed.append(plain) or gzip.compress(b"x"))
    name = script("Balloons")
    with client:
        for _ in range(3):
            assert client.get(f"/insights/static/js/{name}", headers=ZIPPED).content == b"x"
    assert len(packed) == 1
