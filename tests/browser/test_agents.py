"""What a person does in the gallery."""

import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
from places import DIFY
from playwright.sync_api import expect

from runtime.store.messages.restored import Restored, hold


def card(page, id="shop"):
    return page.get_by_test_id(f"agent-{id}")


def choose(page, action, id="shop"):
    card(page, id).get_by_test_id("menu").click()
    card(page, id).get_by_test_id(action).click()


def test_an_agent_is_made_from_a_starter(page, agents):
    page.goto("/")
    page.get_by_test_id("new").click()
    dialog = page.get_by_test_id("new-dialog")
    dialog.get_by_test_id("new-name").fill("我的客服")
    dialog.get_by_test_id("starter-search").fill("茶铺")
    expect(dialog.locator(".hy-starter")).to_have_count(1)
    dialog.get_by_test_id("starter-tea-shop").click()
    page.wait_for_url("**/build?agent=tea-shop")
    expect(page.get_by_test_id("agent-name")).to_have_value("我的客服")


def test_an_empty_home_leads_to_the_starters(page, agents):
    (agents / "shop.json").unlink()
    page.goto("/")
    page.get_by_test_id("starter-translator").click()
    page.wait_for_url("**/build?agent=translator")


def test_an_agent_is_known_by_a_letter_that_can_be_told_from_a_line(page, agents):
    data = json.loads((agents / "shop.json").read_text("utf-8"))
    (agents / "shop.json").write_text(json.dumps({**data, "name": "「一叶」茶铺"}), encoding="utf-8")
    page.goto("/")
    expect(card(page).locator(".hy-agent-mark")).to_have_text("叶")


@pytest.mark.parametrize("width", [320, 360, 390])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_bar_is_one_line_on_a_phone(window, agents, locale, width):
    page = window(locale=locale, viewport={"width": width, "height": 844})
    page.goto("/")
    boxes = [page.get_by_test_id(f"nav-{name}").bounding_box() for name in ("home", "more")]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 10


def test_a_deleted_agent_comes_back_with_undo(page, agents):
    page.goto("/")
    choose(page, "delete")
    expect(card(page)).to_have_count(0)
    page.get_by_test_id("toast-action").click()
    expect(card(page)).to_be_visible()
    assert (agents / "shop.json").exists()


def test_an_agent_is_renamed_and_copied(page, agents):
    page.goto("/")
    choose(page, "rename")
    page.get_by_test_id("rename-input").fill("新茶铺")
    page.get_by_test_id("rename-save").click()
    expect(card(page)).to_contain_text("新茶铺")
    choose(page, "duplicate")
    expect(card(page, "shop-2")).to_contain_text("新茶铺 副本")


def test_an_agent_is_exported_as_it_is_on_disk(page, agents):
    page.goto("/")
    card(page).get_by_test_id("menu").click()
    with page.expect_download() as started:
        card(page).get_by_test_id("export").click()
    assert started.value.suggested_filename == "shop.json"
    assert json.loads(started.value.path().read_text("utf-8"))["name"] == "茶铺"


def test_an_import_says_which_field_is_wrong_and_then_works(page, agents):
    page.goto("/")
    page.get_by_test_id("import").click()
    bad = {"id": "new", "name": "新", "flow": [{"type": "reply", "id": "say"}]}
    page.get_by_test_id("import-text").fill(json.dumps(bad))
    page.get_by_test_id("import-do").click()
    expect(page.get_by_test_id("import-dialog")).to_contain_text("flow.0.text")
    page.get_by_test_id("import-text").fill(json.dumps({**bad, "flow": []}))
    page.get_by_test_id("import-do").click()
    expect(card(page, "new")).to_be_visible()


def test_a_file_of_another_product_is_reported_made_with_a_stub_and_its_report_kept(page, agents):
    page.goto("/")
    page.get_by_test_id("import").click()
    file = {"name": "desk.yml", "mimeType": "text/yaml", "buffer": DIFY.encode()}
    page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("import-report")).to_contain_text("acme/pay")
    page.get_by_test_id("only-lost").click()
    page.get_by_test_id("stub-b").click()
    expect(page.get_by_test_id("stub-b")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("import-make").click()
    page.wait_for_url("**/build?agent=dify-agent")
    page.get_by_test_id("report-open").click()
    expect(page.get_by_test_id("report-dialog")).to_contain_text("acme/pay")
    page.get_by_test_id("show-stub").click()
    expect(page.get_by_test_id("report-dialog")).to_have_count(0)
    expect(page.get_by_test_id("block-stub")).to_be_visible()
    page.get_by_test_id("report-read").click()
    expect(page.get_by_test_id("report-open")).to_have_count(0)
    page.get_by_test_id("view-settings").click()
    page.get_by_test_id("report-again").click()
    expect(page.get_by_test_id("report-dialog")).to_contain_text("acme/pay")
    flow = json.loads((agents / "dify-agent.json").read_text("utf-8"))["flow"]
    assert [block["type"] for block in flow] == ["note", "set", "reply"]
    page.goto("/")
    choose(page, "export-dify", "dify-agent")
    with page.expect_download() as started:
        page.get_by_test_id("export-save").click()
    assert "kind: app" in started.value.path().read_text("utf-8")


def test_a_folder_of_an_agent_is_downloaded_and_dropped_back(page, agents):
    page.goto("/")
    with page.expect_download() as started:
        choose(page, "export-folder")
    content = started.value.path().read_bytes()
    with zipfile.ZipFile(started.value.path()) as packed:
        assert {"shop/agent.json", "shop/README.md"} <= set(packed.namelist())
    page.get_by_test_id("import").click()
    file = {"name": "shop.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("import-dialog")).to_have_count(0)
    [made] = agents.glob("shop?*.json")
    back = json.loads(made.read_text("utf-8"))
    assert back["flow"] == json.loads((agents / "shop.json").read_text("utf-8"))["flow"]


CLICKS = ("import", "import-make", "go-publish", "channel-api", "go-live")
"""From the list of agents to a file of Dify that is live; the file itself is dropped."""
PAYS = "type: tool, title: 扣款, provider_id: acme/pay, tool_name: charge"


def test_a_file_of_dify_is_imported_and_published_in_a_few_clicks(page, agents):
    text = DIFY.replace(PAYS, "type: answer, answer: 好").replace("售后", "live desk")
    file = {"name": "live.yml", "mimeType": "text/yaml", "buffer": text.encode()}
    page.goto("/")
    for place in CLICKS:
        page.get_by_test_id(place).click()
        if place == "import":
            page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("version-1")).to_contain_text("线上")
    assert len(CLICKS) <= 6


def test_a_broken_file_is_named_and_the_others_still_open(page, agents):
    (agents / "torn.json").write_text("{", encoding="utf-8")
    page.goto("/")
    expect(page.get_by_role("alert")).to_contain_text("torn.json")
    expect(card(page)).to_be_visible()


def test_names_are_shown_and_never_run(page, agents):
    name = '<img src=x onerror="window.hacked=1">${window.hacked=1}{{7*7}}'
    data = json.loads((agents / "shop.json").read_text("utf-8"))
    (agents / "shop.json").write_text(json.dumps({**data, "name": name[:60]}), encoding="utf-8")
    for path in ("/", "/build?agent=shop", "/play?agent=shop", "/publish?agent=shop", "/build"):
        page.goto(path)
        expect(page.get_by_test_id("nav-home")).to_be_visible()
        expect(page.locator(".hy-loading")).to_have_count(0)
        if path.startswith("/play"):  # a page that is left while Gradio asks something complains
            expect(page.get_by_role("button", name="几点开门？")).to_be_visible()
        assert page.evaluate("window.hacked") is None
    expect(page.get_by_text("<img src=x")).to_be_visible()


def test_what_a_restore_holds_back_is_asked_about_and_gone_when_it_was_answered(page, agents, home):
    path = home / "data" / "messages.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        row = "insert into messages(publication, sender, key, kind, text, message, accepted_at)"
        db.execute(f"{row} values('gone', 'u1', 'held-1', 'text', '问', '{{}}', 1)")
        db.execute("begin")
        hold(db)
        db.execute("commit")
    page.goto("/")
    drop = page.get_by_test_id("drop-restored")
    expect(drop).to_be_visible()
    drop.click()
    page.get_by_test_id("confirm").click()
    expect(drop).to_have_count(0)
    assert Restored(path).count() == 0
