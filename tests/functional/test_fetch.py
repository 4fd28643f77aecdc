"""fetch against servers of our own: what it sends, shows, follows, and what it does when a server
misbehaves. The servers are a few lines of Python each, so that each can be wrong in its own way."""

import hashlib
import socket
import ssl
import subprocess
import threading
import time

import pytest

CLOSE = b""  # in a script: end in order, with a close_notify


class Server:
    """Answers every connection by a function of the request line and the TLS socket."""

    def __init__(self, context, answer):
        self.requests = []
        self.names = []  # what came as SNI
        self.answer = answer
        context.sni_callback = lambda tls, name, context: self.names.append(name)
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def url(self, path="/", host="localhost"):
        return f"gemini://{host}:{self.port}{path}"

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                line = b""
                while not line.endswith(b"\r\n"):
                    byte = tls.recv(1)
                    if not byte:
                        return
                    line += byte
                self.requests.append(line[:-2].decode())
                self.answer(self, self.requests[-1], tls)
        except OSError:
            pass  # the client has left, as some tests want it to

    def close(self):
        self.listener.close()


def say(tls, *parts):
    """Send the parts; the last one may be CLOSE."""
    for part in parts:
        if part == CLOSE:
            tls.unwrap()
        else:
            tls.sendall(part)


def cut(tls):
    """End without a close_notify."""
    socket.socket(fileno=tls.detach()).close()


@pytest.fixture(scope="session")
def identity(tmp_path_factory):
    """A certificate and its key, as (file, SHA-256 of the certificate)."""
    folder = tmp_path_factory.mktemp("identity")
    both = folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-subj", "/CN=localhost", "-days", "2",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    certificate = (folder / "cert.pem").read_text()
    both.write_text((folder / "key.pem").read_text() + certificate)
    return both, hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).digest()


@pytest.fixture
def server(identity):
    """server(answer) starts one; answer is a function (server, request, tls), or bytes to send
    before an orderly end."""
    servers = []

    def start(answer):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity[0])
        if isinstance(answer, bytes):
            text = answer
            answer = lambda server, request, tls: say(tls, text, CLOSE)
        servers.append(Server(context, answer))
        return servers[-1]

    yield start
    for each in servers:
        each.close()


# ---- answers ------------------------------------------------------------------------------------


def test_header_goes_to_stderr_and_body_to_stdout(server, fetch):
    result = fetch(server(b"20 text/gemini\r\n# Hello\n").url())
    assert result.stdout == b"# Hello\n"
    assert result.stderr == b"20 text/gemini\n"
    assert result.returncode == 0


@pytest.mark.parametrize("header, status", [
    (b"10 Your name?", 10), (b"11 Your secret?", 10), (b"20 text/plain", 0), (b"29 text/plain", 0),
    (b"40", 40), (b"44 60", 40), (b"51 Not found", 50), (b"59", 50), (b"62 Expired", 60),
])
def test_exit_status_tells_the_family(server, fetch, header, status):
    result = fetch(server(header + b"\r\n").url())
    assert result.stderr == header + b"\n"
    assert result.returncode == status


def test_body_arrives_byte_by_byte_when_not_on_a_terminal(server, fetch):
    body = bytes(range(256)) * 4096
    assert fetch(server(b"20 image/png\r\n" + body).url()).stdout == body


def test_header_may_come_in_pieces(server, fetch):
    def answer(server, request, tls):
        for byte in b"20 text/plain\r\nhi":
            say(tls, bytes([byte]))
        say(tls, CLOSE)

    result = fetch(server(answer).url())
    assert (result.returncode, result.stdout) == (0, b"hi")


def test_longest_header_is_read(server, fetch):
    header = b"51 " + b"x" * 1024
    result = fetch(server(header + b"\r\n").url())
    assert (result.returncode, result.stderr) == (50, header + b"\n")


# ---- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("written, sent", [
    ("", "/"), ("/", "/"), ("?q", "/?q"), ("/a?b%20c", "/a?b%20c"), ("/a#part", "/a"),
    ("/café/ü?ö", "/caf%C3%A9/%C3%BC?%C3%B6"), ("/caf%c3%a9", "/caf%c3%a9"), ("/a[1]", "/a%5B1%5D"),
])
def test_request_is_an_absolute_uri(server, fetch, written, sent):
    here = server(b"20 text/plain\r\n")
    assert fetch(here.url(written, "LOCALHOST")).returncode == 0
    assert here.requests == [here.url(sent)]


def test_scheme_may_be_left_out(server, fetch):
    here = server(b"20 text/plain\r\n")
    assert fetch(f"localhost:{here.port}/a").returncode == 0
    assert here.requests == [here.url("/a")]


def test_names_below_localhost_are_this_host(server, fetch):
    here = server(b"20 text/plain\r\n")
    assert fetch(here.url(host="capsule.localhost")).returncode == 0
    assert here.names == ["capsule.localhost"]


def test_names_are_sent_as_sni_and_addresses_are_not(server, fetch):
    here = server(b"20 text/plain\r\n")
    fetch(here.url())
    fetch(here.url(host="127.0.0.1"))
    assert here.names == ["localhost", None]


@pytest.mark.parametrize("address, words", [
    ("gemini://localhost/a b", b"no address"),
    ("gemini://localhost/%zz", b"no address"),
    ("gemini://user@localhost/", b"user"),
    ("gemini://", b"host"),
    ("http://localhost/", b"only gemini://"),
    ("gemini://localhost/" + "x" * 1024, b"1024"),
    ("gemini://localhost/\x1b[2J", b"\\x1B[2J"),
])
def test_what_cannot_be_asked_is_wrong_usage(fetch, address, words):
    result = fetch(address)
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stdout == b""


@pytest.mark.parametrize("args", [
    [], ["a", "b"], ["--nonsense", "a"], ["--timeout", "0", "a"], ["--timeout", "x", "a"],
])
def test_wrong_usage(fetch, args):
    result = fetch(*args)
    assert result.returncode == 2
    assert result.stderr and not result.stdout


def test_verbose_shows_the_certificate(server, fetch, identity):
    result = fetch("--verbose", server(b"20 text/plain\r\n").url())
    assert result.stderr.decode().startswith("certificate SHA-256 " + identity[1].hex(":").upper())
    assert "\nconnected to 127.0.0.1:" in result.stderr.decode()


# ---- redirects ----------------------------------------------------------------------------------


def hops(server, request, tls):
    """/3 leads to /2, ... to /0, which is the text."""
    number = int(request.rsplit("/", 1)[1])
    say(tls, b"30 %d\r\n" % (number - 1) if number else b"20 text/plain\r\nthere", CLOSE)


def test_five_redirects_are_followed(server, fetch):
    here = server(hops)
    result = fetch(here.url("/a/5"))
    assert (result.returncode, result.stdout) == (0, b"there")
    assert here.requests == [here.url(f"/a/{number}") for number in (5, 4, 3, 2, 1, 0)]
    assert f"redirected to {here.url('/a/4')}\n".encode() in result.stderr


def test_a_sixth_is_not(server, fetch):
    here = server(hops)
    result = fetch(here.url("/6"))
    assert result.returncode == 30
    assert result.stderr.endswith(b"not followed: more than 5 redirects\n")
    assert len(here.requests) == 6


def test_a_loop_ends(server, fetch):
    here = server(b"31 /\r\n")
    assert fetch(here.url()).returncode == 30
    assert len(here.requests) == 6


def test_redirects_are_shown_when_not_to_be_followed(server, fetch):
    here = server(b"31 /new\r\n")
    result = fetch("--no-redirects", here.url())
    assert (result.returncode, result.stderr) == (30, b"31 /new\n")
    assert len(here.requests) == 1


@pytest.mark.parametrize("target", [
    b"https://localhost/", b"gopher://localhost/", b"file:///etc/passwd", b"gemini://a b/",
    b"gemini://user@localhost/", b"", b"/%zz",
])
def test_no_redirect_leaves_gemini(server, fetch, target):
    here = server(b"30 " + target + b"\r\n")
    result = fetch(here.url())
    assert result.returncode == 30
    assert b"not followed: " in result.stderr
    assert len(here.requests) == 1


def test_redirect_does_not_carry_the_query_over(server, fetch):
    def answer(server, request, tls):
        say(tls, b"30 /b#part\r\n" if "?" in request else b"20 text/plain\r\n", CLOSE)

    here = server(answer)
    assert fetch(here.url("/a?secret")).returncode == 0
    assert here.requests == [here.url("/a?secret"), here.url("/b")]


# ---- servers that misbehave ---------------------------------------------------------------------


def test_truncated_body_is_a_failure(server, fetch):
    def answer(server, request, tls):
        say(tls, b"20 text/plain\r\nthe first half")
        cut(tls)

    result = fetch(server(answer).url())
    assert result.returncode == 1
    assert result.stdout == b"the first half"
    assert b"truncated" in result.stderr and b"close_notify" in result.stderr


def test_closed_before_the_header_ends(server, fetch):
    result = fetch(server(b"20 text/pl").url())
    assert result.returncode == 1
    assert b"no line end" in result.stderr


def test_closed_without_a_word(server, fetch):
    result = fetch(server(lambda server, request, tls: cut(tls)).url())
    assert result.returncode == 1
    assert b"no header" in result.stderr


@pytest.mark.parametrize("header", [b"x" * 1029, b"20 " + b"x" * 1025 + b"\r\n"])
def test_header_without_end(server, fetch, header):
    result = fetch(server(header * 100).url())
    assert result.returncode == 1
    assert b"no line end in the first 1029 bytes" in result.stderr
    assert len(result.stderr) < 500


@pytest.mark.parametrize("header", [
    b"", b"2", b"2 text/plain", b"20\ttext/plain", b"200 text/plain", b"00 zero", b"70 seven",
    b"xx text", b"HTTP/1.1 400 Bad Request", b"\xef\xbb\xbf20 text/plain",
])
def test_what_is_no_gemini_answer(server, fetch, header):
    result = fetch(server(header + b"\r\nbody").url())
    assert result.returncode == 1
    assert b"not a Gemini one" in result.stderr
    assert result.stdout == b""


def test_silence_meets_the_deadline(server, fetch):
    began = time.monotonic()
    result = fetch("--timeout", "1", server(lambda server, request, tls: time.sleep(20)).url())
    assert result.returncode == 1
    assert b"too long" in result.stderr
    assert time.monotonic() - began < 5


def test_a_trickling_header_meets_the_same_deadline(server, fetch):
    def answer(server, request, tls):
        while True:
            say(tls, b"2")
            time.sleep(0.3)

    began = time.monotonic()
    assert fetch("--timeout", "1", server(answer).url()).returncode == 1
    assert time.monotonic() - began < 5


def test_a_body_that_stops_meets_the_deadline(server, fetch):
    def answer(server, request, tls):
        say(tls, b"20 text/plain\r\nhalf")
        time.sleep(20)

    result = fetch("--timeout", "1", server(answer).url())
    assert (result.returncode, result.stdout) == (1, b"half")
    assert b"truncated" in result.stderr


def test_no_tls_at_all(fetch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def greet():
            connection, _ = listener.accept()
            connection.sendall(b"220 mail.example ESMTP\r\n")
            connection.recv(1000)
            connection.close()

        threading.Thread(target=greet, daemon=True).start()
        result = fetch(f"gemini://127.0.0.1:{listener.getsockname()[1]}/")
    assert result.returncode == 1
    assert b"no TLS with '127.0.0.1'" in result.stderr


def test_nobody_listens(fetch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = fetch(f"gemini://127.0.0.1:{unused.getsockname()[1]}/")
    assert result.returncode == 1
    assert b"Connection refused" in result.stderr


def test_unknown_host(fetch):
    result = fetch("gemini://no-such-host.invalid/")
    assert result.returncode == 1
    assert b"cannot find 'no-such-host.invalid'" in result.stderr


# ---- what a terminal gets -----------------------------------------------------------------------


def test_header_cannot_steer_the_terminal(server, fetch):
    header = "51 \x1b]0;owned\x07 caf\u00e9 \x9b2J".encode()
    result = fetch(server(header + b"\r\n").url())
    assert result.stderr.decode() == "51 \\x1B]0;owned\\x07 caf\u00e9 \\xC2\\x9B2J\n"


def test_body_cannot_steer_the_terminal(server, fetch_on_terminal):
    def answer(server, request, tls):
        say(tls, b"20 text/plain\r\n\x1b[2Jtab\there\r\n", b"caf\xc3",
            b"\xa9 \xff \xc2\x9b2J\n", CLOSE)

    text = fetch_on_terminal(server(answer).url())
    assert text == "\\x1B[2Jtab here\ncaf\u00e9 \\xFF \\xC2\\x9B2J\n"


# ---- standard output ----------------------------------------------------------------------------


def test_full_disk_is_a_failure(server, program):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([program, "fetch", server(b"20 text/plain\r\nbody").url()],
                                stdout=full, stderr=subprocess.PIPE, timeout=30, check=False)
    assert result.returncode == 1
    assert b"No space left on device" in result.stderr


def test_reader_who_leaves_needs_no_message(server, program):
    def answer(server, request, tls):
        say(tls, b"20 text/plain\r\n")
        while True:
            say(tls, b"a line\n" * 1000)

    process = subprocess.Popen([program, "fetch", server(answer).url()], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b"20 text/plain\n"
    assert process.wait(timeout=20) == 1
