"""Request targets with bytes beyond ASCII, as curl sends them for `?q=mahakamá`.

llhttp refuses them. They mean their percent-encoded form (RFC 3986, 2.5), which this puts in their
place before they are parsed; Traefik passes them as they came.
"""

import re
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")


class Utf8TargetProtocol(HttpToolsProtocol):
    """uvicorn's protocol, for requests that are not pipelined, as those of Traefik are not."""

    _in_request_line = True

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        if self._in_request_line:
            line, end, rest = data.partition(b"\n")
            self._in_request_line = not end
            if not line.isascii():
                data = percent_encoded(line) + end + rest
        super().data_received(data)

    def on_message_complete(self) -> None:
        """The next thing to arrive is a request line."""
        self._in_request_line = True
        super().on_message_complete()


def percent_encoded(line: bytes) -> bytes:
    """The line in ASCII."""
    return _BEYOND_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line)
