"""Each starter has a test set that goes along with it, and passes with the demo model and what it records."""

from runtime.agents.library import Library
from runtime.knowledge.search.searching import Searching
from runtime.models.routed import RoutedModels
from runtime.settings import CHECKOUT
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.testing.running import run
from runtime.testing.suites import Suites
from runtime.turn.turn import Services
from script import NoHttp


async def missed(home, lang, services):
    """What is not as it should be, by starter and case."""
    library = Library(home / "agents", CHECKOUT / "templates" / "agents", home / "data")
    found = {}
    for id in (one.id for one in library.starters(lang)):
        made = library.create(id, lang).agent.id
        suite, _ = Suites(library.folder, home / "data").open(made)
        found |= {} if suite.cases else {id: "has no test"}
        async for one in run(suite, library.whole(made), services):
            found |= {(id, one.case.id): [miss.to_json(lang) for miss in one.missed]} if one.missed else {}
    return found


async def test_every_starter_passes_the_tests_that_it_brings_along(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    models = RoutedModels(control, http=NoHttp(), policy=control.policy)
    searching = Searching(tmp_path / "data" / "knowledge", models.ranks)
    prompts = Prompts([CHECKOUT / "templates" / "prompts"])
    services = Services(models=models, prompts=prompts, http=NoHttp(), knowledge=searching)
    try:
        for lang in ("zh", "en"):
            assert await missed(tmp_path / lang, lang, services) == {}
    finally:
        await searching.close()
        await models.close()
