"""Browsers and systems are named from our own list, whatever a header says."""

import pytest

from auth_service.mail.programs import BROWSERS, SYSTEMS, program_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WINDOWS} {CHROME}", "Chrome on Windows"),
        (f"{WINDOWS} {CHROME} Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18 Safari/604.1", "Safari on an iPhone"),
        ("Dalvik/2.1.0 (Linux; U; Android 15)", "a program on Android"),
        ("curl/8.0", None),
        (None, None),
        ("Call +254 700 000 000 now, your account is closed", None),
    ],
)
def test_a_program_has_a_name_of_ours(user_agent: str | None, name: str | None) -> None:
    assert program_name(user_agent) == name


def test_nothing_of_a_strangers_text_remains() -> None:
    name = program_name("Visit http://evil.example Windows Firefox/1 <b>") or ""
    assert set(name.split(" on ")) <= {*BROWSERS.values(), *SYSTEMS.values()}
