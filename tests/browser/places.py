"""Every page in every state that somebody can meet: one list, for whoever looks at all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

DIFY = """
kind: app
app: {mode: advanced-chat, name: 售后}
workflow:
  graph:
    nodes:
      - {id: a, data: {type: start, title: 开始, variables: []}}
      - {id: b, data: {type: tool, title: 扣款, provider_id: acme/pay, tool_name: charge}}
      - {id: c, data: {type: answer, title: 回答, answer: "{{#b.text#}}"}}
    edges: [{source: a, target: b}, {source: b, target: c}]
"""


def nothing(page):
    pass


def click(*ids):
    """One after the other, by their test ids."""

    def do(page):
        for id in ids:
            page.get_by_test_id(id).first.click()

    return do


def keys(*names):
    def do(page):
        for name in names:
            page.keyboard.press(name)

    return do


def each(*steps):
    def do(page):
        for step in steps:
            step(page)

    return do


def ask(page):
    """Somebody talks with the agent until it answered; where that was, it was."""
    if page.locator("#chat [data-testid=bot]").count():
        return
    page.locator("#ask textarea").fill("9:30 – 18:00 ?")
    page.locator("#ask textarea").press("Enter")
    expect(page.get_by_test_id("bubble-them").first).to_be_visible()


def bring(page):
    """A file of another product, up to its report."""
    page.get_by_test_id("import").click()
    file = {"name": "desk.yml", "mimeType": "text/yaml", "buffer": DIFY.encode()}
    page.get_by_test_id("import-file").set_input_files(file)


def tour(page):
    page.evaluate("sessionStorage.setItem('hy-tour', 'on')")
    page.reload()


def seek(page):
    page.keyboard.press("Control+k")
    page.get_by_test_id("find").fill("shop-api")


def wrong(page):
    page.locator("input[type=password]").fill("not-the-password")
    page.keyboard.press("Enter")


@dataclass(frozen=True)
class Place:
    """`path` may hold {names} of what the world made; `drawn`, `then`: selectors of what is there before and
    after `do`. `whose`: the world that it needs, "empty" or "full"; "nobody": who is not signed in. `status`:
    of the answer there. `speaks`: whose language it is in, the "reader"'s or the "agent"'s."""

    id: str
    path: str
    drawn: str
    do: Callable = nothing
    then: str = ""
    whose: str = "full"
    status: int = 200
    speaks: str = "reader"

    def open(self, page, /, **made):
        """Go there, and wait until all of it is drawn."""
        page.goto(self.path.format(**made))
        expect(page.locator(self.drawn).first).to_be_visible()
        expect(page.locator(LOADING)).to_have_count(0)
        self.show(page)

    def show(self, page):
        """On its page that is open already."""
        self.do(page)
        if self.then:
            expect(page.locator(self.then).first).to_be_visible()
            expect(page.locator(LOADING)).to_have_count(0)


def walked(places, page, world, measure):
    """Complaints by place, of a page that is opened once. `measure(page, whole)`: whether it was just now."""
    first, *others = places
    first.open(page, **world.made(first.whose))
    found = {first.id: measure(page, whole=True)}
    for place in others:
        closed(page)
        place.show(page)
        found[place.id] = measure(page, whole=False)
    return {id: complaints for id, complaints in found.items() if complaints}


def closed(page):
    """What lies over the page goes, the uppermost first."""
    over = page.locator("dialog[open], [popover]:popover-open:not(.hy-toasts)")
    for _ in range(MOST_OVER):
        if not over.count():
            break
        page.keyboard.press("Escape")
    expect(over).to_have_count(0)
    if page.locator(".fe-veil:visible").count():  # a sheet of the flow editor's on a phone
        page.get_by_test_id("close").click()


MOST_OVER = 3
LOADING = ".hy-loading:visible, p.loading:visible, [data-testid=stSkeleton], [data-stale=true]"
"""Ours, Gradio's, Streamlit's before their parts are there; what Streamlit is about to draw anew is pale."""
PAGES = ("build", "play", "tests", "publish", "bases", "prompts", "models", "safety")


def empty(id, path, do=nothing, then=""):
    drawn = ".hy-empty :is(a, button)" if do is nothing else "h1"
    return Place(f"{id}, nothing yet", path, drawn, do, then, "empty")


EMPTY = (
    empty("agents", "/"),
    empty("people", "/people"),
    empty("sign-in providers", "/sso"),
    empty("the tour", "/", tour, "[data-testid=tour]"),
    empty("notices", "/", click("nav-bell"), "dialog .hy-empty"),
    *(empty(page, f"/{page}") for page in PAGES),
    Place("recently deleted, nothing yet", "/deleted", ".hy-empty", whose="empty"),
    *(
        empty(f"insights {name}".strip(), f"/insights/{name}")
        for name in ("", "conversations", "waiting", "todo", "tickets", "runs", "places")
    ),
)

TO_AN_ACCOUNT = ("other-channels", "channel-wechat")
BUILD, PLAY, PUBLISH, TESTS = (f"/{page}?agent=shop" for page in ("build", "play", "publish", "tests"))
FLOW, BOX, CARD, CASE = ".fe-card", "#ask textarea", ".hy-agent", "[data-testid=cases]"
PROMPT = "/prompts?prompt=clerk"
WRITING = "[data-testid=zh-made]"


def insights(id, path, drawn="h1"):
    return Place(id, f"/insights/{path}", drawn)


FULL = (
    Place("agents", "/", CARD),
    Place("a new agent", "/", CARD, click("new"), "dialog .hy-starter"),
    Place("a starter", "/", CARD, click("new", "look-tea-shop"), "[data-testid=starter-use]"),
    Place("bring", "/", CARD, click("import"), "dialog"),
    Place("a report of an import", "/", CARD, bring, "[data-testid=import-report]"),
    Place("what can be done with an agent", "/", CARD, click("menu"), "[role=menuitem]"),
    Place("another name", "/", CARD, click("menu", "rename"), "dialog"),
    Place("a question before it goes", "/", CARD, click("menu", "delete"), "[data-testid=confirm]"),
    Place("keys", "/", CARD, keys("?"), "dialog"),
    Place("search over everything", "/", CARD, seek, "[data-testid=found]"),
    Place("models", "/models", "h1"),
    Place("a new model", "/models", "h1", click("add-model"), "dialog"),
    Place("a secret", "/models", "h1", click("add-secret"), "dialog"),
    Place("limits", "/limits", "[data-testid=limits]"),
    Place("a key of mine", "/account", "[data-testid=keys-mine]", click("add-key"), "dialog"),
    Place("privacy", "/privacy", "[data-testid=kept]"),
    Place("who gets it", "/privacy", "[data-testid=kept]", click("tab-seen"), "[data-testid=save-headers]"),
    Place("the data map", "/privacy", "[data-testid=kept]", click("tab-map"), "[data-testid=data-map]"),
    Place("security", "/security", "[data-testid=security-page]"),
    Place("backups", "/backups", "[data-testid=backups-plan]"),
    Place("content safety", "/safety", "[data-testid=list-basic]"),
    Place("a word list", "/safety", "[data-testid=list-basic]", click("edit-list"), "dialog"),
    Place("people", "/people", "[data-testid=people]"),
    Place("an invitation", "/people", "[data-testid=people]", click("invite"), "dialog"),
    Place("roles of somebody", "/people", "[data-testid=people]", click("roles-of"), "dialog"),
    Place("what somebody may do", "/people", "[data-testid=people]", click("why"), "dialog tbody tr"),
    Place("a new role", "/people", "[data-testid=people]", click("add-role"), "dialog"),
    Place("sign-in providers", "/sso", "[data-testid=providers]"),
    Place("a new provider", "/sso", "[data-testid=providers]", click("add-provider"), "dialog"),
    Place("the audit log", "/audit", "[data-testid=record]"),
    Place("my account", "/account", "[data-testid=my-sessions]"),
    Place("setting codes up", "/account", "[data-testid=my-sessions]", click("second-on"), "dialog"),
    Place("bases", "/bases", "h1"),
    Place("a new base", "/bases", "h1", click("new-base"), "dialog"),
    Place("a base", "/bases?base=tea", "h1"),
    Place("ask a base", "/bases?base=tea", "h1", click("tab-ask"), "[data-testid=question]"),
    Place("measure a base", "/bases?base=tea", "h1", click("tab-measure"), "[data-testid=measure]"),
    Place("settings of a base", "/bases?base=tea", "h1", click("base-settings"), "dialog"),
    Place("recently deleted", "/deleted", "h1"),
    Place("prompts", "/prompts", "h1"),
    Place("a prompt", PROMPT, WRITING),
    Place("versions of a prompt", PROMPT, WRITING, click("prompt-versions"), "dialog"),
    Place("a better prompt", PROMPT, WRITING, click("better-zh"), "dialog"),
    Place("the flow", BUILD, FLOW),
    Place("a block", BUILD, FLOW, click("block-say"), "[data-testid=inspector]"),
    Place("what is wrong", BUILD, FLOW, click("problems"), "[data-testid=problems]"),
    Place("settings", BUILD, FLOW, click("view-settings"), "[data-testid=agent-name]"),
    Place("JSON", BUILD, FLOW, click("view-json"), "[data-testid=json]"),
    Place("described", BUILD, FLOW, click("describe"), "[data-testid=describe-text]"),
    Place("versions", BUILD, FLOW, click("history"), "[data-testid=versions] .line"),
    Place("a difference", BUILD, FLOW, click("history", "version-look"), "[data-testid=version-dialog]"),
)  # fmt: skip

SHOWN = (
    Place("the playground", PLAY, BOX),
    Place("an answer", PLAY, BOX, ask, "[data-testid=bubble-them]"),
    Place("chats", PLAY, BOX, click("chats"), "dialog"),
    Place("share a chat", PLAY, BOX, each(ask, click("share")), "dialog"),
    Place("how it went", PLAY, BOX, each(ask, click("tab-trace")), ".hy-trace"),
    Place("variables", PLAY, BOX, click("tab-variables"), ".hy-field"),
    Place("rehearse", PLAY, BOX, click("tab-rehearse"), "[data-testid=rehearse-start]"),
    Place("side by side", PLAY, BOX, click("compare"), "[data-testid=column-1]"),
    Place("tests", TESTS, CASE),
    Place("a talk before it is a test", TESTS + "&talk={seq}", "[data-testid=talk-text]"),
    Place("a test", TESTS, CASE, click("edit-hours"), "[data-testid=case-dialog]"),
    Place("a test that ran", TESTS, CASE, click("run-all"), "[data-testid=outcome-hours]"),
    Place("publish", PUBLISH, ".hy-channels"),
    Place("platforms to publish on", PUBLISH, ".hy-channels", click("other-channels"), "#find-channel"),
    Place("ways to try a version", PUBLISH, ".hy-channels", click("trials"), "[data-testid=canary]"),
    Place("publish to an account", PUBLISH, ".hy-channels", click(*TO_AN_ACCOUNT), ".hy-form"),
    Place("publish to the API", PUBLISH, ".hy-channels", click("channel-api"), "[data-testid=create-key]"),
    Place("a turn on the flow", "/turn?message={seq}", FLOW),
    Place("the manual", "/manual/blocks", "main h1"),
    insights("insights", "", "[data-testid=figure-messages]"),
    insights("messages", "conversations", "tbody tr"),
    insights("flows that wait", "waiting", "[class*=st-key-card_wait_]"),
    insights("to do", "todo", "[role=tab]"),
    insights("tickets", "tickets", ".in-ticket"),
    insights("a ticket", "ticket?id={ticket}", "[data-testid=stBaseButton-primary]"),
    insights("feedback", "feedback", "h1"),
    insights("the week", "weekly", "table"),
    insights("runs", "runs", "table"),
    insights("places", "places", "[class*=st-key-card_places_]"),
    insights("a message", "message?id={seq}", ".in-said"),
    insights("a conversation", "conversation?id={seq}", ".in-said"),
    insights("a person", "person?id={seq}"),
    Place("a page that is not there", "/nothing", "main a", status=404),
    Place("a message that is not there", "/insights/message?id=999", "[role=note]"),
    Place("an agent that is not there", "/build?agent=nobody", ".hy-callout.bad"),
    Place("sign out", "/logout", "main button"),
)  # fmt: skip

OUTSIDE = (
    Place("sign in", "/login", "input[type=password]", whose="nobody"),
    Place("a wrong password", "/login", "h1", wrong, "[role=alert]", whose="nobody", status=401),
    Place("a shared chat", "/shared/{token}", "h1", whose="nobody"),
    Place("a shared chat that is gone", "/shared/" + "0" * 32, "h1", whose="nobody", status=404),
    Place("an answer", "/r/{page}", ".answer", whose="nobody", speaks="agent"),
    Place("an answer that is gone", "/r/nothing", "h1", whose="nobody", status=404),
    Place("an invitation that is over", "/invited/x", "h1", whose="nobody", status=410),
    Place("a consent that is over", "/c/x/consent/0123456789abcdef", "h1", whose="nobody", status=410),
)


PLACES = (*EMPTY, *FULL, *SHOWN, *OUTSIDE)
OF_PAGE = {}
"""The places of each page, itself first: one opening of it serves all that are measured."""
for one in PLACES:
    OF_PAGE.setdefault(f"{one.whose} {one.path}", []).append(one)
