"""What is no return is known by its first bytes."""

import io
import zipfile
from hashlib import sha256

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it ships no types

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.uploads import Upload, require_return


def _archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _of_a_later_version() -> bytes:
    """A workbook whose parts need a version of the format that nothing reads."""
    content = bytearray(_archive("xl/workbook.xml"))
    content[content.index(b"PK\x01\x02") + 6] = 200
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 20,
        b"\xff\xd8\xff\xe0JFIF",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b\x08",
        b"court\x00,date",
        _archive("readme.txt"),
        _archive(),
        _of_a_later_version(),
        b"PK\x03\x04 and then nothing of an archive",
    ],
)
def test_pictures_documents_and_archives_are_refused(content: bytes) -> None:
    with pytest.raises(FileNotReturn):
        require_return(io.BytesIO(content))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        require_return(io.BytesIO())


def test_text_and_workbooks_are_let_through_and_can_be_read_again() -> None:
    workbook = io.BytesIO()
    Workbook().save(workbook)
    wide = "court,date".encode("utf-16")
    for content in (b"court,date\n", b"\xef\xbb\xbfcourt", wide, workbook.getvalue()):
        file = io.BytesIO(content)
        require_return(file)
        assert file.read() == content


def test_an_upload_knows_its_digest_and_size() -> None:
    upload = Upload.of("a.csv", io.BytesIO(b"court\n"))
    assert upload.size == 6
    assert upload.sha256 == sha256(b"court\n").hexdigest()
