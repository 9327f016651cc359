"""Row 15: how fast documents become passages that are found by words, reading process and all."""

import resource
import tempfile
from contextlib import closing
from pathlib import Path

from bench.ground import Ground
from bench.table import Row
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.indexing import Indexing
from runtime.knowledge.sources.work import Work

PAGE = (
    "保修期自购买之日起二十四个月，期间非人为损坏免费维修；寄回运费由本公司承担，超过保修期的按市场价格维修。"
    * 15
)
"""780 characters, as on a page of a handbook."""
MANUAL = Path(__file__).parents[1] / "tests" / "runtime" / "knowledge" / "documents" / "manual.pdf"


async def reading(ground: Ground) -> list[Row]:
    pages = int(ground.of(500, 2000))
    text = "".join(f"第{number}节 规定\n\n{number} {PAGE}\n\n" for number in range(pages))
    of_text = pages / await _seconds("handbook.txt", text.encode())
    with tempfile.TemporaryDirectory() as folder:
        pdf = _many_times(Path(folder) / "handbook.pdf", int(ground.of(30, 100)))
        of_pdf = pdf[1] / await _seconds("handbook.pdf", pdf[0].read_bytes())
    return [
        Row("15", "documents: pages a second of a core, text; PDF", "", f"{of_text:.0f}; {of_pdf:.0f}",
            ">= 200; >= 20", of_text >= 200 and of_pdf >= 20)
    ]  # fmt: skip


async def _seconds(name: str, content: bytes) -> float:
    """Of a core, here and in the reading process: from a file in a new base to its passages in the index,
    without vectors."""
    with tempfile.TemporaryDirectory() as home:
        bases = Bases(Path(home))
        bases.create("bench")
        file = Path(home) / name
        file.write_bytes(content)
        with file.open("rb") as opened:
            bases.add("bench", opened, name)
        began = _worked()
        await Indexing(bases).run("bench")
        took = _worked() - began
        with closing(Work(bases.work("bench"))) as work:
            if work.all()[name].state != "done":
                raise RuntimeError(f"{name} was not indexed")
    return took


def _worked() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _many_times(to: Path, times: int) -> tuple[Path, int]:
    """A manual of four pages, over and over; and how many pages that are."""
    from pypdfium2 import PdfDocument  # late: no other row reads a PDF

    made, manual = PdfDocument.new(), PdfDocument(MANUAL)
    for _ in range(times):
        made.import_pages(manual)
    made.save(str(to))
    return to, len(made)
