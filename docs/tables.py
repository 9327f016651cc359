"""Tables of the generated parts."""

from collections.abc import Iterable, Iterator, Sequence


def table(rows: Iterable[Sequence[str]], header: str = "") -> Iterator[str]:
    for i, row in enumerate(rows):
        if i == 0:
            yield header or "|" + " |" * len(row)
            yield "|" + " --- |" * len(row)
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in row) + " |"
