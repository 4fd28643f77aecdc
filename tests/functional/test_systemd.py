"""What a service manager hands over and is told: sockets, readiness, reloads, the watchdog, the
end."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess

import pytest

from client import DEADLINE_S, ask
from conftest import write, write_post
from server import PROGRAM, STOP_S, free_port

# The number of the process that a variable is meant for is known only in that process.
AS_A_SERVICE = 'export LISTEN_PID=$$ WATCHDOG_PID=$$; exec "$@"'


class Manager:
    """As much of a service manager as it takes."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(DEADLINE_S)
        self.process = None

    def start(self, *args, sockets=(), names="", **variables):
        environment = {**os.environ, "NOTIFY_SOCKET": self.path, "LISTEN_FDNAMES": names,
                       "LISTEN_FDS": str(len(sockets)), **variables}
        copies = [os.dup(sock.fileno()) for sock in sockets]

        def hand_over():
            for number, copy in enumerate(copies):
                os.dup2(copy, 3 + number)

        self.process = subprocess.Popen(
            ["/bin/sh", "-c", AS_A_SERVICE, "sh", PROGRAM, "serve", *map(str, args)],
            env=environment, preexec_fn=hand_over, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for copy in copies:
            os.close(copy)

    def wait_for(self, word):
        """The next message that has this word."""
        while True:
            message = self.socket.recv(4096).decode()
            if word in message:
                return message

    def stop(self):
        self.process.terminate()
        assert self.process.wait(STOP_S) == 0, self.process.stderr.read()


@pytest.fixture
def manager(tmp_path):
    manager = Manager(tmp_path)
    yield manager
    if manager.process is not None:
        manager.process.kill()
        manager.process.wait()
        manager.process.stderr.close()
    manager.socket.close()


@pytest.fixture
def capsule(tmp_path):
    write(tmp_path / "capsule/capsule.yaml", "hosts: [ex.org]\n")
    write_post(tmp_path / "capsule", "first")
    return tmp_path / "capsule"


def listening():
    sock = socket.create_server(("127.0.0.1", 0))
    return sock, sock.getsockname()[1]


def test_it_says_when_it_is_ready_reloads_and_stops(manager, capsule, tmp_path):
    port = free_port()
    manager.start(capsule, "--listen", f"127.0.0.1:{port}", "--certs", tmp_path / "certs")
    assert "1 posts" in manager.wait_for("READY=1")
    assert ask(port, f"gemini://ex.org:{port}/\r\n".encode()).status == "20"
    manager.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in manager.wait_for("RELOADING=1")
    assert "Generation 2" in manager.wait_for("READY=1")
    manager.process.terminate()
    manager.wait_for("STOPPING=1")
    assert manager.process.wait(STOP_S) == 0


def test_it_feeds_the_watchdog(manager, capsule, tmp_path):
    manager.start(capsule, "--listen", f"127.0.0.1:{free_port()}",
                  "--certs", tmp_path / "certs", WATCHDOG_USEC="200000")
    for _ in range(3):
        manager.wait_for("WATCHDOG=1")
    manager.stop()


def test_the_journal_is_told_how_grave_a_line_is(capsule, tmp_path):
    """From the first one on, and only the journal: what is started behind a pipe of its own has
    the variable, too."""
    write_post(capsule, "second", body="[Nowhere](/nowhere.md).")
    for is_journal in (True, False):
        read, end = os.pipe()
        status = os.fstat(end)
        stream = f"{status.st_dev}:{status.st_ino if is_journal else status.st_ino + 1}"
        process = subprocess.Popen(
            [PROGRAM, "serve", capsule, "--listen", f"127.0.0.1:{free_port()}", "--certs",
             tmp_path / "certs"],
            env={**os.environ, "JOURNAL_STREAM": stream}, stdout=subprocess.DEVNULL, stderr=end)
        os.close(end)
        with open(read, encoding="utf-8") as lines:
            wrong = next(line for line in lines if "leads nowhere" in line)
            started = next(line for line in lines if "started:" in line)
            process.terminate()
            assert process.wait(STOP_S) == 0
        assert wrong.startswith("<4>") == is_journal
        assert started.startswith("<6>" if is_journal else "info: ")


@pytest.mark.parametrize("named", [True, False])
def test_a_socket_that_was_opened_for_it_is_used(manager, capsule, tmp_path, named):
    """By the protocol's name without a word from us, or because it is where we are to listen."""
    sock, port = listening()
    by_address = () if named else ("--listen", f"127.0.0.1:{port}")
    manager.start(capsule, "--certs", tmp_path / "certs", *by_address, sockets=[sock],
                  names="gemini" if named else "splashdown.socket")
    request = f"gemini://ex.org:{port}/\r\n".encode()
    assert ask(port, request).status == "20"  # it waited in the socket until there was a worker
    manager.wait_for("READY=1")
    manager.process.send_signal(signal.SIGHUP)
    manager.wait_for("Generation 2")
    assert ask(port, request).status == "20"
    manager.stop()
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S):
        pass  # it is the manager's, and still open
    sock.close()


def test_a_socket_for_nothing_is_named(manager, capsule, tmp_path):
    sock, port = listening()
    manager.start(capsule, "--listen", f"127.0.0.1:{free_port()}", "--certs", tmp_path / "certs",
                  sockets=[sock], names="unknown")
    manager.wait_for("READY=1")
    manager.stop()
    assert f"127.0.0.1:{port} for nothing" in manager.process.stderr.read()
    sock.close()


def test_the_unit_leaves_little_to_attack():
    """As systemd itself rates it: from 0, nothing, to 100."""
    unit = pathlib.Path(PROGRAM).parent / "splashdown.service"
    if shutil.which("systemd-analyze") is None or not unit.exists():
        pytest.skip("needs systemd-analyze, and the unit beside the program")
    rating = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15",
                             "--no-pager", str(unit)], capture_output=True, text=True, check=False)
    assert rating.returncode == 0, rating.stdout + rating.stderr
