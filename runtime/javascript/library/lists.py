"""What lists, Sets and Maps of JavaScript can do, by the name of the method."""

from typing import Any

from runtime.javascript.library.values import js_less, js_number, js_same, js_text, js_true


def js_length(value: Any) -> Any:
    if value is None:
        raise TypeError("Cannot read properties of undefined (reading 'length')")
    return value.get("length") if isinstance(value, dict) else len(value)


def js_size(value: Any, maybe: Any = False) -> Any:
    """Of a Map or a Set."""
    if value is None and not maybe:
        raise TypeError("Cannot read properties of undefined (reading 'size')")
    if value is None or (isinstance(value, dict) and "size" in value):
        return value and value["size"]
    return len(value) if isinstance(value, (dict, list)) else None


def js_map(value: Any, made: Any, *_: Any) -> Any:
    return [made(one, place, value) for place, one in enumerate(value)]


def js_filter(value: Any, keeps: Any, *_: Any) -> Any:
    return [one for place, one in enumerate(value) if js_true(keeps(one, place, value))]


def js_foreach(value: Any, does: Any, *_: Any) -> None:
    if isinstance(value, dict):
        for key in list(value):
            does(value[key], key, value)
    else:
        for place, one in enumerate(list(value)):
            does(one, place, value)


def js_reduce(value: Any, joined: Any, *start: Any) -> Any:
    rest = list(value)
    if not start and not rest:
        raise TypeError("Reduce of empty array with no initial value")
    found = start[0] if start else rest[0]
    for place, one in enumerate(rest):
        if start or place:
            found = joined(found, one, place, value)
    return found


def js_which(value: Any, is_it: Any, *_: Any) -> Any:
    """`find`."""
    place = js_where(value, is_it)
    return value[place] if place >= 0 else None


def js_where(value: Any, is_it: Any, *_: Any) -> int:
    """`findIndex`."""
    for place, one in enumerate(value):
        if js_true(is_it(one, place, value)):
            return place
    return -1


def js_some(value: Any, is_it: Any, *_: Any) -> bool:
    return any([js_true(is_it(one, place, value)) for place, one in enumerate(value)])


def js_every(value: Any, is_it: Any, *_: Any) -> bool:
    return all([js_true(is_it(one, place, value)) for place, one in enumerate(value)])


def js_flat(value: Any, depth: Any = 1, *_: Any) -> Any:
    found: list[Any] = []
    for one in value:
        found += (js_flat(one, depth - 1) if depth > 1 else one) if isinstance(one, list) else [one]
    return found


def js_flatmap(value: Any, made: Any, *_: Any) -> Any:
    return js_flat([made(one, place, value) for place, one in enumerate(value)])


def js_push(value: Any, *given: Any) -> int:
    value.extend(given)
    return len(value)


def js_unshift(value: Any, *given: Any) -> int:
    value[0:0] = list(given)
    return len(value)


def js_pop(value: Any, *_: Any) -> Any:
    return value.pop() if value else None


def js_shift(value: Any, *_: Any) -> Any:
    return value.pop(0) if value else None


def js_concat(value: Any, *given: Any) -> Any:
    if isinstance(value, str):
        return value + "".join([js_text(one) for one in given])
    found = list(value)
    for one in given:
        found += one if isinstance(one, list) else [one]
    return found


def js_join(value: Any, between: Any = ",", *_: Any) -> str:
    return ("," if between is None else js_text(between)).join(
        ["" if one is None else js_text(one) for one in value]
    )


def js_reverse(value: Any, *_: Any) -> Any:
    value[:] = value[::-1]
    return value


def js_slice(value: Any, start: Any = None, end: Any = None, *_: Any) -> Any:
    start = 0 if start is None else int(js_number(start))
    return value[start:] if end is None else value[start : int(js_number(end))]


def js_splice(value: Any, start: Any, count: Any = None, *given: Any) -> Any:
    start = max(0, len(value) + start) if start < 0 else min(start, len(value))
    end = len(value) if count is None else start + max(0, count)
    gone = value[start:end]
    value[start:end] = list(given)
    return gone


def js_sort(value: Any, order: Any = None, *_: Any) -> Any:
    """Stable, by merging: what compares is a function."""
    value[:] = js_sorted(value, order)
    return value


def js_sorted(value: Any, order: Any = None, *_: Any) -> Any:
    if len(value) < 2:
        return list(value)
    half = len(value) // 2
    left, right = js_sorted(value[:half], order), js_sorted(value[half:], order)
    found: list[Any] = []
    while left and right:
        first, second = left[0], right[0]
        later = (
            js_less(js_text(second), js_text(first)) if order is None else js_number(order(first, second)) > 0
        )
        found.append(right.pop(0) if later else left.pop(0))
    return found + left + right


def js_includes(value: Any, wanted: Any, *_: Any) -> bool:
    if isinstance(value, str):
        return js_text(wanted) in value
    return any([js_same(one, wanted) for one in value])


def js_has(value: Any, wanted: Any, *_: Any) -> bool:
    """`has`: of a Map or a Set."""
    return wanted in value if isinstance(value, dict) else any([js_same(one, wanted) for one in value])


def js_put_in(value: Any, given: Any, *_: Any) -> Any:
    """`add`: to a Set."""
    if not js_has(value, given):
        value.append(given)
    return value


def js_index(value: Any, wanted: Any, start: Any = 0, *_: Any) -> int:
    if isinstance(value, str):
        return value.find(js_text(wanted), start)
    for place, one in enumerate(value):
        if place >= start and js_same(one, wanted):
            return place
    return -1


def js_last_index(value: Any, wanted: Any, *_: Any) -> int:
    if isinstance(value, str):
        return value.rfind(js_text(wanted))
    for place in range(len(value) - 1, -1, -1):
        if js_same(value[place], wanted):
            return place
    return -1


def js_at(value: Any, place: Any = 0, *_: Any) -> Any:
    place = place + len(value) if place < 0 else place
    return value[place] if 0 <= place < len(value) else None


def js_fill(value: Any, given: Any, start: Any = 0, end: Any = None, *_: Any) -> Any:
    value[start:end] = [given] * len(value[start:end])
    return value


def js_first(value: Any, *_: Any) -> Any:
    return value[0] if value else None


def js_last(value: Any, *_: Any) -> Any:
    return value[-1] if value else None


def js_all(value: Any, *_: Any) -> Any:
    return value


def js_owns(value: Any, key: Any, *_: Any) -> bool:
    return js_text(key) in value


def js_got(value: Any, key: Any, *_: Any) -> Any:
    """`get`: of a Map."""
    return value.get(key)


def js_set(value: Any, key: Any, given: Any, *_: Any) -> Any:
    """`set`: of a Map."""
    value[key] = given
    return value


def js_remove(value: Any, wanted: Any, *_: Any) -> bool:
    """`delete`: of a Map or a Set."""
    if isinstance(value, dict):
        return value.pop(wanted, None) is not None
    place = js_index(value, wanted)
    if place >= 0:
        value.pop(place)
    return place >= 0
