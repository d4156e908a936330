"""`If-Match` guards every change of a versioned resource."""

import pytest

from common.errors import BadRequest, PreconditionFailed, PreconditionRequired
from common.writes import check_version, etag, expected_version


def test_an_etag_is_read_back() -> None:
    assert expected_version(etag(41)) == 41


def test_the_version_of_what_was_read_is_compared_without_the_digest() -> None:
    assert expected_version('"41-3fa9c1d20b5e8f64"') == 41


def test_a_change_without_if_match_is_refused() -> None:
    with pytest.raises(PreconditionRequired):
        expected_version(None)


@pytest.mark.parametrize(
    "value",
    [
        *("", "3", '"x"', 'W/"3"', '""', '"-1"', '"3', '"٣"', '"1234567890"'),
        *('"3-"', '"3-x"', '"3-3fa9c1d20b5e8f64', 'W/"3-3fa9c1d20b5e8f64"', '"3fa9c1d20b5e8f64"'),
    ],
)
def test_what_is_not_an_etag_of_ours_is_refused(value: str) -> None:
    with pytest.raises(BadRequest):
        expected_version(value)


def test_a_star_expects_no_version_in_particular() -> None:
    check_version(expected_version("*"), 4)


def test_a_stale_version_names_the_current_one() -> None:
    with pytest.raises(PreconditionFailed) as caught:
        check_version(3, 4)
    assert caught.value.extra == {"current_version": 4}
    assert caught.value.headers == {"ETag": '"4"'}
