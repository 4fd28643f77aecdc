"""fetch over Gopher, against servers of our own that end their texts, and fail, in every way there
is: what it asks for, and what of the answer a person and a pipe get."""

import socket
import subprocess
import threading
import time

import pytest

ERROR = b"3Not found\t\terror.host\t1\r\n"
END = b".\r\n"


class Server:
    """Answers every connection by a function of the request line and the socket."""

    def __init__(self, answer):
        self.requests = []
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def url(self, path="", host="localhost"):
        return f"gopher://{host}:{self.port}{path}"

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb") as lines:
                self.requests.append(lines.readline())
                self.answer(connection)
        except OSError:
            pass  # the client has left, as some tests want it to

    def close(self):
        self.listener.close()


@pytest.fixture
def server():
    """server(answer) starts one; answer is a function of the connection, or bytes to send before
    closing it."""
    servers = []

    def start(answer):
        if isinstance(answer, bytes):
            text = answer
            answer = lambda connection: connection.sendall(text)
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for each in servers:
        each.close()


def in_pieces(text, size=1):
    """An answer that comes in segments of this many bytes."""

    def answer(connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(text), size):
            connection.sendall(text[at:at + size])

    return answer


# ---- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path, sent", [
    ("", b""), ("/", b""), ("/1", b""), ("/1/", b"/"), ("/0/posts/a.txt", b"/posts/a.txt"),
    ("/0a", b"a"), ("/0/a%20b.txt", b"/a b.txt"), ("/0/%2525", b"/%25"), ("/0/a+b", b"/a+b"),
    ("/%30/a", b"/a"), ("/7/search%09two%20words", b"/search\ttwo words"), ("/7/s%09", b"/s\t"),
    ("/1/%09%2B", b"/\t+"), ("/0/a?b", b"/a?b"), ("/0/a#part", b"/a"), ("/0/../a//b", b"/../a//b"),
    ("/0/café", "/café".encode()), ("/0/%E9", b"/\xe9"),
    ("/hURL:https://ex.net/", b"URL:https://ex.net/"), ("/0/" + 3000 * "x", b"/" + 3000 * b"x"),
])
def test_selector_is_the_path_decoded_once(server, fetch, path, sent):
    here = server(b"iHello\t\tnull.host\t1\r\n.\r\n")
    assert fetch(here.url(path)).returncode == 0
    assert here.requests == [sent + b"\r\n"]


@pytest.mark.parametrize("host", ["LOCALHOST", "gopher.localhost", "127.0.0.1"])
def test_this_host_has_many_names(server, fetch, host):
    assert fetch(server(b"hi").url("/0", host)).stdout == b"hi"


def test_verbose_shows_where_it_was_found(server, fetch):
    here = server(b"hi")
    result = fetch("--verbose", here.url("/0"))
    assert result.stderr.startswith(b"connected to 127.0.0.1:%d\n" % here.port)
    assert b"certificate" not in result.stderr


def test_scheme_may_be_in_capitals(server, fetch):
    assert fetch(server(b"hi").url("/0").replace("gopher", "GOPHER")).stdout == b"hi"


@pytest.mark.parametrize("path, words", [
    ("/0/a%0D%0Ab", b"line end"), ("/0/a%0ab", b"line end"), ("/0/a%0db", b"line end"),
    ("/0/a%00b", b"NUL"), ("/7/s%09a%09b", b"tab"), ("/0/a b", b"no address"),
    ("/0/%zz", b"no address"), ("/%09", b"item type"), ("/é", b"item type"), ("/8", b"telnet"),
    ("/T", b"telnet"), ("/2", b"phone book"), ("/iHello", b"leads nowhere"),
    ("/3Not%20found", b"leads nowhere"),
])
def test_what_cannot_be_asked_is_wrong_usage(server, fetch, path, words):
    here = server(b"")
    result = fetch(here.url(path))
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stdout == b""
    assert here.requests == []


@pytest.mark.parametrize("address, words", [
    ("gopher://", b"host"), ("gopher:///1", b"host"), ("gopher://user@localhost/", b"user"),
    ("gophers://localhost/", b"only gemini:// and gopher://"),
])
def test_address_without_a_server_is_wrong_usage(fetch, address, words):
    result = fetch(address)
    assert result.returncode == 2
    assert words in result.stderr


# ---- texts --------------------------------------------------------------------------------------

# What is sent, and what was meant.
TEXTS = {
    "ended": (b"a\r\nb\r\n.\r\n", b"a\nb\n"),
    "not ended": (b"a\r\nb\r\n", b"a\nb\n"),
    "no last line end": (b"a\r\nb", b"a\nb"),
    "only the end": (b".\r\n", b""),
    "nothing": (b"", b""),
    "bare LF": (b"a\nb\n.\n", b"a\nb\n"),
    "end without a line end": (b"a\r\n.", b"a\n"),
    "end at a CR": (b"a\r\n.\r", b"a\n.\r"),
    "lone CR is text": (b"a\rb\r\r\n.\r\n", b"a\rb\r\n"),
    "blank lines": (b"\r\n\r\n.\r\n", b"\n\n"),
    # gopher.md R18, the file "a\n.\n.b\n"
    "stuffed": (b"a\r\n..\r\n..b\r\n.\r\n", b"a\n.\n.b\n"),
    "raw": (b"a\r\n.\r\n.b\r\n", b"a\n.\n.b\n"),
    "only dots": (b"..\r\n...\r\n.\r\n", b".\n..\n"),
    "dots without an end": (b"a\r\n../b\r\n...\r\n", b"a\n../b\n...\n"),
    "dots without an end or a line end": (b"a\r\n../b", b"a\n../b"),
    # a server that stuffs would not have sent ".b"
    "ended but not stuffed": (b"../a\r\n.b\r\n../c\r\n.\r\n", b"../a\n.b\n../c\n"),
    "dots, then a lone one, then more": (b"../a\r\n.\r\nb\r\n", b"../a\n.\nb\n"),
    "two lone ones": (b"a\r\n.\r\n.\r\n", b"a\n.\n"),
    "dots inside lines": (b"a..b\r\nc.\r\n.\r\n", b"a..b\nc.\n"),
    "a CR before a line end stays when held back": (b"..a\r\r\n.\r\n", b".a\r\n"),
    "long lines": (9000 * b"x" + b"\r\n" + 9001 * b"." + b"\r\n.\r\n",
                   9000 * b"x" + b"\n" + 9000 * b"." + b"\n"),
    "CR LF where a long line is cut": (4095 * b"x" + b"\r\n" + 4096 * b"y" + b"\r\n.\r\n",
                                       4095 * b"x" + b"\n" + 4096 * b"y" + b"\n"),
    "a dot where a long line is cut": (4096 * b"x" + b".\r\n..y\r\n.\r\n", 4096 * b"x" + b".\n.y\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_what_it_was(server, fetch, name):
    sent, meant = TEXTS[name]
    result = fetch(server(sent).url("/0/a"))
    assert (result.returncode, result.stdout) == (0, meant)
    assert result.stderr == b"0 text\n"


@pytest.mark.parametrize("name", [name for name in TEXTS if len(TEXTS[name][0]) < 100])
def test_text_may_come_byte_by_byte(server, fetch, name):
    sent, meant = TEXTS[name]
    assert fetch(server(in_pieces(sent)).url("/0/a")).stdout == meant


def test_large_text_comes_whole(server, fetch):
    lines = [b"%d %s" % (number, b"." * (number % 50)) for number in range(50_000)]
    lines[1000] = b"..and dots to be undone"
    text = b"".join(line + b"\r\n" for line in lines)
    result = fetch(server(text + END).url("/0/a"))
    assert result.stdout == text.replace(b"\r\n..and", b"\r\n.and").replace(b"\r\n", b"\n")


def test_text_is_shown_as_it_comes(server, program):
    seen = threading.Event()

    def answer(connection):
        connection.sendall(b"a line\r\n")
        assert seen.wait(20)
        connection.sendall(END)

    with subprocess.Popen([program, "fetch", server(answer).url("/0")], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        assert process.stdout.readline() == b"a line\n"
        seen.set()
        assert process.stdout.read() == b""
    assert process.returncode == 0


# ---- other items --------------------------------------------------------------------------------


@pytest.mark.parametrize("item_type, words", [
    ("4", b"BinHex file"), ("5", b"archive"), ("6", b"uuencoded file"), ("9", b"binary file"),
    ("I", b"image"), ("g", b"GIF image"), ("p", b"PNG image"), ("h", b"HTML page"),
    ("s", b"sound"), ("d", b"document"), (";", b"video"), ("x", b"item of an unknown type"),
])
def test_bytes_arrive_unchanged(server, fetch, item_type, words):
    body = b"..\r\n" + bytes(range(256)) * 64 + b"\r\n.\r\n"
    result = fetch(server(body).url(f"/{item_type}/a"))
    assert (result.returncode, result.stdout) == (0, body)
    assert result.stderr == item_type.encode() + b" " + words + b"\n"


def test_an_empty_file_is_one(server, fetch):
    result = fetch(server(b"").url("/9/a"))
    assert (result.returncode, result.stdout) == (0, b"")


# ---- menus --------------------------------------------------------------------------------------

MENU = (
    b"iThe title\t\tnull.host\t1\r\n"
    b"i\t\tnull.host\t1\r\n"
    b"0A post\t/posts/a b.txt\texample.org\t70\r\n"
    b"1Elsewhere\t\texample.net\t7070\r\n"
    b"7Search\t/search\texample.org\t70\t+\r\n"
    b"hThe web\tURL:https://example.org/?a=b\texample.org\t70\r\n"
    b"8A session\tguest\texample.org\t23\r\n"
    b"9\xc3\xa9\t/caf\xc3\xa9?#%\t2001:db8::1\t70\r\n"
    b"3No such item\t\terror.host\t1\r\n"
    b"0No port\t/x\texample.org\tseventy\r\n"
    b"0No host\t/x\t\t70\r\n"
    b"Not a line of a menu\r\n"
    b"\r\n")

SHOWN = """\
The title

=> gopher://example.org/0/posts/a%20b.txt A post
=> gopher://example.net:7070/1 Elsewhere
=> gopher://example.org/7/search Search
=> https://example.org/?a=b The web
=> telnet://example.org A session
=> gopher://[2001:db8::1]/9/caf%C3%A9%3F%23%25 é
No such item
No port
No host
Not a line of a menu

"""


@pytest.mark.parametrize("item_type, header", [("1", b"1 menu\n"), ("7", b"7 search\n")])
@pytest.mark.parametrize("end", [b"", END])
def test_menu_goes_into_a_pipe_as_it_is(server, fetch, item_type, header, end):
    result = fetch(server(MENU + end).url(f"/{item_type}/a"))
    assert (result.returncode, result.stderr) == (0, header)
    assert result.stdout == MENU.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("end", [b"", END])
def test_menu_is_gemtext_on_a_terminal(server, fetch_on_terminal, end):
    assert fetch_on_terminal(server(MENU + end).url()) == SHOWN


def test_every_address_a_terminal_shows_can_be_fetched(server, fetch, fetch_on_terminal):
    here = server(b"")
    selector = bytes(set(range(256)) - set(b"\0\t\r\n"))
    here.answer = lambda connection: connection.sendall(
        b"0A post\t" + selector + b"\tlocalhost\t%d\r\n.\r\n" % here.port)
    address = fetch_on_terminal(here.url()).split()[1]
    assert fetch(address).returncode == 0
    assert here.requests == [b"\r\n", selector + b"\r\n"]


def test_a_menu_of_nothing_is_one(server, fetch):
    result = fetch(server(END).url())
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"1 menu\n")


def test_no_answer_is_no_menu(server, fetch):
    result = fetch(server(b"").url())
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"error: there is no answer: the connection was closed\n"


# ---- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/0/a", "/7/a", "/9/a", "/x/a"])
@pytest.mark.parametrize("answer", [
    ERROR, ERROR + END, ERROR.replace(b"\r", b"") + b".\n",
    ERROR + b"i____\tErr\tnull.host\t1\r\niA server\tErr\tnull.host\t1\r\n" + END,
], ids=["alone", "ended", "bare LF", "signed"])
def test_an_error_is_a_permanent_failure(server, fetch, path, answer):
    result = fetch(server(answer).url(path))
    assert (result.returncode, result.stdout) == (50, b"")
    assert result.stderr == b"3 Not found\n"


def test_an_error_may_come_in_pieces(server, fetch):
    assert fetch(server(in_pieces(ERROR + END)).url()).returncode == 50


@pytest.mark.parametrize("text", [
    b"3 apples\n", b"3\t4\t5\t6\n", ERROR + b"1Home\t\tlocalhost\t70\n", ERROR + ERROR,
    ERROR + b".\nmore\n", b"iNo\t\tnull.host\t1\n" + ERROR, b"3" * 5000 + b"\n",
], ids=["words", "numbers", "with a link", "two", "with more", "later", "long"])
def test_what_only_begins_like_an_error_is_none(server, fetch, text):
    result = fetch(server(text).url("/0/a"))
    assert (result.returncode, result.stdout) == (0, text.replace(b"\r\n", b"\n"))


def test_an_error_cannot_steer_the_terminal(server, fetch):
    result = fetch(server(b"3\x1b]0;owned\x07\t\terror.host\t1\r\n").url())
    assert (result.returncode, result.stderr) == (50, b"3 \\x1B]0;owned\\x07\n")


# ---- servers that misbehave ---------------------------------------------------------------------


def test_silence_meets_the_deadline(server, fetch):
    began = time.monotonic()
    result = fetch("--timeout", "1", server(lambda connection: time.sleep(20)).url())
    assert result.returncode == 1
    assert result.stderr == b"error: there is no answer: it takes too long\n"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("half", [b"half", b"3 half", b"..half"])
def test_an_answer_that_stops_meets_the_deadline(server, fetch, half):
    def answer(connection):
        connection.sendall(half)
        time.sleep(20)

    result = fetch("--timeout", "1", server(answer).url("/0"))
    assert (result.returncode, result.stdout) == (1, half)
    assert result.stderr == b"0 text\nerror: the answer is truncated: it takes too long\n"


def test_a_reset_is_a_failure(server, fetch):
    def answer(connection):
        connection.sendall(b"half")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    result = fetch(server(answer).url("/0"))
    assert result.returncode == 1
    assert b"Connection reset by peer" in result.stderr


def test_nobody_listens(fetch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = fetch(f"gopher://127.0.0.1:{unused.getsockname()[1]}/")
    assert result.returncode == 1
    assert b"Connection refused" in result.stderr


# ---- what a terminal gets -----------------------------------------------------------------------


def test_text_cannot_steer_the_terminal(server, fetch_on_terminal):
    text = b"\x1b[2Jtab\there\r\ncaf\xc3\xa9 \xff \xc2\x9b2J\r\n.\r\n"
    shown = "\\x1B[2Jtab here\ncaf\u00e9 \\xFF \\xC2\\x9B2J\n"
    for answer in text, in_pieces(text):
        assert fetch_on_terminal(server(answer).url("/0")) == shown


def test_menu_cannot_steer_the_terminal(server, fetch_on_terminal):
    menu = (b"i\x1b[2J\t\tnull.host\t1\r\n"
            b"0\x1b[2J\t\x1b[2J\t\x1b[2J\t70\r\n"
            b"h\x1b[2J\tURL:\x1b[2J\tlocalhost\t70\r\n")
    assert fetch_on_terminal(server(menu).url()) == (
        "\\x1B[2J\n"
        "=> gopher://\\x1B[2J/0%1B%5B2J \\x1B[2J\n"
        "=> \\x1B[2J \\x1B[2J\n")


def test_bytes_cannot_steer_the_terminal(server, fetch_on_terminal):
    assert fetch_on_terminal(server(b"\x1b[2J\xc3").url("/9")) == "\\x1B[2J\\xC3"


# ---- standard output ----------------------------------------------------------------------------


def test_full_disk_is_a_failure(server, program):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([program, "fetch", server(b"text").url("/0")], stdout=full,
                                stderr=subprocess.PIPE, timeout=30, check=False)
    assert result.returncode == 1
    assert result.stderr.count(b"No space left on device") == 1


def test_reader_who_leaves_needs_no_message(server, program):
    def answer(connection):
        while True:
            connection.sendall(b"a line\r\n" * 1000)

    process = subprocess.Popen([program, "fetch", server(answer).url("/0")],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b"0 text\n"
    assert process.wait(timeout=20) == 1
