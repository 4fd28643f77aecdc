"""The selector table of the Gopher rules, section 7: every row, against the running program; and
what menus, texts and files look like from outside."""

import os
import pathlib
import re
import socket
import subprocess
import time
import unicodedata
from typing import NamedTuple

import pytest

from client import DEADLINE_S, PATIENCE_S
from conftest import write
from server import Server

HOST, PORT = "gopher.example", "7070"

CAPSULE = """\
title: Posts — all of them
description: Everything that has been written here so far, which is not very much as yet.
hosts: [ex.org]
per_page: 2
sources: true
links:
  - {label: A friend, url: "gopher://friend.example:7071/1/phlog"}
  - {label: The web, url: "https://ex.org/?a=1&b=2"}
  - {label: A BBS, url: "telnet://bbs.example:2323"}
"""

POST = """\
---
title: "First\\tlight of a title that goes on and on until it fits on no line of any client"
date: 2026-01-02T03:04:05Z
description: What was\\tseen.
aliases: [/old]
---
Hello, [second](second.md), and [the web](https://e.example/a_very/long/path/that/goes/on/past/the/margin/of/any/page).

.dots at the start

日本語の文章は空白がないので、どこでも改行できるが、句読点は行の先頭に来てはならない。長い文章がここにある。

👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f e\u0301 emoji and marks, many of them: 👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍

```
a line of code that is longer than sixty-seven columns and is not wrapped by anything at all
```
"""

OTHER = "---\ntitle: {0}\ndate: 2026-01-0{1}\n---\nHello.\n"

FILES = {
    "post.txt": b"line\n.\n.dot\nend\n",
    "dir/a.bin": b"x",
    "dir/deep/b.png": b"png",
    "robots.txt": b"User-agent: *\nDisallow: /dir\n",
    ".hid": b"SECRET\n",
    "nolf.txt": b"nolf",
    "crlf.txt": b"one\r\ntwo\r\n",
    "a b.html": b"<p>.\n",
    "big.txt": b".line\n" * 300_000,  # more than is kept in memory as it is
}


@pytest.fixture(scope="module")
def hole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hole")
    capsule = folder / "capsule"
    write(capsule / "capsule.yaml", CAPSULE)
    write(capsule / "posts/first.md", POST)
    write(capsule / "posts/second.md", OTHER.format("Second", 1))
    write(capsule / "posts/third.md", OTHER.format("Third", 3))
    write(capsule / "pages/about.md", "---\ntitle: About\n---\nMe.\n")
    for name, content in FILES.items():
        path = capsule / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with Server(folder, [capsule], gopher={"host": HOST, "port": int(PORT)}) as running:
        yield running


def connect(port):
    peer = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def read_all(peer):
    received = bytearray()
    while piece := peer.recv(65536):  # a reset would raise
        received += piece
    return bytes(received)


def ask(server, request):
    """The answer to a request, sent in one piece or in the pieces of a list."""
    with connect(server.gopher_port) as peer:
        for piece in [request] if isinstance(request, bytes) else request:
            peer.sendall(piece)
        return read_all(peer)


# ---- what answers look like --------------------------------------------------------------------

POST_TXT = b"line\r\n..\r\n..dot\r\nend\r\n.\r\n"


def entries(answer):
    """The lines of a menu, each in its four fields; fails for anything that is not one."""
    *lines, end, nothing = answer.decode("utf-8").split("\r\n")
    assert (end, nothing) == (".", ""), answer[-40:]
    fields = [line.split("\t") for line in lines]
    for line in fields:
        assert len(line) == 4 and line[0] and re.fullmatch("[0-9]+", line[3]), line
        assert not any(character < " " or character == "\x7f" for character in "".join(line))
    return fields


def is_root(answer):
    return entries(answer)[0] == ["iPosts — all of them", "", "null.host", "1"]


def is_folder(answer):
    fields = entries(answer)
    return ["9a.bin", "/dir/a.bin", HOST, PORT] in fields and ["1deep", "/dir/deep", HOST, PORT] in fields


def is_error(answer):
    (fields,) = entries(answer)
    return fields[0][0] == "3" and fields[1:] == ["", "error.host", "1"]


def is_exactly(expected):
    return lambda answer: answer == expected


def is_caps(answer):
    return answer.startswith(b"CAPS\r\nCapsVersion=1\r\n") and answer.endswith(b"\r\n.\r\n")


def is_link_to(escaped):
    def check(answer):
        page = answer.decode()
        return f'href="{escaped}">' in page and f'url={escaped}">' in page and "<script" not in page

    return check


is_post = is_exactly(POST_TXT)
is_robots = is_exactly(b"User-agent: *\r\nDisallow: /dir\r\n.\r\n")


class Row(NamedTuple):
    number: str
    request: bytes | list
    expect: object


ROWS = [
    Row("1", b"\r\n", is_root),
    Row("2", b"/\r\n", is_root),
    Row("3", b"\n", is_root),
    Row("4", b"/post.txt\r\n", is_post),
    Row("5", b"/post.txt\n", is_post),
    Row("6", b"post.txt\r\n", is_post),
    Row("7", b"0/post.txt\r\n", is_post),
    Row("8", b"/0/post.txt\r\n", is_post),
    Row("9", b"/dir\r\n", is_folder),
    Row("10", b"/dir/\r\n", is_folder),
    Row("11", b"dir\r\n", is_folder),
    Row("12", b"/dir/a.bin\r\n", is_exactly(b"x")),
    Row("13", b"/dir//a.bin\r\n", is_error),
    Row("14", b"/nope\r\n", is_error),
    Row("15", b"/nope/\r\n", is_error),
    Row("16", b"/../x\r\n", is_error),
    Row("17", b"/dir/../post.txt\r\n", is_error),
    Row("18", b"/%2e%2e/x\r\n", is_error),
    Row("19", b"/post%2Etxt\r\n", is_post),
    Row("20", b"/.hid\r\n", is_error),
    Row("21", b"caps.txt\r\n", is_caps),
    Row("22", b"/caps.txt\r\n", is_caps),
    Row("23", b"robots.txt\r\n", is_robots),
    Row("24", b"0/robots.txt\r\n", is_robots),
    Row("25", b"URL:https://ex.net/\r\n", is_link_to("https://ex.net/")),
    Row("26", b"URL:javascript:alert(1)\r\n", is_error),
    Row("27", b'URL:https://e/"><script>\r\n', is_link_to("https://e/&quot;&gt;&lt;script&gt;")),
    Row("28", b"/\t+\r\n", is_root),
    Row("29", b"\t$\r\n", is_root),
    Row("30", b"/post.txt\tword\r\n", is_post),
    Row("33", b"/post.txt?q\r\n", is_post),
    Row("34", b"GET / HTTP/1.0\r\n\r\n", is_error),
    Row("35", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", is_exactly(b"")),
    Row("36", b"/" + b"x" * 299 + b"\r\n", is_error),
    Row("37", b"/" + b"x" * 2999 + b"\r\n", is_error),
    Row("39", b"/nolf.txt\r\n", is_exactly(b"nolf\r\n.\r\n")),
    Row("40", b"/post.txt\0\r\n", is_error),
    Row("42", [bytes([byte]) for byte in b"/post.txt\r\n"], is_post),
    # ... and what the table leaves out
    Row("7+19", b"0/post%2etxt?q\r\n", is_post),
    Row("25, slash", b"/URL:https://ex.net/\r\n", is_link_to("https://ex.net/")),
    Row("25, quote", b"URL:mailto:o'hara@ex.net?a&b\r\n", is_link_to("mailto:o&#39;hara@ex.net?a&amp;b")),
    Row("26, data", b"URL:data:text/html,x\r\n", is_error),
    Row("26, escape", b"URL:https://e/\x1b[2J\r\n", is_error),
    Row("39, crlf", b"/crlf.txt\r\n", is_exactly(b"one\r\ntwo\r\n.\r\n")),
    Row("12, html", b"/a b.html\r\n", is_exactly(b"<p>.\n")),
    Row("12, html, encoded", b"/a%20b.html\r\n", is_exactly(b"<p>.\n")),
    Row("12, large text", b"/big.txt\r\n", is_exactly(b"..line\r\n" * 300_000 + b".\r\n")),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_row(hole, row):
    answer = ask(hole, row.request)
    assert row.expect(answer), answer[:500]


def test_row_38_a_lone_cr_is_waited_on(hole):
    with connect(hole.gopher_port) as peer:
        peer.sendall(b"/post.txt\r")
        peer.settimeout(PATIENCE_S)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        peer.settimeout(DEADLINE_S)
        start = time.monotonic()
        assert peer.recv(1) == b""  # the request's ten seconds are over
        assert time.monotonic() - start < DEADLINE_S


def test_row_41_nothing_and_then_the_end(hole):
    with connect(hole.gopher_port) as peer:
        peer.shutdown(socket.SHUT_WR)
        assert read_all(peer) == b""


# ---- pages ---------------------------------------------------------------------------------------

def columns(line):
    """As a terminal without any idea of joined emoji counts them."""
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in line
    )


def test_the_root_menu_has_everything(hole):
    fields = entries(ask(hole, b"\r\n"))
    assert all(columns(line[0][1:]) <= 67 for line in fields)
    own = [line for line in fields if line[2] == HOST]
    assert all(line[3] == PORT for line in own)
    items = {(line[0][0], line[1]) for line in own}
    assert {
        ("0", "/posts/first.txt"), ("0", "/posts/third.txt"), ("1", "/page/2"), ("0", "/about.txt"),
        ("0", "/atom.xml"), ("h", "URL:gemini://ex.org/"), ("h", "URL:https://ex.org/?a=1&b=2"),
    } <= items
    assert ["1A friend", "/phlog", "friend.example", "7071"] in fields
    assert ["8A BBS", "", "bbs.example", "2323"] in fields
    titles = [line[0] for line in fields if line[1] == "/posts/first.txt"]
    assert titles == ["02026-01-02 First light of a title that goes on and on until it..."]


def test_every_item_of_ours_is_there(hole):
    todo, seen = [("1", "")], set()
    while todo:
        kind, selector = todo.pop()
        answer = ask(hole, selector.encode() + b"\r\n")
        assert answer and not answer.startswith(b"3"), selector
        seen.add(selector)
        for line in entries(answer) if kind == "1" else []:
            if line[2] == HOST and line[0][0] != "i" and line[1] not in seen:
                todo.append((line[0][0], line[1]))
    assert {"/page/2", "/posts/second.txt", "/about.txt", "/atom.xml"} <= seen


def test_an_article_keeps_to_its_width(hole):
    text = ask(hole, b"/posts/first.txt\r\n").decode()
    lines = text.split("\r\n")
    for line in lines:
        assert columns(line) <= 67 or "://" in line or line.startswith("    a line of code"), line
        assert not re.search("[\x00-\x1f\x7f-\x9f]", line)
        assert not re.match("[。、]", line)
    assert "[1] gopher://gopher.example:7070/0/posts/second.txt" in lines
    assert any(re.fullmatch(r"\[2\] https://e\.example/a_very/long/.*/page", line) for line in lines)
    assert " .dots at the start" in lines
    assert not any(line.startswith(".") for line in lines[:-2])
    assert "👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f e\u0301 emoji" in text


@pytest.mark.parametrize("name", ["/posts/first.gmi", "/posts/first", "/posts/first/", "/old",
                                  "/posts/first.html"])
def test_other_addresses_of_a_page_are_the_page(hole, name):
    assert ask(hole, name.encode() + b"\r\n") == ask(hole, b"/posts/first.txt\r\n")


def test_requests_are_logged_and_rubbish_is_not(hole):
    before = len(hole.stderr.lines)
    ask(hole, b"\x16\x03\x01")
    ask(hole, b"/unheard\x1b\r\n")
    logged = hole.stderr.wait_for(lambda line: "/unheard" in line, DEADLINE_S, before)
    assert "protocol=gopher" in logged and "status=51" in logged and r"\x1B" in logged
    assert not any("\\x16" in line for line in hole.stderr.lines[before:])


# ---- render ------------------------------------------------------------------------------------

def test_render_shows_what_is_served(program, hole):
    file = f"{hole.capsules[0]}/posts/second.md"
    shown = subprocess.run([program, "render", "--as", "gopher", file], capture_output=True,
                           timeout=DEADLINE_S, text=True, check=True).stdout
    served = ask(hole, b"/posts/second.txt\r\n").decode().removesuffix(".\r\n")
    # but for the address, which render does not know
    assert shown.replace("\n", "\r\n") == served.replace("//gopher.example:7070/", "//ex.org/")


# ---- settings ------------------------------------------------------------------------------------

def listening_ports(pid):
    """Ports on which a process listens, from what the kernel says of its sockets."""
    inodes = set()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(os.readlink(link).removeprefix("socket:[").removesuffix("]"))
        except FileNotFoundError:
            pass  # closed since
    ports = set()
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                ports.add(int(fields[1].rsplit(":", 1)[1], 16))
    return ports


def test_sources_of_posts_are_text(hole):
    source = ask(hole, b"/posts/first.md\r\n").decode()
    assert source.startswith("# First light of a title") and source.endswith("\r\n.\r\n")
    assert "[second](second.md)" in source and "\r\n..dots at the start\r\n" in source
    assert "aliases" not in source


def test_off_unless_asked_for(tmp_path, capsule):
    with Server(tmp_path, [capsule]) as server:
        assert listening_ports(server.process.pid) == {server.port}
        assert not any("gopher" in line for line in server.stdout.lines)


def test_final_dot_and_charset(tmp_path):
    capsule = tmp_path / "capsule"
    write(
        capsule / "capsule.yaml",
        "title: Café\nhosts: [ex.org]\ngopher: {final_dot: false, charset: latin-1, wrap: 40}\n",
    )
    write(capsule / "posts/a.md", "---\ntitle: “Déjà vu”\ndate: 2026-01-01\n---\n— café … 日\n")
    write(capsule / "static/post.txt", "a\n.\n.b\n")
    with Server(tmp_path, [capsule], gopher={}) as server:
        assert ask(server, b"/post.txt\r\n") == b"a\r\n.\r\n.b\r\n"
        text = ask(server, b"/posts/a.txt\r\n").decode("latin-1")
        assert text.startswith('"Déjà vu"\r\n=========\r\n') and "-- café ... ?\r\n" in text
        menu = ask(server, b"\r\n").decode("latin-1")
        assert menu.startswith("iCafé\t") and menu.endswith("\r\n.\r\n")
        assert f"\tex.org\t{server.gopher_port}\r\n" in menu  # our own names, when none are given
        assert "ServerDefaultEncoding=ISO-8859-1\r\n" in ask(server, b"caps.txt\r\n").decode("latin-1")


def test_one_of_several_capsules(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name / "capsule.yaml", f"title: {name}\nhosts: [{name}.example]\n")
        write(tmp_path / name / "posts/a.md", OTHER.format("A", 1))
    capsules = [tmp_path / "one", tmp_path / "two"]
    with Server(tmp_path, capsules, gopher={"capsule": "two"}) as server:
        assert ask(server, b"\r\n").startswith(b"itwo\t")
