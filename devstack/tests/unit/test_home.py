"""The folder of one stack."""

from pathlib import Path

import pytest

from devstack.errors import HomeBusy, StackError
from devstack.home import Home, read_json, write_json


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


def test_a_second_stack_cannot_use_the_same_home(home: Home) -> None:
    with home.locked(), pytest.raises(HomeBusy, match="a stack already runs"), home.locked():
        pass


def test_the_home_is_free_again_afterwards(home: Home) -> None:
    with home.locked():
        pass
    with home.locked():
        pass


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="set MASIJALA_HOME to a folder of yours"):
        Home(tmp_path / "file" / "home").create()


def test_what_is_written_is_read_back(home: Home) -> None:
    write_json(home.running, {"gateway_url": "http://127.0.0.1:8080"})
    assert read_json(home.running) == {"gateway_url": "http://127.0.0.1:8080"}


def test_a_missing_file_reads_as_empty(home: Home) -> None:
    assert read_json(home.running) == {}
