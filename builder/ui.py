"""The Gradio app: its pages, look and language, mounted at "/" behind everything else."""

import contextlib
import warnings
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import gradio as gr
import gradio.blocks
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from builder import pages, phone
from builder.actions import bound
from builder.actions.bell import bell, have_read
from builder.actions.everything import find, find_said
from builder.actions.opening import opening
from builder.actions.opening import pages as pages_by
from builder.actions.sent_files import sent_file
from builder.actions.whose import ByStore
from builder.pages._look import head, i18n, theme
from builder.pages._panel import panel
from builder.serving import (
    audit_file,
    backup_files,
    bundle,
    clicks,
    gradio_files,
    kept_files,
    manual_pages,
    uploads,
)
from builder.serving.early import Early
from builder.serving.gate import EVENTS, Gate
from builder.serving.hints import Hints
from builder.serving.shared_page import SharedPage
from builder.studio import Studio
from runtime.access.audit.log import Audit
from runtime.access.permissions import Permission, needed
from runtime.plugins import discover
from runtime.server.bundling.packed import Files
from runtime.server.door.guard import USER_HEADER
from runtime.server.door.ways import Entry, Folder, Needs, Way
from runtime.settings import Settings

HERE = Path(__file__).parent
HOME, CHAT = "agents", "play"
"""The page at the root, and the one in which Gradio's own events are sent."""
PAGES = discover(pages, "page")
"""What draws each page, by its file's name, which is its path."""
ACTIONS = discover(pages, "ACTIONS")
"""What each page's script may ask for."""
DOORS = {"" if name == HOME else name: needed(page) for name, page in PAGES.items()}
INSIGHTS = "insights"
"""Streamlit's pages, which say for themselves what their clicks need: all of them are about conversations."""
LEADS = {**DOORS, INSIGHTS: Permission.CONVERSATIONS_READ}
DEEDS = {
    **{"" if name == HOME else name: {needed(one) for one in asked} for name, asked in ACTIONS.items()},
    INSIGHTS: {one for one in Permission if one.area == "conversations"},
}
BEGUN = {
    end: next(needed(one) for one in ACTIONS[page] if one.__name__ == name)
    for end, page, name in (
        ("#new", "agents", "create"),
        ("#import", "agents", "bring"),
        ("#add-model", "models", "set_up"),
        ("#new-base", "bases", "create"),
    )
}
"""What the search over everything can begin, by the end of the address (static/common/commands.js)."""
BAR = (find, find_said, bell, have_read, opening(LEADS, BEGUN), pages_by(LEADS, DEEDS))
"""What the bar on top of every page may ask for."""


def mount(app: Starlette, studio: Studio, settings: Settings, audit: Audit) -> None:
    """Add the builder to `app`. Call it last: the app at "/" swallows every other path."""
    files = Files(gradio_files.FOLDER, gradio_files.light)
    _serve(app, "/assets/{name:path}", files.serve)
    for asset in bundle.assets():
        _serve(app, f"/static/{asset.name}", asset.serve)
    whose = ByStore(studio.control, settings.data / "messages.db")
    tables = {
        name: bound(studio, *actions, whose=whose) for name, actions in (*ACTIONS.items(), ("bar", BAR))
    }
    app.router.routes.extend(SharedPage(studio).routes())
    app.router.routes.extend(kept_files.routes(partial(sent_file, studio)))
    app.router.routes.extend(clicks.routes(tables, audit))
    app.router.routes.extend(manual_pages.routes())
    app.router.routes.extend(audit_file.routes(audit))
    app.router.routes.extend(backup_files.routes(studio, audit))
    app.router.routes.extend(uploads.routes(tables, settings.data / "uploads", audit))
    with warnings.catch_warnings():
        # Gradio says that it does not render on the server even when it is told not to.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        _mount_gradio(app, studio, settings)


def _serve(app: Starlette, path: str, serve: Callable[[Request], Awaitable[Response]]) -> None:
    app.router.routes.append(Way(path, serve, methods=["GET", "HEAD"], needs=Entry.SIGNED_IN))


def _mount_gradio(app: Starlette, studio: Studio, settings: Settings) -> None:
    demo = drawn(studio)
    hints = Hints(demo, HOME)
    for sheet in hints.sheets():
        _serve(app, f"/static/{sheet.name}", sheet.serve)
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        auth_dependency=lambda request: request.headers.get(USER_HEADER),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        i18n=i18n(),
        theme=theme(),
        head=head(),
        favicon_path=str(HERE / "static" / "icon.svg"),
        show_error=False,  # what is raised inside is for the log
    )
    # Only a launched app looks whether a file was uploaded, and a mounted one is never launched.
    demo.has_launched = True
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    gate = Gate(
        Early(mounted.app, hints), PAGES.keys() - {HOME}, {n: len(fn.inputs) for n, fn in demo.fns.items()}
    )
    app.router.routes.append(Folder("/", gate, needs=Entry.SIGNED_IN, inside=_inside()))


def _inside() -> dict[str, Needs]:
    """What Gradio's own paths need: each page what it says, an event what the one page with events says."""
    return {
        **{f"/{path}" if path != HOME else "/": needed(page) for path, page in PAGES.items()},
        **{path: needed(PAGES[CHAT]) for path in EVENTS},
        "/favicon.ico": Entry.ANYBODY,
    }


def drawn(studio: Studio) -> gr.Blocks:
    """Every page with its navigation."""
    phone.surfaces()  # whoever asks first waits until all are imported: nobody who opens a page shall
    demo: gr.Blocks
    with _no_app_of_each_page():
        with gr.Blocks(title="鸿雁 Hongyan", fill_width=True, analytics_enabled=False) as demo:
            panel("common/nav")
            PAGES[HOME](studio)
        for path in sorted(PAGES.keys() - {HOME}):
            with demo.route(path, f"/{path}", show_in_navbar=False):
                panel("common/nav")
                PAGES[path](studio)
    demo.queue(default_concurrency_limit=8, max_size=200, api_open=False)
    # A pool of its own: behind Streamlit's 28 shared threads a callback waits for slow clicks.
    demo.max_threads = 64
    return demo


@contextlib.contextmanager
def _no_app_of_each_page() -> Iterator[None]:
    """At the end of every page Gradio makes an app of those drawn so far, of a hundred routes, and drops it
    at the next: a quarter of our start. `queue` makes the one that events are told of."""
    maker = vars(gradio.blocks)["App"]
    vars(gradio.blocks)["App"] = _NoApp
    try:
        yield
    finally:
        vars(gradio.blocks)["App"] = maker


class _NoApp:
    @staticmethod
    def create_app(*_: object, **__: object) -> None:
        return None
