"""How much of other people's files comes along: `python -m bench.imports FOLDER…` reads whatever is in them.

Prints by product how many files were read, and which share of their nodes became blocks; then why the others
did not. Files named alike in two products (`01-desk.dify.yml`, `Workflow-desk-draft-1.zip`) are run with one
model that always says the same: what both have must come in one order.
"""

import argparse
import asyncio
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime import elsewhere
from runtime.agents.agent import Agent
from runtime.engine import run
from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.message import Message
from runtime.models.completion import Answer
from runtime.templating.prompts import Prompts
from runtime.turn.events import BlockFinished, Waited
from runtime.turn.turn import Services
from runtime.turn.waiting import Came, Past

ENDINGS = (".yml", ".yaml", ".json", ".zip", ".png", ".md")
NAMED = ("skill.md", "agents.md")
SHOWN = 12
"""Reasons of each product."""
SAID = "好的"
MOST_ANSWERS = 10


@dataclass
class Tally:
    files: int = 0
    read: int = 0
    states: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    """What stayed behind that is no node: lines, variables, settings."""
    seconds: float = 0.0

    @property
    def covered(self) -> float:
        """Share of the nodes that became a block, or nearly one."""
        nodes = self.states.total()
        return 1 - self.states["lost"] / nodes if nodes else 1.0


def files(folders: list[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            is_text = path.suffix != ".md" or path.name.lower() in NAMED
            if path.is_file() and path.suffix.lower() in ENDINGS and is_text:
                yield path


def tallied(folders: list[str]) -> tuple[dict[str, Tally], dict[str, dict[str, Agent]]]:
    """By product; and by what a file is about, the agent of each product."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    about: dict[str, dict[str, Agent]] = defaultdict(dict)
    for path in files(folders):
        began = time.process_time()
        try:
            document = elsewhere.opened(path.read_bytes(), path.name)
            product = elsewhere.product_of(document)
        except HongyanError as e:
            tallies["?"].files += 1
            tallies["?"].why[f"{path.name[:60]}: {e.text.en}"] += 1
            continue
        tally = tallies[product or "?"]
        tally.files += 1
        try:
            found = elsewhere.brought(document)
        except HongyanError as e:
            tally.why[f"{path.name[:60]}: {e.text.en}"] += 1
            continue
        tally.read += 1
        tally.seconds = max(tally.seconds, time.process_time() - began)
        for row in found.report.rows:
            tally.states[row.state] += row.counts
            tally.beside[row.part] += row.state == "lost" and not row.counts
            if row.counts and row.state == "lost":
                tally.why[f"{row.theirs}: {row.why.en}"[:110]] += 1
        about[_about(path)][product] = found.agent
    return tallies, about


def _about(path: Path) -> str:
    stem = re.sub(
        r"^\d+-|^Workflow-|-draft.*$|\.dify$", "", path.name.removesuffix(path.suffix).removesuffix(".dify")
    )
    return stem.replace("_", "-")


class Says:
    """A model that always says the same."""

    async def complete(self, request: Any, on_text: Any = None, on_reset: Any = None) -> Answer:
        return Answer(text=SAID, model="script/one", prompt_tokens=1, completion_tokens=1)


class NoHttp:
    """Nothing is fetched, and a flow goes on."""

    async def fetch(self, method: str, url: str, **_: Any) -> Any:
        raise ToolFailed(Text("没有网络", "no network"))


async def path_of(agent: Agent) -> list[str]:
    """Titles of the blocks that one conversation went through, each once; what is asked is answered."""
    services: Any = Services(Says(), Prompts([]), NoHttp())
    titles = {block.id: block.title for _, block in agent.walk()}
    past, found = Past(), []
    for _ in range(MOST_ANSWERS):
        turn = run(agent, Message("m", "u", "1"), (), services, past=past)
        last = None
        async for event in turn:
            last = event
            if isinstance(event, BlockFinished) and titles.get(event.block):
                found.append(titles[event.block])
        if not isinstance(last, Waited):
            break
        past = Past.from_json(last.carried)
        past.steps[last.step] = Came("message").to_json()
    return list(dict.fromkeys(found))


def agree(paths: list[list[str]]) -> bool:
    """Whether what they have in common comes in one order."""
    common = set(paths[0]).intersection(*paths)
    orders = [[title for title in path if title in common] for path in paths]
    return all(order == orders[0] for order in orders)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    tallies, about = tallied(parser.parse_args().folders)
    line = "{:24} {:>6} {:>8} {:>7} {:>9} {:>7} {:>10} {:>9} {:>9}\n"
    named = ("product", "files", "read", "nodes", "covered", "lines-", "variables-", "settings-", "longest")
    sys.stdout.write(line.format(*named))
    for product, tally in sorted(tallies.items()):
        beside = (tally.beside[part] for part in ("edge", "variable", "setting"))
        shares = (f"{tally.read / tally.files:.1%}", tally.states.total(), f"{tally.covered:.1%}")
        row = (product, tally.files, *shares, *beside, f"{tally.seconds:.2f} s")
        sys.stdout.write(line.format(*row))
    for product, tally in sorted(tallies.items()):
        for why, times in tally.why.most_common(SHOWN):
            sys.stdout.write(f"{product}: {times} × {why}\n")
    for name, several in sorted(about.items()):
        if len(several) > 1:
            paths = [asyncio.run(path_of(agent)) for agent in several.values()]
            common = set(paths[0]).intersection(*paths)
            how = "in one order" if agree(paths) else "in ANOTHER ORDER"
            said = (
                f"{len(common)} titles in common come {how}" if common else "nothing in common: other graphs"
            )
            sys.stdout.write(f"{name}: {said}\n")
            sys.stdout.write("".join(f"    {' → '.join(path)}\n" for path in paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
