"""A window tells what its page complains of, but for what it says while it is left."""

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
