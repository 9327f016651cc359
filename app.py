"""Hongyan (鸿雁): build agents, publish them to WeChat. `python app.py` serves everything on one port."""

import contextlib
import os
import secrets
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if sys.platform == "win32":  # before what only other systems have is imported
    sys.exit(
        "鸿雁在 Windows 上要用 WSL 2：运行 wsl --install，再在里面照 README 安装。\n"
        "On Windows, Hongyan runs in WSL 2: run wsl --install, then install it in there as the README says."
    )

from runtime import languages
from runtime.errors import BadSettings, HongyanError
from runtime.lang import Text
from runtime.server import logs
from runtime.server.listener import listen
from runtime.server.lock import only_one
from runtime.server.role import BUILDER, LEFT_TO_GATEWAY, Role, say_where
from runtime.settings import Settings
from runtime.store.home import home_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from runtime.server.program import Program
    from runtime.store.control.control import Control

FAILED = 2
CUT_OFF = 141
"""As shells say it of a program whose reader, such as `head`, has gone (SIGPIPE)."""
BESIDE = Text(
    "消息由同一文件夹上的另一个进程处理；这里收到的会转给它，它停了就由这里接手。",
    "Another process on this folder works on the messages; what comes here is passed on to it, "
    "and when it is gone, this one takes over.",
)

UPDATED = Text(
    "这里的表是旧版本的（格式 {version}），升级前已备份到 {file}。退回旧版本：停下程序，用旧版本运行 "
    "python app.py restore 这个文件。",
    "The tables here were of an older version (format {version}) and were backed up before they change: "
    "{file}. To go back, stop the program and run python app.py restore of the older version with it.",
)


def main(given: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    try:
        settings = Settings.from_environment()
        logs.set_up(settings.log, settings.log_format)
        speak(settings)
        try:
            return run(list(given), settings)
        finally:
            sys.stdout.flush()  # here, where its failure can be told
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains as it ends
        return CUT_OFF
    except HongyanError as e:
        from runtime.cli.commands import tell

        tell(e)
        return FAILED
    except OSError as e:
        from runtime.cli.commands import tell

        tell(refused_by_system(e))
        return FAILED
    except KeyboardInterrupt:
        return 0


def run(given: Sequence[str], settings: Settings) -> int:
    """On the files of the home, wherever they are; the exit code. Raises HongyanError."""
    if given in ([], ["run"], ["gateway"]):
        with home_of(settings.home, settings.secret_key):
            serve(settings, with_builder=given != ["gateway"])
        return 0
    from runtime.cli import arguments, commands

    options = arguments.parser().parse_args(given)
    if options.command == "gateway":
        from runtime.server import workers

        with home_of(settings.home, settings.secret_key):
            keep_what_was(settings)
        return workers.run(options.workers, settings)
    with home_of(settings.home, settings.secret_key, also_left=options.also_left):
        if not options.also_older:
            keep_what_was(settings)
        commands.execute(options, settings)
    return 0


def keep_what_was(settings: Settings) -> None:
    """Before this version changes an older one's tables. Raises NotSaved, BadSettings: then it may not."""
    from runtime.backups.before_update import VARIABLE, keep
    from runtime.cli.spoken import spoken

    if kept := keep(settings.home, settings.update_backup):
        sys.stderr.write(f"{spoken(UPDATED.fill(version=kept.version, file=kept.shown))}\n")
        os.environ[VARIABLE] = "off"  # for those that this process starts


def speak(settings: Settings) -> None:
    """Find the languages of the owner's own. Raises BadSettings."""
    try:
        languages.look_also_in(settings.languages)
    except ValueError as e:
        text = Text(
            "语言文件读不了：{why}。请改好，或把它移走。",
            "A language's file cannot be read: {why}. Mend it, or take it away.",
        )
        raise BadSettings(text.fill(why=e), field="HONGYAN_TEXTS") from None


def refused_by_system(error: OSError) -> HongyanError:
    """What the system refused, in words: no folder, no rights, no space."""
    place = error.filename or "?"
    return HongyanError(
        Text(
            "「{place}」用不了（{why}）。请检查磁盘、路径和权限。",
            "{place!r} cannot be used ({why}). Check disk, path and permissions.",
        ).fill(place=place, why=error.strerror or error)
    )


def serve(settings: Settings, *, with_builder: bool) -> None:
    """Serve until stopped. Raises HongyanError when it cannot start."""
    with contextlib.ExitStack() as held:
        role = take_tasks(held, settings, with_builder=with_builder)
        listener = held.enter_context(listen(settings))
        if with_builder:
            say_where(settings)

        # Here, because they take a second, and whoever calls meanwhile should find the port open.
        from runtime.server.app import guarded, make_app
        from runtime.server.door.while_live import Stop
        from runtime.server.program import build_program
        from runtime.server.serve import serve as serve_forever
        from runtime.store.control.control import Control
        from runtime.store.installation import Installation

        keep_what_was(settings)
        control = Control.in_folder(settings.data, settings.secret_key)
        password = first_password(control, settings) if with_builder else ""
        installation = Installation(settings.data)
        installation.check()
        program = build_program(settings, control)
        if role.is_ours:
            installation.take()
        app = make_app(program, role)
        if with_builder:
            _mount_builder(app, program, settings)
        stop = Stop()

        async def wind_down() -> None:
            stop.now()  # first, so that open pages do not hold up the end
            await program.gateway.wind_down()

        serve_forever(
            guarded(app, program, role, stop),
            listener,
            lambda: greet(settings, control, password),
            wind_down,
        )


def _mount_builder(app: "Starlette", program: "Program", settings: Settings) -> None:
    # Only here: the gateway alone must start in a second.
    from builder import ui
    from builder.insights import mount as insights
    from runtime.server.app import audit_of

    audit = audit_of(program)
    insights.mount(app, program.control, program.gateway, settings.data, audit, program.searching.grouped)
    ui.mount(app, program, settings, audit)


def take_tasks(held: contextlib.ExitStack, settings: Settings, *, with_builder: bool) -> Role:
    """One builder and one gateway may share a home, in any order. Raises Conflict for a second of a kind."""
    held.enter_context(only_one(settings.data, BUILDER if with_builder else "beside"))
    role = Role(settings, LEFT_TO_GATEWAY if with_builder else 0.0)
    held.callback(role.leave)
    if not role.take():
        print(BESIDE, flush=True)
    return role


def first_password(control: "Control", settings: Settings) -> str:
    """Give the builder a password at first start; return it when it was made up here, to be shown once."""
    from runtime.access.actor import OWNER
    from runtime.access.users import Users

    users = Users(control)
    if users.exists():
        return ""
    if settings.password:
        users.set_password(OWNER.id, settings.password)
        return ""
    if not settings.is_local:
        raise BadSettings(
            Text(
                "要让别的机器访问（HONGYAN_HOST={host}），请先用 HONGYAN_PASSWORD 设置密码。",
                "To be reachable from other machines (HONGYAN_HOST={host}), "
                "set a password in HONGYAN_PASSWORD first.",
            ).fill(host=settings.host),
            field="HONGYAN_PASSWORD",
        )
    password = secrets.token_urlsafe(12)
    users.set_password(OWNER.id, password)
    return password


def greet(settings: Settings, control: "Control", password: str) -> None:
    """Say where we are, and what is needed to go on."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines = [f"鸿雁已启动 / Hongyan is ready: http://{host}:{settings.port}"]
    if password:
        lines.append(f"登录密码（只显示这一次）/ password, shown only now: {password}")
    if not control.default_model():
        lines.append(
            "还没有设置模型，先用内置的演示模型。 / No model is set yet: the built-in demo model answers."
        )
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
