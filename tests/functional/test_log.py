"""The log of the running program: where it goes, what it says, and that nobody waits for it."""

import os
import re
import resource
import signal
import socket
import subprocess
import threading

import pytest

from client import ask, connect
from server import PROGRAM, START_S, STOP_S, Server, free_port
from test_server import HOME, SOON_S, wait_until, workers

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def lines_of(path):
    return path.read_text().splitlines() if path.exists() else []


def requests_in(path):
    return [line for line in lines_of(path) if "gemini://" in line]


def test_a_file_is_rotated_without_losing_a_line(tmp_path, capsule):
    log = tmp_path / "log"
    old = tmp_path / "log.1"
    with Server(tmp_path, [capsule], {"log": {"to": "log"}}) as server:
        for number in range(3):
            ask(server.port, f"gemini://ex.org/first-{number}\r\n".encode())
        log.rename(old)
        server.process.send_signal(signal.SIGUSR1)
        wait_until(log.exists)
        for number in range(3):
            ask(server.port, f"gemini://ex.org/second-{number}\r\n".encode())
        wait_until(lambda: len(requests_in(old) + requests_in(log)) == 6)
    assert all(re.match(STAMP + " info: request protocol=gemini from=127.0.0.0/24 status=51 ", line)
               for line in requests_in(old) + requests_in(log))
    assert any("stopping" in line for line in lines_of(log))


def test_the_common_format(tmp_path, capsule):
    settings = {"log": {"to": "log", "requests": "common", "addresses": "full"}}
    with Server(tmp_path, [capsule], settings) as server:
        assert ask(server.port, b"gemini://ex.org/%22\r\n").status == "51"
        wait_until(lambda: requests_in(tmp_path / "log"))
    assert re.fullmatch(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] '
                        r'"gemini://ex\.org/%22" 51 0', requests_in(tmp_path / "log")[0])


@pytest.mark.parametrize("settings, expected", [
    ({"addresses": "none"}, r"from=- "),
    ({"addresses": "full"}, r"from=127\.0\.0\.1 "),
    ({"addresses": "short"}, r"from=127\.0\.0\.0/24 "),
])
def test_as_much_of_an_address_as_is_wanted(tmp_path, capsule, settings, expected):
    with Server(tmp_path, [capsule], {"log": settings}) as server:
        ask(server.port, HOME)
        assert re.search(expected, server.stderr.wait_for(lambda line: " request " in line, SOON_S))


def test_requests_can_be_left_out(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"log": {"requests": "off"}}) as server:
        ask(server.port, HOME)
    assert not any("gemini://ex.org" in line for line in server.stderr.lines)


def test_a_killed_worker_leaves_its_lines(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"workers": 1}) as server:
        ask(server.port, HOME)
        worker, = workers(server)
        os.kill(server.process.pid, signal.SIGSTOP)  # so that the line is still in memory
        ask(server.port, b"gemini://ex.org/last-words\r\n")
        ask(server.port, HOME)  # when this is answered, the line before it is written
        os.kill(worker, signal.SIGKILL)
        os.kill(server.process.pid, signal.SIGCONT)
        assert server.stderr.wait_for(lambda line: "last-words" in line, SOON_S)


def test_what_a_reader_sends_cannot_forge_a_line(tmp_path, capsule):
    with Server(tmp_path, [capsule]) as server:
        with connect(server.port) as tls:
            tls.sendall(b"gemini://ex.org/\ninfo: forged \x1b[31m\r\n")
            tls.recv(100)
        line = server.stderr.wait_for(lambda line: " request " in line, SOON_S)
        assert r"\x0Ainfo: forged \x1B[31m" in line


def test_nobody_waits_for_a_log_that_is_not_read(tmp_path, capsule):
    """Standard error is a pipe that is full: readers are answered, workers replaced, the end in
    order."""
    port = free_port()
    config = tmp_path / "splashdown.yaml"
    config.write_text(f"capsules: ['{capsule}']\ncerts: certs\nlog: debug\nworkers: 1\n"
                      f"gemini: {{listen: '127.0.0.1:{port}', port: 1965}}\n")
    ours, theirs = os.pipe()
    process = subprocess.Popen([PROGRAM, "serve", "--config", config], stderr=theirs,
                               stdout=subprocess.PIPE, text=True)
    try:
        timer = threading.Timer(START_S, process.kill)
        timer.start()
        assert process.stdout.readline().startswith("gemini://")
        timer.cancel()
        os.set_blocking(theirs, False)
        with pytest.raises(BlockingIOError):
            while True:
                os.write(theirs, b"x" * 512)
        os.set_blocking(theirs, True)  # the program shares this setting
        for _ in range(1200):  # more than a worker's memory for lines holds
            assert ask(port, b"gemini://ex.org/" + b"x" * 200 + b"\r\n").status == "51"
        process.terminate()
        assert process.wait(STOP_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        os.close(ours)
        os.close(theirs)


def test_a_full_disk_costs_lines_and_no_readers(tmp_path, capsule):
    """A limit on the size of files is as good as a full disk, and needs no disk of its own."""
    log, status = tmp_path / "log", tmp_path / "splashdown.prom"
    room = 2000
    settings = {"log": {"to": "log"}, "status": status.name}
    with Server(tmp_path, [capsule], settings) as server:
        def limit(size):
            _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, hard))

        def is_said(words):
            return any(words in line for line in lines_of(log))

        wait_until(status.exists)
        before = status.read_text()
        assert log.stat().st_size < room < len(before)
        limit(room)
        server.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: log.stat().st_size == room)
        assert ask(server.port, HOME).status == "20"
        assert status.read_text() == before
        wait_until(lambda: not (tmp_path / "splashdown.prom.new").exists())
        limit(resource.RLIM_INFINITY)
        assert ask(server.port, HOME).status == "20"
        wait_until(lambda: is_said("lines of the log are missing here"))
        server.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: status.read_text() != before)


def test_syslog(tmp_path, capsule):
    """Only where nobody else has that socket: the tests must not write into a real log."""
    if os.path.exists("/dev/log") or os.getuid() != 0:
        pytest.skip("needs root and a system without syslog")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslog:
        syslog.bind("/dev/log")
        try:
            syslog.settimeout(SOON_S)
            with Server(tmp_path, [capsule], {"log": {"to": "syslog"}}) as server:
                ask(server.port, HOME)
                message = b""
                while b"request" not in message:
                    message = syslog.recv(4096)
                assert re.match(rb"<30>\w{3} [ \d]\d \d\d:\d\d:\d\d splashdown\[\d+\]: request ",
                                message)
        finally:
            os.unlink("/dev/log")
