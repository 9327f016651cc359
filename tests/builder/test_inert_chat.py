"""The playground's chat: inert on its way out, as it was written on its way back."""

import html

import pytest
from gradio_client.utils import is_file_obj_with_meta

from builder.actions.sent_files import said, shown_message
from builder.inert_chat import InertChat, as_written

ANSWER = {"role": "assistant", "metadata": {"id": "answer"}}
WRITTEN = [
    "**好**\n\n- 一\n- 二",
    "",
    '<div class="hy-said" data-said="x">"</div>',
    "```\na\n\n\nb\n```",
    "a & b &amp; c &#10; $$x$$ \\(y\\)",
    "\u202e逆",
    "\r\n行",
]


@pytest.fixture(scope="module")
def chat():
    return InertChat()


def there(chat, *messages):
    return chat.postprocess(list(messages))


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
@pytest.mark.parametrize("role", ["user", "assistant"])
def test_what_comes_back_is_what_was_written(chat, role, written):
    """Of a message that is edited, an event has the HTML that the browser holds."""
    (said,) = there(chat, {"role": role, "content": written, "metadata": {"id": "answer"}})
    assert as_written(said["content"][0]["text"]) == written


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
def test_it_is_one_block_of_html_that_no_reader_of_markdown_looks_into(chat, written):
    (message,) = there(chat, {**ANSWER, "content": written})
    (part,) = message["content"]
    assert part["text"].startswith("<div class=")
    assert part["text"].endswith("</div>")
    assert "\n" not in part["text"]


def test_what_an_answer_says_is_text(chat):
    said = (
        "<form action=/gradio_api><button style='position:fixed'>x</button></form> ![x](https://evil/p.png)"
    )
    (message,) = there(chat, {**ANSWER, "content": said})
    shown = message["content"][0]["text"].partition('">')[2]
    assert "<form" not in shown
    assert "<button" not in shown
    assert "<img" not in shown
    assert "&lt;form action=/gradio_api&gt;" in shown


def test_what_a_person_writes_is_no_markdown(chat):
    (message,) = there(chat, {"role": "user", "content": "**a**\n<b>"})
    assert message["content"][0]["text"].endswith("<p>**a**<br>&lt;b&gt;</p></div>")


def test_a_tools_name_is_text(chat):
    title = "<img src=x> ![x](https://evil/p.png) **查** get_order"
    message = {"role": "assistant", "content": "", "metadata": {"id": "step.1", "title": title}}
    (shown,) = there(chat, message)
    assert not set("<>![]()*") & set(shown["metadata"]["title"])
    assert html.unescape(shown["metadata"]["title"]) == title


def test_a_block_that_the_page_changed_is_as_inert(chat):
    """Gradio makes a component anew when one of its settings changes."""
    again = chat.__class__(**chat.constructor_args | {"examples": [{"text": "x"}]})
    assert "&lt;form&gt;" in there(again, {**ANSWER, "content": "<form>"})[0]["content"][0]["text"]
    assert again.get_block_name() == "chatbot"
    assert again.get_config()["sanitize_html"] is True
    assert again.get_config()["latex_delimiters"] == []


PICTURE = {"name": '<img src=x> "图".png', "kind": "image", "hash": "0" * 64, "type": "image/png", "bytes": 7}


def shown(text, files):
    return shown_message(said(text, files))


def test_files_are_parts_of_gradios_own_by_an_address_of_ours_and_of_no_file_on_the_disk(chat):
    (message,) = there(
        chat, shown("看", [PICTURE, {**PICTURE, "hash": "1" * 64, "kind": "file", "type": "x"}])
    )
    picture, file, text = message["content"]
    assert (picture["type"], file["type"], text["type"]) == ("file", "file", "text")
    assert "📎" not in text["text"]
    assert as_written(text["text"]) == "看"
    assert picture["file"]["url"].startswith(f"gradio_api/file=kept/{'0' * 64}/")
    assert not set('<> "') & set(picture["file"]["url"])
    assert (picture["file"]["mime_type"], picture["file"]["orig_name"]) == ("image/png", PICTURE["name"])
    assert not any(is_file_obj_with_meta(part.get("file")) for part in message["content"])
    (only,) = there(chat, shown("", [PICTURE]))
    assert [part["type"] for part in only["content"]] == ["file"]


@pytest.mark.parametrize("told", ["x", "[7]", '[{"hash": "../../etc/passwd", "kind": "image"}]', "[" * 9999])
def test_what_is_no_kept_file_is_none(chat, told):
    message = {"role": "user", "content": "📎 a\n看", "metadata": {"id": "files", "log": told}}
    assert [part["type"] for part in there(chat, shown_message(message))[0]["content"]] == ["text"]
