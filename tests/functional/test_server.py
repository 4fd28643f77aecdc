"""The processes behind the answers: workers that die, orderly ends, certificates, and what is said
when it cannot be served."""

import os
import pathlib
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest

from client import CLEAN, DEADLINE_S, ask, connect, finish, make_context
from conftest import BIG_SIZE, make_capsule, write
from server import PROGRAM, START_S, STOP_S, Server, free_port

HOME = b"gemini://ex.org/\r\n"
BIG = b"gemini://ex.org/big.bin\r\n"
AT_ONCE_S = 1  # how long a dead worker may be missed
SOON_S = 10  # an event that has to come, on a busy machine


@pytest.fixture
def own_server(tmp_path, capsule):
    """A server that the test may hurt."""
    server = Server(tmp_path, [capsule])
    server.start()
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.wait()


def workers(server):
    pid = server.process.pid
    return [int(child) for child in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(is_so, deadline_s=SOON_S):
    end = time.monotonic() + deadline_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)


def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def connect_slowly(port):
    """A reader whose kernel buffers next to nothing, so that what is not read is not sent."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    plain.settimeout(DEADLINE_S)
    plain.connect(("127.0.0.1", port))
    return make_context().wrap_socket(plain, server_hostname="ex.org", suppress_ragged_eofs=False)


def run(*args, **more):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=30,
                          check=False, **more)


# ---- workers ------------------------------------------------------------------------------------


def test_a_killed_worker_takes_only_its_own_connections(own_server):
    """Each reader has one connection at a time, so each can lose one, and none can lose two."""
    readers = 4
    failures = [0] * readers
    answered = []
    stop = threading.Event()

    def read_on(number):
        while not stop.is_set():
            try:
                assert ask(own_server.port, HOME).status == "20"
                answered.append(time.monotonic())
            except (OSError, AssertionError):
                failures[number] += 1

    threads = [threading.Thread(target=read_on, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answered) > 20)
    victim = workers(own_server)[0]
    killed = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len([when for when in answered if when > killed]) > 20)
    wait_until(lambda: len(set(workers(own_server)) - {victim}) == 2)
    stop.set()
    for thread in threads:
        thread.join()
    assert max(failures) <= 1, failures
    assert min(when for when in answered if when > killed) - killed < AT_ONCE_S
    assert any("signal 9 (Killed)" in line for line in own_server.stderr.lines)
    own_server.stop()


def test_workers_may_be_killed_again_and_again(tmp_path, capsule):
    """As long as each has served for a moment, none is missed for longer than it takes to replace
    it."""
    with Server(tmp_path, [capsule], {"workers": 1}) as server:
        for _ in range(5):
            assert ask(server.port, HOME).status == "20"
            time.sleep(0.5)  # a life that is no failed start
            victim, = workers(server)
            start = len(server.stderr.lines)
            os.kill(victim, signal.SIGKILL)
            end = server.stderr.wait_for(lambda line: "was ended by signal 9" in line, SOON_S, start)
            assert "replaced at once" in end


def test_a_worker_that_is_told_to_stop_is_replaced_at_once(tmp_path, capsule):
    """It finishes what it began, and nobody has to wait for that."""
    with Server(tmp_path, [capsule], {"workers": 1}) as server:
        with connect_slowly(server.port) as tls:
            tls.sendall(BIG)
            answer = bytearray(tls.recv(1024))
            leaving, = workers(server)
            asked = time.monotonic()
            os.kill(leaving, signal.SIGTERM)
            wait_until(lambda: len(workers(server)) == 2)
            assert ask(server.port, HOME).status == "20"
            assert time.monotonic() - asked < AT_ONCE_S
            while piece := tls.recv(65536):
                answer += piece
            assert len(answer.partition(b"\r\n")[2]) == BIG_SIZE
        wait_until(lambda: leaving not in workers(server))


def test_waiting_connections_survive_the_worker(own_server):
    """Who was not accepted yet is answered by the next worker on the same socket."""
    old = workers(own_server)
    for pid in old:
        os.kill(pid, signal.SIGSTOP)
    plain = [socket.create_connection(("127.0.0.1", own_server.port)) for _ in range(8)]
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    for sock in plain:
        sock.settimeout(DEADLINE_S)
        with make_context().wrap_socket(sock, server_hostname="ex.org") as tls:
            tls.sendall(HOME)
            assert finish(tls).status == "20"
    own_server.stop()


def test_workers_do_not_outlive_their_master(own_server):
    orphans = workers(own_server)
    own_server.process.kill()
    own_server.process.wait()
    wait_until(lambda: not any(exists(pid) for pid in orphans))


# ---- the end ------------------------------------------------------------------------------------


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), DEADLINE_S).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        pass  # the socket was closed just then
    return False


@pytest.mark.parametrize("to_all", [False, True])
def test_sigterm_finishes_a_long_answer(own_server, to_all):
    """Whether it is sent to the master, or to all processes, as by pkill."""
    with connect_slowly(own_server.port) as tls:
        tls.sendall(BIG)
        first = tls.recv(1024)
        for pid in workers(own_server) if to_all else []:
            os.kill(pid, signal.SIGTERM)
        own_server.process.send_signal(signal.SIGTERM)
        own_server.stderr.wait_for(lambda line: "stopping" in line, SOON_S)
        wait_until(lambda: is_refused(own_server.port))  # not left to wait for nobody
        assert own_server.process.poll() is None
        answer = bytearray(first)
        while piece := tls.recv(65536):
            answer += piece
        assert len(answer.partition(b"\r\n")[2]) == BIG_SIZE
    assert own_server.process.wait(STOP_S) == 0
    with pytest.raises(ConnectionRefusedError):
        connect(own_server.port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_hurries(own_server, number):
    with connect_slowly(own_server.port) as tls:
        tls.sendall(BIG)
        tls.recv(1024)
        own_server.process.send_signal(number)
        own_server.stderr.wait_for(lambda line: "stopping" in line, SOON_S)
        start = time.monotonic()
        own_server.process.send_signal(number)
        assert own_server.process.wait(STOP_S) == 0
        assert time.monotonic() - start < 5


def test_single_serves_without_children(tmp_path, capsule):
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "serve", str(capsule), "--listen", f"127.0.0.1:{port}", "--certs",
         str(tmp_path / "certs"), "--single"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    try:
        assert process.stdout.readline() == f"gemini://ex.org:{port}/\n"
        answer = ask(port, f"gemini://ex.org:{port}/\r\n".encode())
        assert (answer.status, answer.end) == ("20", CLEAN)
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        assert children.read_text() == ""
        process.terminate()
        assert process.wait(STOP_S) == 0
    finally:
        process.kill()
        process.stdout.close()


# ---- certificates -------------------------------------------------------------------------------


def certificate_shown(port, sni):
    with connect(port, sni) as tls:
        return tls.getpeercert(binary_form=True)


def test_a_certificate_is_made_once_and_kept(tmp_path, capsule):
    with Server(tmp_path, [capsule]) as server:
        first = certificate_shown(server.port, "ex.org")
        assert any(line.endswith("(new)") for line in server.stdout.lines)
    key = tmp_path / "certs/ex.org.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    with Server(tmp_path, [capsule]) as server:
        assert certificate_shown(server.port, "ex.org") == first
        assert not any(line.endswith("(new)") for line in server.stdout.lines)
    assert key.read_bytes() == before


def make_named(folder, host):
    write(folder / "capsule.yaml", f"title: {host}\nhosts: [{host}]\n")
    write(folder / "posts/hello.md", "---\ntitle: Hello\ndate: 2026-01-02\n---\nHello.\n")
    return folder


def test_each_capsule_shows_its_own_certificate(tmp_path):
    capsules = [make_named(tmp_path / name, f"{name}.example") for name in ("one", "two")]
    with Server(tmp_path, capsules) as server:
        one = certificate_shown(server.port, "one.example")
        two = certificate_shown(server.port, "two.example")
        assert b"one.example" in one and b"two.example" not in one
        assert b"two.example" in two and b"one.example" not in two
        assert certificate_shown(server.port, "elsewhere.example") == one
        assert certificate_shown(server.port, None) == one
        for name in ("one", "two"):
            answer = ask(server.port, f"gemini://{name}.example/\r\n".encode(), f"{name}.example")
            assert (answer.status, answer.end) == ("20", CLEAN)
        crossed = ask(server.port, b"gemini://two.example/\r\n", "one.example")
        assert (crossed.status, crossed.end) == ("53", CLEAN)


def test_cert_shows_what_serve_uses(tmp_path, capsule):
    certs = tmp_path / "certs"
    made = run("cert", capsule, "--certs", certs)
    assert made.returncode == 0 and made.stderr == ""
    assert made.stdout.startswith("ex.org, www.ex.org, xn--bcher-kva.example\n")
    assert run("cert", capsule, "--certs", certs).stdout == made.stdout.replace(" (new)", "")
    with Server(tmp_path, [capsule]) as server:
        fingerprint = next(line for line in server.stdout.lines if "fingerprint: " in line)
        assert fingerprint in made.stdout


# ---- what cannot be served ----------------------------------------------------------------------


def refused(tmp_path, *args):
    """Runs serve, which must fail with one error, and returns that line."""
    result = run("serve", *args, "--certs", tmp_path / "certs")
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout == ""
    errors = [line for line in result.stderr.splitlines() if "error: " in line]
    assert len(errors) == 1, result.stderr
    return errors[0]


def test_a_port_in_use(tmp_path, own_server, capsule):
    address = f"127.0.0.1:{own_server.port}"
    assert refused(tmp_path, capsule, "--listen", address) == (
        f"error: cannot listen on {address}: Address already in use (is another server running?)"
    )


def test_a_missing_folder(tmp_path):
    line = refused(tmp_path, tmp_path / "nowhere", "--listen", f"127.0.0.1:{free_port()}")
    assert str(tmp_path / "nowhere") in line and "No such file or directory" in line
    assert not (tmp_path / "certs").exists()


@pytest.mark.parametrize("break_key, words", [
    (lambda key: key.write_text("no key\n"), "there is no key"),
    (lambda key: key.unlink(), "cannot read"),
    (lambda key: key.chmod(0), "Permission denied"),
])
def test_a_key_that_cannot_be_used(tmp_path, capsule, break_key, words):
    if words == "Permission denied" and os.getuid() == 0:
        pytest.skip("root reads everything")
    assert run("cert", capsule, "--certs", tmp_path / "certs").returncode == 0
    break_key(tmp_path / "certs/ex.org.key")
    line = refused(tmp_path, capsule, "--listen", f"127.0.0.1:{free_port()}")
    assert "ex.org.key" in line and words in line


def test_two_capsules_of_one_name(tmp_path):
    capsules = [make_named(tmp_path / name, "same.example") for name in ("one", "two")]
    line = refused(tmp_path, *capsules, "--listen", f"127.0.0.1:{free_port()}")
    assert "same.example" in line
    for capsule in capsules:
        assert str(capsule) in line


def test_problems_of_one_capsule_do_not_stop_it(tmp_path):
    capsule = make_capsule(tmp_path / "capsule")
    write(capsule / "posts/broken.md", "---\ntitle: [\n---\n")
    with Server(tmp_path, [capsule]) as server:
        assert ask(server.port, HOME).status == "20"
        assert server.stderr.wait_for(lambda line: "broken.md" in line, START_S)
        assert server.stdout.wait_for(lambda line: "1 file left out" in line, START_S)


@pytest.mark.parametrize("args", [
    ["serve", "--workers", "0"],
    ["serve", "--workers", "many"],
    ["serve", "--log", "loud"],
    ["serve", "--listen"],
    ["cert", "one", "two"],
])
def test_a_command_line_that_makes_no_sense(args):
    result = run(*args)
    assert result.returncode == 2
    assert result.stdout == ""
    assert f"splashdown {args[0]} " in result.stderr


@pytest.mark.parametrize("address", ["localhost:1965", "127.0.0.1:0", "[::1]"])
def test_an_address_that_is_none(tmp_path, capsule, address):
    assert "no address to listen on" in refused(tmp_path, capsule, "--listen", address)


def test_stops_in_order_in_the_moment_it_says_that_it_serves(tmp_path, capsule):
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with Server(folder, [capsule]):
            pass  # leaving sends SIGTERM and asserts exit status 0
