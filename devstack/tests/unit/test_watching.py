"""Which files are sent: those named, those in folders, and those that come."""

from pathlib import Path

import pytest

from devstack import watching
from devstack.watching import files_of


async def test_files_and_the_returns_in_folders_are_sent(tmp_path: Path) -> None:
    for name in ("b.csv", "a.xlsx", "notes.txt", ".c.csv", "~$a.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    named = tmp_path / "notes.txt"
    found = [file.name async for file in files_of([named, tmp_path], watch=False)]
    assert found == ["notes.txt", "a.xlsx", "b.csv"]


async def test_a_file_that_comes_is_sent_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    (tmp_path / "first.csv").write_bytes(b"x")
    files = files_of([tmp_path], watch=True)
    assert (await anext(files)).name == "first.csv"
    (tmp_path / "second.csv").write_bytes(b"x")
    assert (await anext(files)).name == "second.csv"
    await files.aclose()


async def test_a_file_that_is_written_again_is_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    file, deleted = tmp_path / "day.csv", tmp_path / "deleted.csv"
    for each in (file, deleted):
        each.write_bytes(b"x")
    files = files_of([tmp_path], watch=True)
    assert [(await anext(files)).name for _ in range(2)] == ["day.csv", "deleted.csv"]
    deleted.unlink()
    file.write_bytes(b"x, and more")
    assert (await anext(files)).name == "day.csv"
    await files.aclose()
