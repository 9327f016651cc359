"""What of JavaScript our library has: by the name that programs call it."""

METHODS = {
    "map": "js_map", "filter": "js_filter", "forEach": "js_foreach", "reduce": "js_reduce",
    "find": "js_which", "findIndex": "js_where", "some": "js_some", "every": "js_every", "flat": "js_flat",
    "flatMap": "js_flatmap", "push": "js_push", "unshift": "js_unshift", "pop": "js_pop",
    "shift": "js_shift", "concat": "js_concat", "join": "js_join", "reverse": "js_reverse",
    "slice": "js_slice", "splice": "js_splice", "sort": "js_sort", "toSorted": "js_sorted",
    "includes": "js_includes", "has": "js_has", "add": "js_put_in", "indexOf": "js_index",
    "lastIndexOf": "js_last_index", "at": "js_at", "fill": "js_fill", "trim": "js_trim",
    "trimStart": "js_trim_start", "trimEnd": "js_trim_end", "toLowerCase": "js_lower",
    "toUpperCase": "js_upper", "startsWith": "js_starts", "endsWith": "js_ends",
    "substring": "js_substring", "substr": "js_substr", "split": "js_split", "repeat": "js_repeat",
    "padStart": "js_pad_start", "padEnd": "js_pad_end", "charAt": "js_char", "charCodeAt": "js_code",
    "codePointAt": "js_code", "toString": "js_to_text", "toFixed": "js_fixed",
    "localeCompare": "js_compare", "get": "js_got", "set": "js_set", "delete": "js_remove",
    "test": "js_test", "exec": "js_exec", "match": "js_match", "matchAll": "js_match_all",
    "search": "js_find", "replace": "js_replace", "replaceAll": "js_replace_all", "keys": "js_places",
    "values": "js_values", "entries": "js_entries", "toISOString": "js_iso", "toJSON": "js_iso",
    "getTime": "js_time", "valueOf": "js_time", "getFullYear": "js_year", "getMonth": "js_month",
    "getDate": "js_day", "getDay": "js_weekday", "getHours": "js_hour", "getMinutes": "js_minute",
    "getSeconds": "js_second", "getUTCFullYear": "js_year", "first": "js_first", "last": "js_last",
    "all": "js_all", "itemMatching": "js_first", "hasOwnProperty": "js_owns", "getUTCMonth": "js_month",
    "getUTCDate": "js_day", "getUTCHours": "js_hour",
}  # fmt: skip
SETTERS = {
    "setDate": "js_set_day", "setUTCDate": "js_set_day", "setHours": "js_set_hour",
    "setUTCHours": "js_set_hour",
}  # fmt: skip
"""Methods that change a date, which is another one here."""
EVERYWHERE = {
    "JSON.parse": "js_parse", "JSON.stringify": "js_stringify", "Object.keys": "js_keys",
    "Object.values": "js_values", "Object.entries": "js_own", "Object.assign": "js_assign",
    "Object.fromEntries": "js_from_entries", "Array.from": "js_list", "Array.isArray": "js_is_list",
    "Number.isInteger": "js_is_whole", "Number.isNaN": "js_is_just_nan",
    "Number.isFinite": "js_is_just_finite",
    "Number.parseInt": "js_int", "Number.parseFloat": "js_float", "Math.floor": "js_floor",
    "Math.ceil": "js_ceil", "Math.round": "js_round", "Math.trunc": "js_trunc", "Math.abs": "js_abs",
    "Math.sqrt": "js_sqrt", "Math.max": "js_max", "Math.min": "js_min", "Math.pow": "js_pow",
    "Math.random": "js_random", "Math.sign": "js_sign", "Object.freeze": "js_itself",
    "structuredClone": "js_plain", "String.fromCharCode": "js_chars", "Date.now": "js_millis",
    "console.log": "js_log", "console.error": "js_log", "console.warn": "js_log", "console.info": "js_log",
    "parseInt": "js_int", "parseFloat": "js_float", "String": "js_text", "Number": "js_number",
    "Boolean": "js_true", "isNaN": "js_is_nan", "isFinite": "js_is_finite", "encodeURIComponent": "js_uri",
    "strToBase64": "js_base64", "Array.of": "js_new_list",
}  # fmt: skip
CONSTANTS = {
    "undefined": "None", "NaN": "math.nan", "Infinity": "math.inf", "Math.PI": "math.pi",
    "Math.E": "math.e", "Number.MAX_SAFE_INTEGER": "9007199254740991",
    "Number.MIN_SAFE_INTEGER": "-9007199254740991", "Number.EPSILON": "2.220446049250313e-16",
}  # fmt: skip
BUILT = {
    "Set": "js_new_set", "Map": "js_new_map", "Array": "js_new_list", "RegExp": "js_re",
    "Error": "js_error", "TypeError": "js_error", "RangeError": "js_error",
}  # fmt: skip
"""What `new` makes."""
JOINED = {
    "+": "js_add({}, {})", "-": "js_sub({}, {})", "*": "js_mul({}, {})", "/": "js_div({}, {})",
    "%": "js_mod({}, {})", "**": "js_pow({}, {})", "===": "js_same({}, {})", "!==": "(not js_same({}, {}))",
    "==": "js_like({}, {})", "!=": "(not js_like({}, {}))", "<": "js_less({}, {})", "<=": "js_most({}, {})",
    "in": "js_in({}, {})", "&": "js_bits(js_bits({}) & js_bits({}))",
    "|": "js_bits(js_bits({}) | js_bits({}))", "^": "js_bits(js_bits({}) ^ js_bits({}))",
    "<<": "js_bits(js_bits({}) << (js_bits({}) & 31))", ">>": "(js_bits({}) >> (js_bits({}) & 31))",
}  # fmt: skip
TURNED = {">": "js_less({}, {})", ">=": "js_most({}, {})"}
"""…with the right one first."""
TRUE_OR_FALSE = frozenset(("===", "!==", "==", "!=", "<", "<=", ">", ">=", "in"))
