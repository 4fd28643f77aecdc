"""The PROXY protocol: rows of proxy-protocol.md against the running program, and a real HAProxy."""

import shutil
import socket
import subprocess

import pytest

from client import CLEAN, DEADLINE_S, NO_TLS, ask
from server import Server, free_port
from test_server import HOME, SOON_S, wait_until

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
IPV4 = b"\xc0\0\x02\x01\xc6\x33\x64\x07\xc0\0\x07\xad"
V1 = b"PROXY TCP4 192.0.2.1 198.51.100.7 49152 1965\r\n"
V2 = SIGNATURE + b"\x21\x11\0\x0c" + IPV4
IPV6_V2 = SIGNATURE + b"\x21\x21\0\x24" + bytes.fromhex("20010db8000500060000000000000001") * 2 + \
    b"\xc0\0\x07\xad"


def line(rest):
    return [b"PROXY " + rest]


READER, REAL = "192.0.2.0/24", "127.0.0.0/24"  # as the log shows whose request it was

ACCEPTED = [
    ([V1], READER),
    ([V2], READER),
    ([bytes([byte]) for byte in V1], READER),
    ([V2[:13], V2[13:]], READER),
    ([IPV6_V2], "2001:db8:5::/48"),
    (line(b"UNKNOWN\r\n"), REAL),
    (line(b"UNKNOWN what ever\r\n"), REAL),
    ([SIGNATURE + b"\x20\0\0\0"], REAL),
    ([SIGNATURE + b"\x20\0\0\x0512345"], REAL),
    ([SIGNATURE + b"\x21\x11\0\x0f" + IPV4 + b"\x04\0\0"], READER),
]

DROPPED = [
    [],
    line(b"TCP4 1.2.3.4 5.6.7.8 1 2\n"),
    line(b"TCP4 01.2.3.4 5.6.7.8 1 2\r\n"),
    line(b"TCP4 ::1 5.6.7.8 1 2\r\n"),
    line(b"TCP4 1.2.3.4 5.6.7.8 1 65536\r\n"),
    line(b" TCP4 1.2.3.4 5.6.7.8 1 2\r\n"),
    [b"proxy tcp4 1.2.3.4 5.6.7.8 1 2\r\n"],
    line(b"UNKNOWN ".ljust(102, b"x")),
    [SIGNATURE + b"\x21\x11\0\x0b" + IPV4],
    [SIGNATURE + b"\x31\x11\0\x0c" + IPV4],
    [SIGNATURE + b"\x22\x11\0\x0c" + IPV4],
]


@pytest.fixture(scope="module")
def proxied(tmp_path_factory, capsule):
    with Server(tmp_path_factory.mktemp("proxied"), [capsule], proxies="127.0.0.1") as server:
        yield server


@pytest.mark.parametrize("pieces, reader", ACCEPTED)
def test_headers_that_are_accepted(proxied, pieces, reader):
    seen = len(proxied.stderr.lines)
    answer = ask(proxied.proxy_port, HOME, preamble=pieces)
    assert (answer.status, answer.end) == ("20", CLEAN)
    assert reader in proxied.stderr.wait_for(lambda line: "info: request " in line, SOON_S, seen)


@pytest.mark.parametrize("pieces", DROPPED)
def test_headers_that_are_not(proxied, pieces):
    assert ask(proxied.proxy_port, HOME, preamble=pieces).status == NO_TLS


def test_no_header_is_read_where_none_is_expected(proxied):
    assert ask(proxied.port, HOME, preamble=[V1]).status == NO_TLS
    assert ask(proxied.port, HOME).status == "20"


def test_only_listed_proxies_may_connect(tmp_path, capsule):
    with Server(tmp_path, [capsule], proxies="192.0.2.0/24") as server:
        assert ask(server.proxy_port, HOME, preamble=[V1]).status == NO_TLS
        assert server.stderr.wait_for(lambda line: "where only proxies may" in line, SOON_S)
        assert ask(server.port, HOME).status == "20"


HAPROXY = """\
global
    maxconn 100
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen gemini
    bind 127.0.0.1:{port}
    server one 127.0.0.1:{one} {send} check inter 100ms
    server two 127.0.0.1:{two} {send} check inter 100ms backup
"""


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture
def nodes(tmp_path, capsule):
    """Two nodes that share a certificate."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with Server(folders[0], [capsule], proxies="127.0.0.0/8") as one:
        shutil.copytree(folders[0] / "certs", folders[1] / "certs")
        with Server(folders[1], [capsule], proxies="127.0.0.0/8") as two:
            yield one, two


@pytest.mark.parametrize("send", ["send-proxy", "send-proxy-v2"])
def test_behind_haproxy(tmp_path, nodes, send):
    """The reader comes from 127.0.7.1, the proxy from 127.0.0.1: the log must tell which it was."""
    haproxy = shutil.which("haproxy") or "/usr/sbin/haproxy"
    port = free_port()
    one, two = nodes
    config = tmp_path / "haproxy.cfg"
    config.write_text(HAPROXY.format(port=port, one=one.proxy_port, two=two.proxy_port, send=send))
    proxy = subprocess.Popen([haproxy, "-f", str(config)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port))
        wait_until(lambda: ask(port, HOME, source="127.0.7.1").status == "20")
        assert one.stderr.wait_for(lambda line: "request" in line and "127.0.7.0/24" in line, SOON_S)
        one.stop()
        wait_until(lambda: ask(port, HOME, source="127.0.7.1").status == "20")
        assert two.stderr.wait_for(lambda line: "request" in line and "127.0.7.0/24" in line, SOON_S)
    finally:
        proxy.kill()
        proxy.wait()
