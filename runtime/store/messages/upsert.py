"""One row by its key: put there, or in the place of the one that is there."""


def upsert(table: str, key: str, rest: str) -> str:
    """SQL with a place for each column, those of the key first. Names are separated by commas."""
    keys, others = ([name.strip() for name in names.split(",")] for names in (key, rest))
    marks = ", ".join("?" * (len(keys) + len(others)))
    news = ", ".join(f"{name}=excluded.{name}" for name in others)
    columns = ", ".join((*keys, *others))
    put = f"insert into {table}({columns}) values({marks})"
    return f"{put} on conflict({', '.join(keys)}) do update set {news}"
