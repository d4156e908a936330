"""Requests that two servers might read differently, as request smuggling uses them.

Most get an error and reach no upstream. A `lenient` one may be read instead, as long as the
upstream sees that one request alone, on the path that was authorised.
"""

from dataclasses import dataclass

TARGET = "/api/v1/cases"
INNER = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: edge\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Probe:
    """Bytes to send; `TOKEN` stands for a valid bearer token."""

    name: str
    raw: bytes
    lenient: bool = False


def _probe(name: str, *lines: str, body: bytes = b"", lenient: bool = False) -> Probe:
    head = [*lines, "Authorization: Bearer TOKEN"]
    return Probe(name, "\r\n".join([*head, "", ""]).encode("latin-1") + body, lenient)


def _post(name: str, *headers: str, body: bytes = b"", lenient: bool = False) -> Probe:
    start = f"POST {TARGET} HTTP/1.1"
    return _probe(name, start, "Host: edge", *headers, body=body, lenient=lenient)


def _get(name: str, *headers: str, lenient: bool = False) -> Probe:
    return _probe(name, f"GET {TARGET} HTTP/1.1", "Host: edge", *headers, lenient=lenient)


CHUNKED = b"0\r\n\r\n"
PROBES = (
    # Go's server reads these as the chunked messages that they are (RFC 9112, 6.3) and drops the
    # length; what follows is a separate request, without credentials.
    _post("CL.TE", f"Content-Length: {len(CHUNKED + INNER)}", "Transfer-Encoding: chunked",
          body=CHUNKED + INNER, lenient=True),
    _post("TE.CL", "Transfer-Encoding: chunked", "Content-Length: 4",
          body=b"%x\r\n%b\r\n0\r\n\r\n" % (len(INNER), INNER), lenient=True),
    _post("two lengths", "Content-Length: 0", f"Content-Length: {len(INNER)}", body=INNER),
    _post("a list of lengths", f"Content-Length: 0, {len(INNER)}", body=INNER),
    _post("a signed length", f"Content-Length: +{len(INNER)}", body=INNER),
    _post("a hexadecimal length", f"Content-Length: 0x{len(INNER):x}", body=INNER),
    _post("a negative length", "Content-Length: -1", body=INNER),
    _post("an empty length", "Content-Length: ", body=INNER),
    _post("a length beyond 64 bits", "Content-Length: 18446744073709551617", body=b"x"),
    _post("coding x", "Transfer-Encoding: x", body=CHUNKED + INNER),
    _post("coding identity", "Transfer-Encoding: identity", body=CHUNKED + INNER),
    _post("coding xchunked", "Transfer-Encoding: xchunked", body=CHUNKED + INNER),
    _post("chunked twice", "Transfer-Encoding: chunked, chunked", body=CHUNKED + INNER),
    _post("gzip, chunked", "Transfer-Encoding: gzip, chunked", body=CHUNKED + INNER),
    _post("two codings", "Transfer-Encoding: chunked", "Transfer-Encoding: identity",
          body=CHUNKED + INNER),
    _post("space before the colon", "Transfer-Encoding : chunked", body=CHUNKED + INNER),
    _post("vertical tab in the coding", "Transfer-Encoding: \x0bchunked", body=CHUNKED + INNER),
    _post("a chunk size of minus", "Transfer-Encoding: chunked", body=b"-1\r\nx\r\n" + CHUNKED),
    _post("a chunk size of 0x", "Transfer-Encoding: chunked", body=b"0x1\r\nx\r\n" + CHUNKED),
    _post("a huge chunk size", "Transfer-Encoding: chunked",
          body=b"1ffffffffffffffff\r\nx\r\n" + CHUNKED),
    _get("no name", ": value"),
    _get("a name with a space", "X Bad: 1"),
    _get("NUL in a value", "X-Bad: a\x00b"),
    _get("CR in a value", "X-Bad: a\rb"),
    _get("obs-fold", "X-Folded: a", " b", lenient=True),
    Probe("obs-fold first", f"GET {TARGET} HTTP/1.1\r\n Host: edge\r\n\r\n".encode()),
    Probe("bare LF", f"GET {TARGET} HTTP/1.1\nHost: edge\nAuthorization: Bearer TOKEN\n\n".encode(),
          lenient=True),
    _probe("no Host", f"GET {TARGET} HTTP/1.1"),
    _probe("two Hosts", f"GET {TARGET} HTTP/1.1", "Host: edge", "Host: other"),
    _probe("a Host with a path", f"GET {TARGET} HTTP/1.1", "Host: edge/../x"),
    _probe("a Host with a user", f"GET {TARGET} HTTP/1.1", "Host: me@edge"),
    _probe("a Host with a space", f"GET {TARGET} HTTP/1.1", "Host: ed ge"),
    _probe("CONNECT", "CONNECT core:8000 HTTP/1.1", "Host: core:8000"),
    _probe("CONNECT with a path", f"CONNECT {TARGET} HTTP/1.1", "Host: edge"),
    _probe("HTTP/0.9", f"GET {TARGET}"),
    _probe("HTTP/3.0", f"GET {TARGET} HTTP/3.0", "Host: edge"),
    _probe("HTTP/1.1x", f"GET {TARGET} HTTP/1.1x", "Host: edge"),
    _probe("a method with a colon", f"GE:T {TARGET} HTTP/1.1", "Host: edge"),
    _probe("two spaces", f"GET  {TARGET} HTTP/1.1", "Host: edge", lenient=True),
    _probe("no slash", "GET api/v1/cases HTTP/1.1", "Host: edge"),
)  # fmt: skip
