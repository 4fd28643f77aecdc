"""What one reader may take, and what happens when all is taken. Readers come from any address by way
of a PROXY header; those of loopback are not counted."""

import os
import pathlib
import resource
import signal
import socket
import ssl
import struct

import pytest

from client import DEADLINE_S, NO_TLS, ask, connect, finish, make_context
from server import Server, free_port
from test_server import BIG, HOME, SOON_S, connect_slowly, wait_until, workers

LIMITS = {"connections_per_address": 4, "handshakes_per_second": 2, "requests_per_second": 1}
SAVED_S = 10  # seconds of a rate that may be spent at once


def header(address):
    family = "TCP6" if ":" in address else "TCP4"
    to = "2001:db8::1965" if ":" in address else "198.51.100.7"
    return (f"PROXY {family} {address} {to} 49152 1965\r\n".encode(),)


def logged(server, *words):
    return server.stderr.wait_for(lambda line: all(word in line for word in words), SOON_S)


@pytest.fixture(scope="module")
def limited(tmp_path_factory, capsule):
    folder = tmp_path_factory.mktemp("limited")
    with Server(folder, [capsule], {"limits": LIMITS}, proxies="127.0.0.0/8") as server:
        yield server


def ask_as(server, address):
    return ask(server.proxy_port, HOME, preamble=header(address))


def test_who_asks_too_fast_is_told_to_slow_down(limited):
    answers = [ask_as(limited, "192.0.2.1") for _ in range(SAVED_S + 1)]
    while (answers[-1]).status == "20":  # a slow machine lets more through
        answers.append(ask_as(limited, "192.0.2.1"))
    assert {answer.status for answer in answers[:SAVED_S]} == {"20"}
    assert (answers[-1].status, answers[-1].text) == ("44", "1")
    assert ask_as(limited, "192.0.2.2").status == "20"
    assert logged(limited, "requests_per_second is reached by 192.0.2.0/24")


def test_an_ipv6_reader_is_a_64(limited):
    statuses = {ask_as(limited, f"2001:db8:0:7::{number:x}").status for number in range(1, 40)}
    assert "44" in statuses
    assert ask_as(limited, "2001:db8:0:8::1").status == "20"


def test_who_connects_too_fast_is_cut_before_the_handshake(limited):
    answers = [ask_as(limited, "192.0.2.3")]
    while answers[-1].status != NO_TLS:
        assert len(answers) < 1000
        answers.append(ask_as(limited, "192.0.2.3"))
    assert len(answers) > 2 * SAVED_S
    assert logged(limited, "handshakes_per_second is reached")


def test_one_address_gets_so_many_connections_and_no_more(limited):
    held = [connect(limited.proxy_port, preamble=header("192.0.2.4")) for _ in range(4)]
    assert ask_as(limited, "192.0.2.4").status == NO_TLS
    assert ask_as(limited, "192.0.2.5").status == "20"
    held.pop().close()
    wait_until(lambda: ask_as(limited, "192.0.2.4").status == "20")
    for tls in held:
        tls.sendall(HOME)
        assert finish(tls).status == "20"
        tls.close()


def test_connections_of_a_killed_worker_are_forgotten(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"limits": LIMITS}, proxies="127.0.0.1") as server:
        held = [connect(server.proxy_port, preamble=header("192.0.2.4")) for _ in range(4)]
        for pid in workers(server):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: ask_as(server, "192.0.2.4").status == "20")
        for tls in held:
            tls.close()


def test_loopback_is_not_counted(limited):
    for _ in range(3 * SAVED_S):
        assert ask(limited.port, HOME).status == "20"


def test_when_all_is_taken_the_slowest_give_way(tmp_path, capsule):
    settings = {"limits": {"connections": 16}, "workers": 1}
    with Server(tmp_path, [capsule], settings) as server:
        readers = [connect_slowly(server.port) for _ in range(2)]
        for tls in readers:
            tls.sendall(BIG)
            assert tls.recv(1) == b"2"
        silent = [connect(server.port) for _ in range(40)]
        assert ask(server.port, HOME).status == "20"
        assert logged(server, "all connections are taken")
        for tls in readers:  # who is being answered is not cut
            assert tls.recv(65536)
            tls.close()
        for tls in silent:
            tls.close()


def connections(port):
    """What the kernel keeps at a port, listening and past connections aside."""
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] not in ("0A", "06")]


def first_free(used):
    return min(set(range(max(used) + 2)) - set(used))


def test_without_descriptors_readers_are_sent_away_and_later_served(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"workers": 1}) as server:
        assert ask(server.port, HOME).status == "20"  # it has all it wants
        worker, = workers(server)
        wait_until(lambda: not connections(server.port))
        used = [int(name) for name in os.listdir(f"/proc/{worker}/fd")]
        soft, hard = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (first_free(used), hard))
        with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as plain:
            plain.sendall(b"\x16")  # or the kernel would not show it yet
            try:
                assert plain.recv(1) == b""
            except ConnectionResetError:
                pass
        assert logged(server, "descriptors ran out")
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (soft, hard))
        assert ask(server.port, HOME).status == "20"


def crowd(port, count):
    """So many who connect, send a byte and wait, and how many the kernel had no room for."""
    peers = []
    without_room = 0
    for _ in range(count):
        plain = socket.socket()
        plain.setblocking(False)
        plain.connect_ex(("127.0.0.1", port))
        try:
            plain.send(b"\x16")  # or the kernel would not show it yet
        except BlockingIOError:
            without_room += 1
        peers.append(plain)
    return peers, without_room


def test_a_full_queue_delays_readers_and_shuts_nobody_out(tmp_path, capsule):
    many = 1024 + 100  # more than the queue is long
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * many:
        pytest.skip(f"needs {2 * many} descriptors")
    settings = {"workers": 1, "limits": {"connections": 16}}
    with Server(tmp_path, [capsule], settings) as server:
        assert ask(server.port, HOME).status == "20"
        worker, = workers(server)
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * many, hard))
        os.kill(worker, signal.SIGSTOP)
        peers, without_room = crowd(server.port, many)
        assert without_room > 0
        os.kill(worker, signal.SIGCONT)
        try:
            for _ in range(3):
                assert ask(server.port, HOME).status == "20"
            assert logged(server, "all connections are taken")
            assert workers(server) == [worker]
        finally:
            for plain in peers:
                plain.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("key, begin", [
    ("handshake_timeout", lambda port: socket.create_connection(("127.0.0.1", port))),
    ("request_timeout", connect),
    ("answer_timeout", connect_slowly),
])
def test_who_is_slow_is_cut_in_time(tmp_path, capsule, key, begin):
    with Server(tmp_path, [capsule], {"limits": {key: 1}}) as server:
        with begin(server.port) as peer:
            peer.sendall(b"\x16" if key == "handshake_timeout" else BIG[:-1])
            if key == "answer_timeout":
                peer.sendall(BIG[-1:])
            assert logged(server, "a peer was too slow")


def client_hello():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = make_context().wrap_bio(incoming, outgoing, server_hostname="ex.org")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def test_peers_that_reset_after_any_byte_hurt_nobody(tmp_path, capsule):
    hello = client_hello()
    with Server(tmp_path, [capsule], {"workers": 1}) as server:
        assert ask(server.port, HOME).status == "20"
        before = workers(server)
        for length in range(1, len(hello) + 1):
            plain = socket.create_connection(("127.0.0.1", server.port), DEADLINE_S)
            plain.sendall(hello[:length])
            reset(plain)
        for length in range(len(HOME) + 1):
            tls = connect(server.port)
            tls.sendall(HOME[:length] or b"g")
            reset(tls)
        for request in (HOME, BIG):
            tls = connect(server.port)
            tls.sendall(request)
            assert tls.recv(1) == b"2"
            reset(tls)
        assert ask(server.port, HOME).status == "20"
        wait_until(lambda: not connections(server.port))
        assert workers(server) == before


def test_a_gopher_reader_is_told_in_a_menu(tmp_path, capsule):
    port = free_port()
    listen = {"address": f"127.0.0.1:{port}", "proxy_protocol": "127.0.0.1"}
    settings = {"gopher": {"listen": [listen]}, "limits": LIMITS}

    def fetch():
        with socket.create_connection(("127.0.0.1", port), DEADLINE_S) as plain:
            plain.sendall(header("192.0.2.9")[0] + b"\r\n")
            return b"".join(iter(lambda: plain.recv(4096), b""))

    with Server(tmp_path, [capsule], settings):
        answers = [fetch() for _ in range(SAVED_S)]
        assert not any(answer.startswith(b"3") for answer in answers)
        while not answers[-1].startswith(b"3"):
            answers.append(fetch())
        assert answers[-1].endswith(b".\r\n") and b"\terror.host\t1\r\n" in answers[-1]
