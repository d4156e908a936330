"""The form of printed codes."""

import pytest

from auth_service.printed_codes import new_code
from auth_service.users.one_time_codes import CHARACTERS, CodeText

CODE = "7C2V-0RQX-9M4K-TB3D-W8HA"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        f" {CODE.replace('-', ' ')} ",
        CODE.replace("0", "O"),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    parsed = CodeText.parse(typed)
    assert parsed == CodeText("7C2V", "0RQX9M4KTB3DW8HA")


@pytest.mark.parametrize(
    "typed",
    ["", CODE[:-1], CODE + "A", CODE.replace("7", "U"), "seven brown owls under", "\ud800" * 20],
)
def test_other_text_is_no_code(typed: str) -> None:
    assert CodeText.parse(typed) is None


def test_codes_are_random_and_their_secrets_are_not_shown() -> None:
    codes = {new_code(CHARACTERS) for _ in range(50)}
    assert len(codes) == 50
    assert all(CodeText.parse(code) for code in codes)
    parsed = CodeText.parse(CODE)
    assert parsed is not None
    assert "0RQX" not in repr(parsed)
    assert CODE.encode() not in parsed.secret_hash
