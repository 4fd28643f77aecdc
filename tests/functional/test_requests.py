"""The request table of the Gemini rules, section 9: every row, against the running program."""

import concurrent.futures
import socket
import ssl
from typing import NamedTuple

import pytest

from client import CLEAN, CLOSES, PATIENCE_S, RESET, TRUNCATED, WAITS, ask, connect, finish

U = b"gemini://ex.org"


class Row(NamedTuple):
    number: str
    name: str
    request: bytes | list  # a list is sent piece by piece
    status: str
    text: str | None = None  # the header's, when the row prescribes it
    body: bytes | None = None  # what the body must hold
    sni: str | None = "ex.org"


def row(number, name, url, status, **more):
    """A row whose request is a URL and CR LF."""
    return Row(number, name, url + b"\r\n", status, **more)


def raw(number, name, request, status, **more):
    """A row whose request is sent as it stands."""
    return Row(number, name, request, status, **more)


def url_of(length):
    """A URL of so many bytes, for a page that is missing."""
    return (U + b"/").ljust(length, b"x")


ROWS = [
    row("1", "home", U + b"/", "20", body=b"First light"),
    row("2", "no path", U, "20", body=b"First light"),
    row("3", "port", U + b":1965/", "20"),
    row("4", "empty port", U + b":/", "20"),
    row("5", "scheme in capitals", b"GEMINI://ex.org/", "20"),
    row("6", "host in capitals", b"gemini://EX.ORG/", "20"),
    row("7", "dot after the host", b"gemini://ex.org./", "53"),
    row("8", "query", U + b"/?q=a%20b", "20"),
    row("9", "empty query", U + b"/?", "20"),
    row("10", "query without path", U + b"?x", "20"),
    row("11", "folder without slash", U + b"/dir", "31", text="/dir/"),
    row("12", "folder", U + b"/dir/", "20", body=b"# dir/index.gmi\n"),
    row("13", "file with slash", U + b"/index.gmi/", "51"),
    row("14", "missing", U + b"/nope", "51"),
    row("15", "encoded space", U + b"/a%20b.gmi", "20", body=b"# a b.gmi\n"),
    row("16", "plus is a plus", U + b"/a+b.gmi", "20", body=b"# a+b.gmi\n"),
    row("17", "raw space", U + b"/a b.gmi", "59"),
    row("18", "encoded UTF-8", U + b"/caf%C3%A9.gmi", "20", body="# café.gmi\n".encode()),
    row("19", "raw UTF-8", U + "/café.gmi".encode(), "20", body="# café.gmi\n".encode()),
    row("20", "encoded percent", U + b"/100%25.gmi", "20", body=b"# 100%.gmi\n"),
    row("21", "raw percent", U + b"/100%.gmi", "59"),
    row("22", "bad escape", U + b"/a%zz", "59"),
    row("23", "needless escape", U + b"/%69ndex.gmi", "20", body=b"# index.gmi\n"),
    row("24", "encoded NUL", U + b"/index.gmi%00", "59"),
    row("25", "raw NUL", U + b"/index\0.gmi", "59"),
    row("26", "encoded slash", U + b"/dir%2Findex.gmi", "51"),
    row("27", "above the root", U + b"/../", "59"),
    row("27", "far above the root", U + b"/../../", "59"),
    row("28", "dot dot inside", U + b"/dir/../index.gmi", "20", body=b"# index.gmi\n"),
    row("29", "file above the root", U + b"/../outside.txt", "59"),
    row("30", "encoded dots", U + b"/%2e%2e/outside.txt", "59"),
    row("31", "encoded slashes", U + b"/dir/..%2f..%2foutside.txt", "51"),
    row("32", "overlong dots", U + b"/%C0%AE%C0%AE/x", "59"),
    row("33", "single dot", U + b"/./index.gmi", "20", body=b"# index.gmi\n"),
    row("34", "empty segment", U + b"//index.gmi", "51"),
    row("35", "hidden", U + b"/.hidden", "51"),
    row("36", "backslash", U + b"/dir\\index.gmi", "59"),
    row("37", "user", b"gemini://user@ex.org/", "59"),
    row("38", "user and password", b"gemini://u:p@ex.org/", "59"),
    row("39", "empty user", b"gemini://@ex.org/", "59"),
    row("40", "fragment", U + b"/#frag", "59"),
    row("41", "empty fragment", U + b"/#", "59"),
    row("42", "other port", U + b":443/", "53"),
    row("43", "port zero", U + b":0/", "53"),
    row("44", "port too large", U + b":99999/", "59"),
    row("45", "port of letters", U + b":abc/", "59"),
    row("46", "foreign host", b"gemini://example.net/", "53"),
    row("47", "foreign host and SNI", b"gemini://example.net/", "53", sni="example.net"),
    row("48", "foreign SNI", U + b"/", "53", sni="example.net"),
    row("49", "no SNI", U + b"/", "20", sni=None),
    row("50", "IPv4 address", b"gemini://127.0.0.1/", "53"),
    row("51", "IPv6 address", b"gemini://[::1]/", "53"),
    row("52", "IPv6 without its end", b"gemini://[::1/", "59"),
    row("53", "http", b"http://ex.org/", "53"),
    row("54", "https", b"https://ex.org/", "53"),
    row("55", "gopher", b"gopher://ex.org/", "53"),
    row("56", "titan", b"titan://ex.org/x;size=0", "53"),
    row("57", "no scheme", b"//ex.org/", "59"),
    row("58", "host alone", b"ex.org/", "59"),
    row("59", "path alone", b"/", "59"),
    row("60", "empty line", b"", "59"),
    row("61", "not a URL", b"Hello Gemini!", "59"),
    row("62", "HTTP request", b"GET / HTTP/1.1", "59"),
    row("63", "one slash", b"gemini:/ex.org/", "59"),
    row("64", "no slash", b"gemini:ex.org", "59"),
    row("65", "no host", b"gemini:///", "59"),
    row("66", "leading space", b" gemini://ex.org/", "59"),
    row("67", "trailing space", U + b"/ ", "59"),
    row("68", "tab", U + b"/a\tb", "59"),
    row("69", "BOM", b"\xef\xbb\xbf" + U + b"/", "59"),
    raw("70", "LF alone", U + b"/\n", WAITS),
    raw("71", "CR alone", U + b"/\r", WAITS),
    row("72", "CR inside", U + b"/a\rb", "59"),
    row("72", "LF inside", U + b"/a\nb", "59"),
    row("75", "1024 bytes", url_of(1024), "51"),
    row("76", "1025 bytes", url_of(1025), "59"),
    row("77", "2000 bytes", url_of(2000), "59"),
    raw("77a", "1024 bytes, no end", url_of(1024), WAITS),
    raw("77b", "1100 bytes, no end", url_of(1100), "59"),
    row("77c", "encoded twice", U + b"/%252e%252e/outside.txt", "51"),
    raw("78", "more than a line", U + b"/\r\nextra", "20"),
    raw("79", "byte by byte", [bytes([byte]) for byte in U + b"/\r\n"], "20", body=b"First light"),
    row("80", "not UTF-8", U + b"/\xdc", "59"),
    row("81", "encoded host", b"gemini://%65x.org/", "20"),
    row("82", "bar", U + b"/a|b", "59"),
    row("82", "quote", U + b'/"', "59"),
    row("82", "angle brackets", U + b"/<x>", "59"),
    row("83", "DEL", U + b"/\x7f", "59"),
    row("84", "C1 control", U + b"/\xc2\x85", "59"),
]

# The same rules, further on.
MORE = [
    row("G27", "host in UTF-8", "gemini://bücher.example/".encode(), "20", sni=None),
    row("G27", "host encoded", b"gemini://b%C3%BCcher.example/", "20", sni=None),
    row("G27", "host in ASCII", b"gemini://xn--bcher-kva.example/", "20", sni=None),
    row("G31", "inside a hidden folder", U + b"/.git/config", "51"),
    row("G31", "encoded hidden", U + b"/%2ehidden", "51"),
    row("G4", "two of our hosts", U + b"/", "53", sni="www.ex.org"),
    row("G4", "our second host", b"gemini://www.ex.org/", "20", sni="www.ex.org"),
    row("G43", "query on a folder", U + b"/folder?x", "31"),
    row("G43", "host in a path", U + b"//evil.example/x", "51"),
    row("G43", "folder of that name", U + b"//dir", "51"),
    row("leak", "link out of the folder", U + b"/link.txt", "51"),
    row("leak", "beside the static folder", U + b"/outside.txt", "51"),
    row("leak", "static by its own name", U + b"/static/index.gmi", "51"),
    row("leak", "source of the settings", U + b"/capsule.yaml", "51"),
    row("G42", "index of a folder", U + b"/folder/", "20", body=b"# folder/index.gmi\n"),
]


def row_id(value):
    return f"{value.number}-{value.name}".replace(" ", "_")


@pytest.fixture(scope="module")
def answers(server):
    """A future for each row: all are asked at once, so that those that wait do so together."""

    def ask_row(each):
        patience_s = {"patience_s": PATIENCE_S} if each.status == WAITS else {}
        return ask(server.port, each.request, sni=each.sni, **patience_s)

    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        slow_first = sorted(ROWS + MORE, key=lambda each: each.status != WAITS)
        yield {row_id(each): pool.submit(ask_row, each) for each in slow_first}


def test_row_names_are_unique():
    assert len({row_id(each) for each in ROWS + MORE}) == len(ROWS + MORE)


def test_no_row_is_missing():
    """73 and 74 are about closing, and are below."""
    wanted = {str(number) for number in range(1, 85)} - {"73", "74"} | {"77a", "77b", "77c"}
    assert {each.number for each in ROWS} == wanted


@pytest.mark.parametrize("each", ROWS + MORE, ids=row_id)
def test_row(answers, each):
    answer = answers[row_id(each)].result()
    assert answer.status == each.status, answer
    if answer.status == WAITS:
        return
    assert answer.end == CLEAN
    assert b"SECRET" not in answer.body
    if each.text is not None:
        assert answer.text == each.text
    if each.body is not None:
        assert each.body in answer.body
    if answer.status == "20":
        assert answer.text.startswith("text/gemini")


def test_row_73_client_closes_without_a_line_end(server):
    tls = connect(server.port)
    with tls:
        tls.sendall(U + b"/")
        socket.socket.shutdown(tls, socket.SHUT_WR)  # SSLSocket's own would forget TLS
        answer = finish(tls)
    assert answer.status == CLOSES
    assert answer.end in (CLEAN, TRUNCATED, RESET)


def test_row_73_client_ends_tls_without_a_line_end(server):
    tls = connect(server.port)
    tls.sendall(U + b"/")
    try:
        tls.unwrap()  # sends close_notify and waits for the other's
    except (ssl.SSLError, OSError):
        pass
    tls.close()
    assert ask(server.port, U + b"/\r\n").status == "20"


def test_row_74_handshake_alone_makes_no_noise(server):
    before = len(server.stderr.lines)
    for _ in range(10):
        connect(server.port).close()
    assert ask(server.port, U + b"/\r\n").status == "20"
    for line in server.stderr.lines[before:]:
        assert not any(word in line.lower() for word in ("error", "warn")), line


def test_empty_path_and_slash_are_the_same_bytes(server):
    first = ask(server.port, U + b"\r\n")
    second = ask(server.port, U + b"/\r\n")
    assert (first.status, first.text, first.body) == (second.status, second.text, second.body)


def test_the_blog_is_there(server):
    home = ask(server.port, U + b"/\r\n").body.decode()
    assert "=> /posts/first-light.gmi 2026-01-02 First light" in home
    post = ask(server.port, U + b"/posts/first-light.gmi\r\n")
    assert post.status == "20" and b"Hello." in post.body


def test_text_has_lf_line_ends_and_no_bom(server):
    for path in (b"/", b"/posts/first-light.gmi", b"/index.gmi"):
        body = ask(server.port, U + path + b"\r\n").body
        assert b"\r" not in body
        assert not body.startswith(b"\xef\xbb\xbf")
