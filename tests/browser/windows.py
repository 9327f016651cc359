"""Browser windows that one test after the other uses: a warm one shows a page in half of the time."""

import itertools
import json
from collections import OrderedDict
from pathlib import Path

CHANGES = ("on", "once", "route", "add_init_script", "expose_function", "close")
OF_THE_CONTEXT = ("route", "set_offline", "clear_cookies", "add_init_script", "new_cdp_session", "new_page")
MOST_KEPT = 4
"""Of those that nobody uses just now: each is a process of 100 MB."""
LEAVING = "hy-leaving"
REFUSED = "Failed to load resource"
"""What the browser says of an answer that is a refusal, with its address."""
TELL = f"if (top === self) addEventListener('beforeunload', () => console.debug('{LEAVING}'))"
"""Gradio ends its streams then, and complains of the end."""


class Windows:
    """`open` one with the options of a context, `give_back` what was opened.

    What a test left is gone when the next one gets it: storage, cookies, the page. What cannot be taken back
    (listeners, routes, being offline) is refused, unless the window was asked for with `own`.
    """

    def __init__(self, browser, site, state):
        self._browser, self._site, self._state = browser, site, state
        self._kept = OrderedDict()
        self._used = []
        self._complaints = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for page in itertools.chain(*self._kept.values()):
            page.context.close()

    def open(self, own=False, **more):
        options = {
            "locale": "zh-CN",
            "viewport": {"width": 1440, "height": 900},
            "storage_state": self._state,
            "permissions": ["clipboard-write"],  # which a browser with windows gives to whoever clicks
            **more,
        }
        key = json.dumps(options, sort_keys=True)
        page = None if own else (self._kept.pop(key, None) or [None]).pop()
        page = page or self._made(options, own)
        self._used.append((None if own else key, options, page))
        return page

    def _made(self, options, own):
        context = self._browser.new_context(base_url=self._site, reduced_motion="reduce", **options)
        context.set_default_timeout(15_000)
        context.add_init_script(TELL)
        page = context.new_page()
        self._listen(page)
        page.on("request", lambda asked: self._is_elsewhere(asked.url) and self._complaints.append(asked.url))
        if not own:
            for owner, names in ((page, CHANGES), (context, OF_THE_CONTEXT)):
                for name in names:
                    setattr(owner, name, refused(name))
        return page

    def _listen(self, page):
        """Until it is left: what it says from then on until the next one is there is no complaint. What is
        said later of an address that this one never asked for, the browser says of the page before."""
        left, asked = set(), set()

        def hear(text, complains, of=""):
            if text == LEAVING:
                left.add(page)
            elif complains and not left and not text.startswith(REFUSED):
                self._complaints.append(text)
            elif complains and not left and of in asked:
                self._complaints.append(f"{text} {of}")

        def asks(request):
            if request.is_navigation_request() and request.frame == page.main_frame:
                asked.clear()
            asked.add(request.url)

        page.on("request", asks)
        page.on("pageerror", lambda error: hear(str(error), True))
        page.on("console", lambda told: hear(told.text, told.type == "error", told.location.get("url", "")))
        page.on("framenavigated", lambda frame: frame == page.main_frame and left.clear())

    def _clean(self, page, options):
        context = page.context
        page.goto("/health")  # of the same site, and without a script that could keep anything
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.emulate_media(media="null", color_scheme="null", forced_colors="null")
        page.set_viewport_size(options["viewport"])
        type(context).clear_cookies(context)
        if options["storage_state"]:
            context.add_cookies(json.loads(Path(self._state).read_text("utf-8"))["cookies"])

    def _is_elsewhere(self, url):
        return not url.startswith((self._site, "data:", "blob:"))

    def give_back(self):
        """What the pages complained of meanwhile, not while they were left."""
        told = list(self._complaints)
        for key, options, page in self._used:
            if key is None:
                page.context.close()
                continue
            self._clean(page, options)
            self._kept.setdefault(key, []).append(page)
        self._used.clear()
        while sum(map(len, self._kept.values())) > MOST_KEPT:
            key = next(iter(self._kept))
            self._kept[key].pop(0).context.close()
            if not self._kept[key]:
                del self._kept[key]
        self._complaints.clear()
        return told


def refused(name):
    def call(*_, **__):
        raise AssertionError(f"{name}() would stay for the next test: ask for window(own=True)")

    return call
