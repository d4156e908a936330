"""What a file is that is no return, known by its first bytes, in words."""

import codecs
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Final

from core_service.returns.files.archives import ENCRYPTED, require_bounded_directory
from core_service.returns.files.encodings import marked_encoding
from core_service.returns.files.limits import MIB, FileTooCostly
from core_service.returns.files.rows import ZIP_MAGIC

SAVE_AS: Final = "save it as XLSX or as CSV UTF-8"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIPS: Final = (ZIP_MAGIC, b"PK\x05\x06", b"PK\x07\x08")
_OTHERS: Final[Mapping[bytes, str]] = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "a document in rich text (RTF)",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"BZh": "a bzip2 archive; unpack it first",
    b"\xfd7zXZ": "an xz archive; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"MIME-Version:": f"a web page; {SAVE_AS}",
    b"ID;P": f"a SYLK table; {SAVE_AS}",
    b"TABLE\r\n0,1": f"a DIF table; {SAVE_AS}",
    b"TABLE\n0,1": f"a DIF table; {SAVE_AS}",
}
# The names of streams in the directory of an OLE file, which is in UTF-16.
_OLE_STREAMS: Final[Mapping[str, str]] = {
    "EncryptedPackage": "encrypted; remove its password",
    "WordDocument": "an old .doc document",
    "Workbook": f"an old .xls workbook; {SAVE_AS}",
    "Book": f"an old .xls workbook; {SAVE_AS}",
}
_PARTS: Final[Mapping[str, str]] = {
    "xl/workbook.bin": f"a binary .xlsb workbook; {SAVE_AS}",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "index/document.iwa": f"a document of Apple Numbers; {SAVE_AS}",
    "content.xml": f"an OpenDocument table (.ods); {SAVE_AS}",
}
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype html|html|head|body|table|tr|meta|div|style|script|title|p|span|font|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL: Final = re.compile(
    rb"(?:From|Return-Path|Received|Delivered-To|MIME-Version|Message-ID|Subject|Date|To|X-[\w-]+):"
    rb" [^\n]*\n(?:[\w-]+: |[ \t])"
)
_XML: Final = re.compile(rb"\s*<(?:\?xml|\?mso|workbook)\b", re.IGNORECASE)
_JSON: Final = re.compile(rb'\s*(?:\[\s*)?\{\s*"')
_VERBS: Final = ("holds ",)
DAMAGES: Final = (
    *(zipfile.BadZipFile, struct.error, EOFError),
    *(OSError, OverflowError, RuntimeError, ValueError),
)
# Text has hardly any of the characters that are no text; other files are full of them.
_NO_TEXT: Final = bytes({*range(32)} - {9, 10, 11, 12, 13, 26, 27})
_TEXT_SHARE: Final = 64


def why_refused(head: bytes, file: BinaryIO) -> str | None:
    """Why this is no return, in words; None when it may be one."""
    if head.startswith(_ZIPS):
        kind = _archive(file)
    elif head.startswith(_OLE):
        kind = _ole(file)
    else:
        start = head.lstrip()
        kind = next((kind for magic, kind in _OTHERS.items() if start.startswith(magic)), None)
        kind = kind or _text(head)
    return kind and f"The file {kind if kind.startswith(_VERBS) else f'is {kind}'}"


def _text(head: bytes) -> str | None:
    wide = marked_encoding(head)
    text = head if wide is None else head.decode(wide, "ignore").encode()
    text = text.removeprefix(codecs.BOM_UTF8)
    text = text.rstrip(b"\0")  # as a computer leaves behind that lost power while it wrote
    if _HTML.match(text) or (_XML.match(text) and b"<html" in text.lower()):
        return f"saved as HTML, whatever its name; {SAVE_AS}"
    if _XML.match(text):
        return f"saved as XML; {SAVE_AS}"
    if _MAIL.match(text):
        return "an e-mail; send the file that is attached to it"
    if _JSON.match(text):
        return f"JSON; {SAVE_AS}"
    if len(text) - len(text.translate(None, _NO_TEXT)) > len(text) // _TEXT_SHARE:
        return f"holds binary data; {SAVE_AS}"
    return None


def _ole(file: BinaryIO) -> str:
    file.seek(0)
    tail, longest = b"", 2 * max(map(len, _OLE_STREAMS))
    found: set[str] = set()
    while piece := file.read(MIB):
        seen = tail + piece
        found |= {name for name in _OLE_STREAMS if name.encode("utf-16-le") in seen}
        tail = seen[-longest:]
    first = next((name for name in _OLE_STREAMS if name in found), None)
    return _OLE_STREAMS[first] if first else f"an old Excel or Word file; {SAVE_AS}"


def _archive(file: BinaryIO) -> str | None:
    try:
        require_bounded_directory(file)
        with zipfile.ZipFile(file) as archive:
            encrypted = any(part.flag_bits & ENCRYPTED for part in archive.infolist())
            parts = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except FileTooCostly:
        return None  # the batch will fail with this reason
    except DAMAGES:
        return "a damaged archive; download or save it again"
    if encrypted:
        return "encrypted; remove its password"
    if any(map(_is_main_part, parts)):
        return None
    other = f"an archive, and no XLSX workbook; {'unpack it first' if parts else 'it is empty'}"
    return next((kind for part, kind in _PARTS.items() if part in parts), other)


def _is_main_part(name: str) -> bool:
    """Whether this is a workbook's own part; some programs number it."""
    return name.startswith("xl/workbook") and name.endswith(".xml")
