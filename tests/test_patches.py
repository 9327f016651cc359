"""What tests change of a module or object from outside is counted, says why, and only becomes less.

A patched test knows how the code is made, and goes on being green when that no longer is used. Where an
argument would do, there is one.
"""

import ast
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
WAYS = ("setattr", "setitem", "delattr", "delitem")
WHY = {
    "a bound that is too far away for a test: gigabytes, thousands, minutes, and deep within what is built": {
        "builder/serving/test_uploads.py": 1,
        "builder/test_kept_chats.py": 2,
        "builder/test_long_work.py": 2,
        "builder/test_sent_files.py": 1,
        "builder/test_shared_chat.py": 1,
        "builder/test_suites_page.py": 2,
        "runtime/gateway/test_held.py": 1,
        "runtime/gateway/test_shared_links.py": 1,
        "runtime/knowledge/test_bases.py": 1,
        "runtime/models/test_routed.py": 1,
        "runtime/network/test_odd_imap.py": 1,
        "runtime/server/api/test_later_answers.py": 1,
        "runtime/server/people/test_own_things.py": 2,
        "runtime/server/people/test_read_in_pieces.py": 1,
        "runtime/server/test_light_sockets.py": 1,
        "runtime/store/database/test_postgres_beside.py": 1,
        "runtime/store/database/test_unusable.py": 1,
        "runtime/store/messages/test_instances.py": 1,
    },
    "what breaks or comes between at that very moment: a disk, a store, a death, another process": {
        "builder/test_described_elsewhere.py": 1,
        "builder/test_kept_chats.py": 1,
        "builder/test_made_of_people.py": 2,
        "runtime/agents/test_library.py": 1,
        "runtime/gateway/test_held.py": 2,
        "runtime/gateway/test_in_order.py": 1,
        "runtime/gateway/test_in_time.py": 2,
        "runtime/gateway/test_several.py": 10,
        "runtime/knowledge/test_indexing.py": 2,
        "runtime/simulator/one_life.py": 1,
        "dying.py": 1,
        "runtime/store/control/test_key_rotation.py": 1,
        "runtime/store/database/test_postgresql.py": 2,
        "runtime/store/messages/test_restored.py": 1,
        "runtime/store/test_moving.py": 1,
        "runtime/test_trash.py": 1,
    },
    "it only counts, or looks, how it is done: what is asked of the store, made, or run where": {
        "builder/test_gradio_events.py": 1,
        "builder/test_insights_mount.py": 1,
        "runtime/gateway/test_waits.py": 1,
        "runtime/publish/test_doctor.py": 1,
        "runtime/store/database/test_abreast.py": 2,
        "runtime/store/database/test_postgresql.py": 2,
        "runtime/store/messages/test_spending.py": 1,
        "runtime/turn/test_guarded_turns.py": 1,
    },
    "several machines in one process: what each is called, and where its store lies": {
        "conftest.py": 3,
        "runtime/gateway/test_members_limits_shared.py": 2,
        "runtime/gateway/test_several.py": 5,
    },
    "what is of the process, or a library's: its input, clock, folders, programs, Streamlit's page": {
        "builder/test_gradio_events.py": 1,
        "builder/test_insights_pages.py": 1,
        "builder/test_insights_parts.py": 1,
        "builder/test_kept_back.py": 1,
        "builder/test_nested_turns.py": 2,
        "builder/test_rehearsal.py": 1,
        "builder/test_times_alike.py": 1,
        "builder/test_together.py": 1,
        "languages.py": 1,
        "runtime/channels/test_dingtalk.py": 4,
        "runtime/cli/commands.py": 1,
        "runtime/gateway/test_runs.py": 1,
        "runtime/server/api/test_key_check.py": 1,
        "runtime/server/api/test_openai_docs.py": 3,
        "runtime/tools/test_browser.py": 2,
    },
    "a whole command or page, of which one answer from outside is given": {
        "builder/test_bell.py": 1,
        "runtime/channels/test_contract_told.py": 1,
        "runtime/cli/test_cli_models.py": 1,
        "runtime/cli/test_cli_testing.py": 2,
        "runtime/gateway/test_files_made.py": 2,
        "runtime/simulator/test_media.py": 2,
    },
}


def patches(source):
    """Of attributes and items; an environment is an argument of a program."""
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            (node.func.attr in WAYS and "monkeypatch" in ast.unparse(node.func.value))
            or ast.unparse(node.func).removeprefix("unittest.") in ("mock.patch", "mock.patch.object")
        )
        for node in ast.walk(ast.parse(source))
    )


def test_what_is_patched_says_why_and_becomes_less():
    allowed = sum((Counter(files) for files in WHY.values()), Counter())
    found = Counter(
        {
            file.relative_to(TESTS).as_posix(): count
            for file in TESTS.rglob("*.py")
            if (count := patches(file.read_text("utf-8")))
        }
    )
    assert found - allowed == Counter(), "an argument may do: time, a client, a folder, a bound"
    assert allowed - found == Counter(), "there are fewer: take them out of the table"


def test_patches_are_found():
    for one in (
        "monkeypatch.setattr(x, 'y', 1)",
        "self.monkeypatch.setattr(x, 'y', 1)",
        "monkeypatch.setitem(x, 'y', 1)",
        "with mock.patch.object(x, 'y', 1): pass",
        "with unittest.mock.patch('x.y'): pass",
    ):
        assert patches(one) == 1, one
    assert patches("monkeypatch.setenv('X', 'y'); setattr(x, 'y', 1)") == 0
