"""The numbers: a file that Prometheus' textfile collector could read, and the log when asked."""

import os
import re
import signal
import socket
import ssl

import pytest

from client import ask, connect, make_context
from server import Server
from test_server import BIG, HOME, SOON_S, connect_slowly, wait_until, workers

SAMPLE = re.compile(r'splashdown_(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (-?\d+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """{(name, labels...): value}; fails on anything that is not the exposition format."""
    samples = {}
    types = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types and kind in ("counter", "gauge")
            assert (kind == "counter") == name.endswith("_total")
            types[name] = kind
        elif not line.startswith("# HELP "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert f"splashdown_{match[1]}" in types, line
            key = (match[1], *(f"{name}={value}" for name, value in LABEL.findall(match[2] or "")))
            assert key not in samples, line
            samples[key] = int(match[3])
    return samples


@pytest.fixture
def counted(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"status": "splashdown.prom", "workers": 1}) as server:
        yield server


def status_of(server):
    """What the file says once the server was asked to write it."""
    path = server.folder / "splashdown.prom"
    wait_until(path.exists)
    before = path.stat().st_ino
    server.process.send_signal(signal.SIGUSR2)
    wait_until(lambda: path.stat().st_ino != before)  # replaced, not written in place
    assert not (server.folder / "splashdown.prom.new").exists()
    return parse(path.read_text())


def test_requests_are_counted_by_status_and_by_page(counted):
    for request in (HOME, HOME, b"gemini://ex.org/100%25.gmi\r\n", b"gemini://ex.org/nope\r\n"):
        ask(counted.port, request)
    wait_until(lambda: status_of(counted).get(("requests_total", "protocol=gemini",
                                               "status=51")) == 1)
    samples = status_of(counted)
    assert samples["requests_total", "protocol=gemini", "status=20"] == 3
    assert samples["connections_total", "protocol=gemini"] == 4
    assert samples["posts", "host=ex.org", "state=published"] == 1
    assert samples["edition",] == 1
    assert samples["certificate_days_left", "host=ex.org"] > 365
    reads = {key[2]: value for key, value in samples.items() if key[0] == "page_reads"}
    assert reads == {"path=/": 2, "path=/100%.gmi": 1}


def test_an_answer_that_was_cut_is_no_read(counted):
    with connect_slowly(counted.port) as tls:
        tls.sendall(BIG)
        tls.recv(1)
    wait_until(lambda: status_of(counted)["open_connections", "protocol=gemini"] == 0)
    samples = status_of(counted)
    assert samples["requests_total", "protocol=gemini", "status=20"] == 1
    assert not any(key[0] == "page_reads" for key in samples)


def test_numbers_survive_a_worker_and_a_reload(counted):
    ask(counted.port, HOME)
    with connect(counted.port):
        wait_until(lambda: status_of(counted)["open_connections", "protocol=gemini"] == 1)
        os.kill(workers(counted)[0], signal.SIGKILL)
        wait_until(lambda: status_of(counted)["open_connections", "protocol=gemini"] == 0)
    ask(counted.port, HOME)
    wait_until(lambda: status_of(counted)["requests_total", "protocol=gemini", "status=20"] == 2)
    before = workers(counted)
    counted.process.send_signal(signal.SIGHUP)
    wait_until(lambda: status_of(counted)["edition",] == 2)
    wait_until(lambda: not set(before) & set(workers(counted)))  # its reads count no more
    ask(counted.port, HOME)
    wait_until(lambda: status_of(counted)["requests_total", "protocol=gemini", "status=20"] == 3)
    reads = [value for key, value in status_of(counted).items() if key[0] == "page_reads"]
    assert reads == [3]


def test_failed_handshakes_have_a_reason(counted):
    def failures(reason):
        return status_of(counted)["handshakes_failed_total", f"reason={reason}"]

    def say(text):
        with socket.create_connection(("127.0.0.1", counted.port)) as plain:
            plain.sendall(text)
            plain.recv(100)

    say(b"GET / HTTP/1.1\r\nHost: ex.org\r\n\r\n")
    wait_until(lambda: failures("no_tls") == 1)
    ask(counted.port, HOME, context=make_context(ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1))
    wait_until(lambda: failures("version") == 1)
    picky = make_context()
    picky.verify_mode = ssl.CERT_REQUIRED
    ask(counted.port, HOME, context=picky)
    wait_until(lambda: failures("alert") == 1)
    with socket.create_connection(("127.0.0.1", counted.port)) as plain:
        plain.sendall(b"\x16")
    wait_until(lambda: failures("left") == 1)


def test_the_log_tells_when_asked(tmp_path, capsule):
    with Server(tmp_path, [capsule]) as server:
        ask(server.port, HOME)
        server.stderr.wait_for(lambda line: " request " in line, SOON_S)
        server.process.send_signal(signal.SIGUSR2)
        for sample in ('requests_total{protocol="gemini",status="20"} 1', "edition 1",
                       'page_reads{host="ex.org",path="/"'):
            assert server.stderr.wait_for(lambda line, sample=sample: f"info: status {sample}" in line,
                                          SOON_S)


def test_others_may_read_the_file(tmp_path, capsule):
    """A collector is another user, and services often have a umask that hides what they write."""
    before = os.umask(0o077)
    try:
        with Server(tmp_path, [capsule], {"status": "splashdown.prom"}):
            wait_until((tmp_path / "splashdown.prom").exists)
            assert (tmp_path / "splashdown.prom").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


def test_a_status_file_that_cannot_be_written_hurts_nobody(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"status": "missing/folder.prom"}) as server:
        assert server.stderr.wait_for(lambda line: "status cannot be written" in line, SOON_S)
        assert ask(server.port, HOME).status == "20"
