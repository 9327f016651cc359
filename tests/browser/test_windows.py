"""A window tells what its page complains of, but for what it says while it is left."""

from types import SimpleNamespace

from windows import REFUSED, Windows

COMPLAIN = "() => { console.error('told'); setTimeout(() => { throw new Error('thrown'); }) }"
LEAVE = """() => addEventListener("beforeunload", () => {
    console.error("told");
    Promise.reject(new Error("ended"));
})"""


def test_a_page_complains_until_it_is_left(windows):
    page = windows.open()
    page.goto("/login")
    page.evaluate(COMPLAIN)
    page.wait_for_timeout(0)
    page.evaluate(LEAVE)
    page.goto("/login")
    page.evaluate("() => console.error('of the next one')")
    assert windows.give_back() == ["told", "thrown", "of the next one"]


class Told:
    """A page that tells what a browser would."""

    main_frame = object()

    def __init__(self, windows):
        self._hears = {}
        windows._listen(self)

    def on(self, event, hear):
        self._hears[event] = hear

    def asks(self, url, opens=False):
        asked = SimpleNamespace(url=url, frame=self.main_frame, is_navigation_request=lambda: opens)
        self._hears["request"](asked)
        if opens:
            self._hears["framenavigated"](self.main_frame)

    def is_refused(self, url):
        told = SimpleNamespace(type="error", text=f"{REFUSED}: status of 404", location={"url": url})
        self._hears["console"](told)


def test_what_is_refused_to_the_page_before_is_no_complaint_of_the_next():
    windows = Windows(None, "http://here", None)
    page = Told(windows)
    page.asks("http://here/one", opens=True)
    page.asks("http://here/gone.js")
    page.is_refused("http://here/gone.js")
    page.asks("http://here/two", opens=True)
    page.is_refused("http://here/gone.js")  # once more, late
    page.is_refused("http://here/two")
    refused = f"{REFUSED}: status of 404"
    assert windows.give_back() == [f"{refused} http://here/gone.js", f"{refused} http://here/two"]
