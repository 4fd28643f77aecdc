"""A strict Gemini client: it sends what it is told, byte by byte if need be, and says exactly how
the other side behaved. Certificates are not verified, everything else is."""

import re
import socket
import ssl
import time
import warnings
from dataclasses import dataclass

# What can come instead of a status. The signs are those of gemini.md, section 9.
WAITS = "-"  # nothing came while we were patient
CLOSES = "x"  # closed without a header
NO_TLS = "T"  # no TLS connection came about

# How an answer ended.
CLEAN = "close_notify"
TRUNCATED = "closed without close_notify"
RESET = "reset"

UNEXPECTED_EOF = "UNEXPECTED_EOF_WHILE_READING"  # OpenSSL's name for it

STATUSES = "10 11 20 30 31 40 41 42 43 44 50 51 52 53 59 60 61 62".split()
HEADER = re.compile(r"\A([1-6][0-9])(?: ([^\x00-\x1f\x7f-\x9f\ufeff]+))?\Z")
HEADER_TEXT_MAX = 1024

PATIENCE_S = 2.5  # how long "no answer" takes to believe. Source: gemini.md, section 9
DEADLINE_S = 20  # for a whole answer on a busy machine; past it the test fails


class BadAnswer(AssertionError):
    """Bytes came that are no Gemini answer."""


@dataclass
class Answer:
    status: str
    text: str = ""
    body: bytes = b""
    end: str = ""
    tls_version: str = ""
    alpn: str | None = None
    reason: str = ""  # of NO_TLS
    session: ssl.SSLSession | None = None
    session_reused: bool = False


def make_context(minimum=ssl.TLSVersion.TLSv1_2, maximum=ssl.TLSVersion.MAXIMUM_SUPPORTED):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Python sets this by itself, and would then take a truncated answer for a whole one.
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what we test
        context.minimum_version = minimum
        context.maximum_version = maximum
    if minimum < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("ALL:@SECLEVEL=0")  # else it is we who refuse
    return context


def connect(port, sni="ex.org", context=None, session=None, preamble=(), source=""):
    """A finished handshake; sni=None sends no server name. preamble: pieces that go before it, each
    in a segment of its own: a PROXY header. source: the address to come from."""
    plain = socket.create_connection(("127.0.0.1", port), DEADLINE_S, (source, 0))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        for piece in preamble:
            plain.sendall(piece)
        return (context or make_context()).wrap_socket(
            plain, server_hostname=sni, suppress_ragged_eofs=False, session=session
        )
    except BaseException:
        plain.close()
        raise


def read_all(tls, patience_s=DEADLINE_S):
    """Everything up to the end and how it ended; None for the end when time ran out."""
    received = bytearray()
    deadline = time.monotonic() + patience_s
    while True:
        tls.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            piece = tls.recv(65536)
        except (TimeoutError, ssl.SSLWantReadError):
            return bytes(received), None
        except ssl.SSLError as error:  # SSLEOFError only from Python 3.12 on
            if isinstance(error, ssl.SSLEOFError) or error.reason == UNEXPECTED_EOF:
                return bytes(received), TRUNCATED
            raise
        except (ConnectionResetError, BrokenPipeError):
            return bytes(received), RESET
        if not piece:
            return bytes(received), CLEAN
        received += piece


def parse(received):
    """Status, text and body; BadAnswer for anything that breaks a rule. Source: G32 to G36."""
    line, line_end, body = received.partition(b"\r\n")
    if not line_end:
        raise BadAnswer(f"no CR LF in {received[:80]!r}")
    try:
        header = HEADER.match(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadAnswer(f"header is not UTF-8: {line!r}") from error
    if not header:
        raise BadAnswer(f"not a header: {line!r}")
    status, text = header[1], header[2] or ""
    if status not in STATUSES:
        raise BadAnswer(f"no such status: {line!r}")
    if status[0] in "123" and not text:
        raise BadAnswer(f"text is missing: {line!r}")
    if len(text.encode()) > HEADER_TEXT_MAX:
        raise BadAnswer(f"header of {len(line)} bytes")
    if status[0] == "3" and "#" in text:
        raise BadAnswer(f"fragment in a redirect: {line!r}")
    if body and status[0] != "2":
        raise BadAnswer(f"a body after {line!r}")
    return status, text, body


def finish(tls, patience_s=DEADLINE_S):
    """Read the answer to what was sent so far."""
    received, end = read_all(tls, patience_s)
    if end is None:
        if received:
            raise BadAnswer(f"an answer that does not end: {received[:80]!r}")
        return Answer(WAITS)
    if not received:
        return Answer(CLOSES, end=end)
    status, text, body = parse(received)
    return Answer(
        status,
        text,
        body,
        end,
        tls_version=tls.version() or "",
        alpn=tls.selected_alpn_protocol(),
        session=tls.session,
        session_reused=bool(tls.session_reused),
    )


def send(tls, pieces):
    """Each piece in a TLS record of its own. Who is refused early may fail to send the rest."""
    try:
        for piece in pieces:
            tls.sendall(piece)
    except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
        pass


def ask(port, request, sni="ex.org", patience_s=DEADLINE_S, context=None, session=None,
        preamble=(), source=""):
    """Send a request, in one piece or in the pieces of a list, and read the answer."""
    pieces = [request] if isinstance(request, bytes) else request
    try:
        tls = connect(port, sni, context, session, preamble, source)
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError) as error:
        return Answer(NO_TLS, reason=getattr(error, "reason", None) or str(error))
    with tls:
        send(tls, pieces)
        return finish(tls, patience_s)
