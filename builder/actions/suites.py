"""The clicks of the test sets' page: see the cases with what the newest runs came to, change them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import IO, Any

from builder.actions import pair
from builder.actions.build import choices
from builder.actions.history import versions
from builder.actions.lasting import brief, lasts
from builder.actions.made_of import all_of
from builder.actions.suite_runs import running
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.bases import used
from runtime.agents.beside import LARGEST, files_folder, keep_file
from runtime.blocks import GrantsTools
from runtime.blocks import registry as blocks
from runtime.errors import BadMedia, HongyanError
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.testing.attaching import TOO_LARGE
from runtime.testing.checks import registry
from runtime.testing.gate import Standing, standing, standing_of
from runtime.testing.kept_runs import KeptRuns, subject_of
from runtime.testing.suite import Case, Given, Line, Suite
from runtime.testing.suites import Suites

Json = dict[str, Any]
LIGHT = ("digest", "ok", "seconds", "yuan")
"""What the table tells of a case; the rest is asked for when somebody looks."""
VERSIONS = 30
"""That can be chosen."""


@needs(Permission.AGENTS_VIEW, on="id")
@brief("what is kept here, and how far a run is")
async def overview(studio: Studio, who: Actor, id: str, lang: str = "zh") -> Json:
    """Everything the page shows. Raises NotFound, BadAgent."""
    return {**await asyncio.to_thread(_overview, studio, who, id, lang), "running": await running(studio, id)}


def _overview(studio: Studio, who: Actor, id: str, lang: str) -> Json:
    file = studio.library.get(id)
    suite, revision = suites(studio).open(id)
    runs = KeptRuns(studio.settings.data).all(id)
    subject = subject_of(file.agent, studio.settings.home)
    return {
        "agent": {"id": id, "name": file.agent.name},
        "draft": studio.library.open(id).is_draft,
        "suite": suite.to_json(),
        "revision": revision,
        "standing": standing(suite, runs, subject).to_json(),
        "runs": _light(runs, subject),
        "forms": forms(),
        "known": {**_known(studio, file.agent, lang), "models": choices(studio, who, lang)["models"]},
        "versions": _versions(studio, id),
        "may": {"edit": who.may(Permission.AGENTS_EDIT, id), "run": who.may(Permission.AGENTS_RUN, id)},
    }


@needs(Permission.AGENTS_EDIT, on="id")
def save_suite(studio: Studio, id: str, suite: Mapping[str, Any], revision: str) -> Json:
    """Raises BadAgent that names the field, Conflict, NotFound, NotSaved."""
    checked = Suite.load(suite)
    revision = suites(studio).save(id, checked, revision)
    runs = KeptRuns(studio.settings.data).all(id)
    subject = subject_of(studio.library.get(id).agent, studio.settings.home)
    found = standing(checked, runs, subject)
    return {"suite": checked.to_json(), "revision": revision, "standing": found.to_json()}


@needs(Permission.AGENTS_VIEW, on="id")
def outcome(studio: Studio, id: str, at: float, case: str) -> Json | None:
    """All that is known of how a case of that run ended; None when it is no longer kept."""
    for run in KeptRuns(studio.settings.data).all(id):
        if run["at"] == at:
            found: Json | None = run["cases"].get(case)
            return found and {
                **found,
                "titles": {name: pair(one.about.title) for name, one in blocks().items()},
                "at": _answered_at(studio, id, found),
            }
    return None


def _answered_at(studio: Studio, id: str, found: Json) -> str:
    """Where in the flow the block stands whose answer was not as it should be; "" where that is not known."""
    line = min((one["line"] for one in found.get("missed", ())), default=0)
    lines = found.get("lines", ())
    events = lines[line - 1] if 0 < line <= len(lines) else ()
    places = {block.id: path for path, block in studio.library.get(id).agent.walk()}
    began = [one["block"] for one in events if one.get("type") == "block_started" and not one.get("within")]
    return next((places[block] for block in reversed(began) if block in places), "")


@needs(Permission.AGENTS_EDIT, on="id")
@lasts(Text("正在收下文件", "Taking the file in"))
async def keep_test_file(studio: Studio, id: str, name: str, file: IO[bytes]) -> Json:
    """Beside the suite, for a line to have. Raises NotFound, BadMedia, NotSaved."""
    content = await off_loop(file.read, LARGEST + 1)
    if len(content) > LARGEST:
        raise BadMedia(TOO_LARGE.fill(most=LARGEST // 1_000_000), code="too_large")
    return {"name": await off_loop(attach, studio, id, name, content)}


def attach(studio: Studio, id: str, name: str, content: bytes) -> str:
    """What it is called beside the suite. Raises NotFound, BadMedia, NotSaved."""
    studio.library.get(id)
    return attach_to(suites(studio), id, name, content)


def attach_to(suites: Suites, id: str, name: str, content: bytes) -> str:
    shown = "".join("_" if sign in "/\\" else sign for sign in str(name) if sign.isprintable()).strip(". ")
    suite, _ = suites.open(id)
    wanted = {name for case in suite.cases for line in case.lines for name in line.files}
    folder = files_folder(id, suites.agents)
    return keep_file(folder, shown[-80:].strip(". ") or "file", content, wanted)


@needs(Permission.AGENTS_VIEW, on="id")
def case_lines(studio: Studio, id: str, case: str) -> Json | None:
    """What is said in it, for the playground; None when it is gone. Raises BadAgent."""
    suite, _ = suites(studio).open(id)
    found = next((one for one in suite.cases if one.id == case), None)
    if found is None:
        return None
    lines = [line.says for line in found.lines]
    return {"title": found.title or lines[0], "lines": lines, "variables": found.variables}


def add_case(suites: Suites, id: str, case: Mapping[str, Any]) -> str:
    """One more at the end, under an id that no other has. Raises BadAgent, NotFound, NotSaved."""
    suite, revision = suites.open(id)
    taken = {one.id for one in suite.cases}
    number = len(taken) + 1
    while f"case-{number}" in taken:
        number += 1
    made = f"case-{number}"
    data = suite.to_json()
    cases = [*data.get("cases", []), {**case, "id": made}]
    came = _came(data.get("came", {}), case)
    suites.save(id, Suite.load({**data, "cases": cases, "came": came}), revision)
    return made


def _came(before: Mapping[str, Json], case: Mapping[str, Any]) -> Json:
    """With the files of this one, if real people sent them."""
    whose = case.get("made_of", [])
    names = [name for line in case["lines"] for name in line.get("files", ())] if whose else []
    own = {name: {"made_of": all_of([*before.get(name, {}).get("made_of", []), *whose])} for name in names}
    return {**before, **own}


def tested(studio: Studio, agent: Agent) -> Standing:
    """How its tests ended, for whoever publishes it."""
    return standing_of(agent, studio.library.folder, studio.settings.data)


def suites(studio: Studio) -> Suites:
    return Suites(studio.library.folder, studio.settings.data)


def forms() -> Json:
    """What the forms ask: of each kind of check its words and its schema, of a line, a case and a result."""
    return {
        "checks": {name: _form(kind) for name, kind in registry().items()},
        "line": Line.model_json_schema(),
        "case": Case.model_json_schema(),
        "given": Given.model_json_schema(),
    }


def _form(kind: Any) -> Json:
    schema = kind.model_json_schema()
    schema["properties"].pop("type")
    schema["required"] = [name for name in schema.get("required", ()) if name != "type"]
    return {"about": pair(kind.about), "schema": schema}


def _known(studio: Studio, agent: Agent, lang: str) -> Json:
    """What fields suggest: the agent's blocks, the tools it may call, the files of its bases."""
    kinds = blocks()
    found = [
        {"value": block.id, "title": block.title or kinds[block.type].about.title.to(lang)}
        for _, block in agent.walk()
    ]
    tools = [
        tool.name or tool.type
        for _, block in agent.walk()
        if isinstance(block, GrantsTools)
        for _, tool in block.granted()
    ]
    return {
        "blocks": found,
        "tools": sorted(set(tools)),
        "sources": sorted(_sources(studio, agent)),
        "variables": [one.model_dump() for one in agent.variables],
    }


def _sources(studio: Studio, agent: Agent) -> set[str]:
    names = set[str]()
    for base in {base for _, base in used(agent)}:
        try:
            names |= {source.file for source in studio.bases.get(base).sources}
        except HongyanError:  # it is gone, which the build page tells
            continue
    return names


def _light(runs: Sequence[Json], subject: str) -> list[Json]:
    """Without what the table does not show; each case with how it ended the time before on such a side."""
    return [
        {
            **{key: value for key, value in run.items() if key != "cases"},
            "current": run.get("subject") == subject,
            "cases": {
                id: {name: one.get(name) for name in LIGHT} | _before(id, one, run, runs[place + 1 :])
                for id, one in run["cases"].items()
            },
        }
        for place, run in enumerate(runs)
    ]


def _before(id: str, now: Json, run: Json, older: Sequence[Json]) -> Json:
    """`was`: whether it was passed then, None where it was not run; `differs`: it answers something else."""
    alike = (one["cases"].get(id) for one in older if one.get("model") == run.get("model"))
    before = next((one for one in alike if one), None)
    if before is None:
        return {"was": None, "differs": False}
    return {"was": before["ok"], "differs": before["answers"] != now["answers"]}


def _versions(studio: Studio, id: str) -> list[Json]:
    keys = ("key", "kind", "at", "note", "number", "where")
    some = [one for one in versions(studio, id) if one["kind"] == "published" or one["note"]]
    return [{key: one[key] for key in keys if key in one} for one in some[:VERSIONS]]
