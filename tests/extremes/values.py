"""Extreme values: as raw JSON, and as they are written in a URL, a form or a header."""

import json
from collections.abc import Mapping
from typing import Final

MANY: Final = 10_000
NEARLY_A_MEBIBYTE: Final = 1_000_000
DEEP: Final = 5_000
LONG: Final = "x" * MANY
UUIDS: Final = [f"0199f3a2-7c1e-7d2a-9d5b-{number:012x}" for number in range(MANY)]

DATES: Final = (
    "0001-01-01",
    "1899-12-31",
    "1900-01-01",
    "2200-12-31",
    "2201-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-01-31T23:59:60Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-01-31T00:00:00+99:99",
)
NUMBERS: Final = {
    "-1": "-1",
    "0": "0",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "10^400": "1" + "0" * 400,
    "-10^400": "-1" + "0" * 400,
    "1e999": "1e999",
    "NaN": "NaN",
    "-Infinity": "-Infinity",
    "0.5": "0.5",
}
TEXTS: Final = {
    "empty": "",
    "a space": " ",
    "10,000 characters": LONG,
    "right to left": "\u202e\u05e9\u05dc\u0645\u0631\ufeff",
    "emoji": "\U0001f469\U0001f3fd\u200d\u2696\ufe0f\u0301",
    "*": "*",
    "%00": "%00",
    "a bad UUID": "0199f3a2-7c1e-7d2a-9d5b-zzzzzzzzzzzz",
    "an unknown UUID": "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "quotes": "'\"\\;--",
    "a format": "{0.__class__} %s $1",
    "digits of other scripts": "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0663\u0661 \u00b2\u00b3",
}

JSON_VALUES: Final[Mapping[str, str]] = {
    **NUMBERS,
    **{name: json.dumps(text) for name, text in TEXTS.items()},
    **{day: json.dumps(day) for day in DATES},
    "U+0000": json.dumps("a\0b"),
    "a lone surrogate": '"a\\ud800b"',
    "true": "true",
    "null": "null",
    "[]": "[]",
    "{}": "{}",
    "deep arrays": "[" * DEEP + "]" * DEEP,
    "10,000 items": json.dumps([0] * MANY),
    "items of every kind": '[null, true, 1e999, "a\\u0000", "\\ud800", {}, []]',
}
# For IDs, choices and truths, which one validator each reads everywhere.
FEW: Final = (
    *("empty", "10,000 characters", "U+0000", "a lone surrogate", "a bad UUID", "an unknown UUID"),
    *("*", "%00", "10^400", "NaN", "0", "null", "[]", "{}", "deep arrays", "0001-01-01"),
    *("a surrogate", "no UTF-8", "true", "300 UUIDs"),
)
# For what may be large: they take most of the time.
HUGE: Final[Mapping[str, str]] = {
    "nearly 1 MiB": json.dumps("x" * NEARLY_A_MEBIBYTE),
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "10,000 UUIDs": json.dumps(UUIDS),
}
BODIES: Final[Mapping[str, bytes]] = {
    "nothing": b"",
    "null": b"null",
    "an array": b"[]",
    "a text": b'"a"',
    "a number": b"1e999",
    "no JSON": b"{",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "surrogates in UTF-8": b'{"\xed\xa0\x80": "\xed\xa0\x80"}',
    "UTF-16": '{"a": "b"}'.encode("utf-16"),
    "deep": b"[" * 500_000,
    "unknown fields": json.dumps(dict.fromkeys(UUIDS, 1)).encode(),
    "one field again and again": b"{" + b",".join([b'"reason":"a"'] * MANY) + b"}",
    "an unknown field with a surrogate": b'{"\\ud800": 1}',
}
WRITTEN: Final[Mapping[str, str]] = {
    **NUMBERS,
    **TEXTS,
    **{day: day for day in DATES},
    "true": "true",
    "null": "null",
    "[]": "[]",
    "U+0000": "a\0b",
    "300 UUIDs": ",".join(UUIDS[:300]),
}
# Percent-encoded bytes that are no text.
RAW_QUERY: Final[Mapping[str, str]] = {
    "a surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "half an escape": "%",
    "an overlong NUL": "%C0%80",
}
IN_PATHS: Final[Mapping[str, str]] = {
    "a bad UUID": TEXTS["a bad UUID"],
    "an unknown UUID": TEXTS["an unknown UUID"],
    "10,000 characters": LONG,
    "*": "*",
    "%00": "%00",
    "%2500": "%2500",
    "a surrogate": "%ED%A0%80",
    "emoji": "%F0%9F%91%A9",
    "a number": str(2**63),
    "a dot": "%2e%2e",
    "a slash": "a%2fb",
}
IN_HEADERS: Final[Mapping[str, bytes]] = {
    "empty": b"",
    "*": b"*",
    "a number": b'"99999999999999999999"',
    "2^31": b'"2147483648"',
    "nine digits": b'"999999999"',
    "weak": b'W/"1"',
    "two": b'"1", "2"',
    "10,000 characters": LONG.encode(),
    "bytes": b'"\xff\xfe\xed\xa0\x80"',
    "a tab": b"a\tb",
}
SOME_HEADERS: Final = ("empty", "10,000 characters", "bytes")
SOME_QUERIES: Final = ("10,000 characters", "U+0000", "a surrogate")
