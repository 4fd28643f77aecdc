"""Certificates as an operator meets them: renewed, and about to expire."""

import os
import signal
import struct
import subprocess

import pytest

from client import connect
from conftest import write, write_post
from server import Server
from test_log import lines_of
from test_server import SOON_S, wait_until


@pytest.fixture
def capsule(tmp_path):
    write(tmp_path / "capsule/capsule.yaml", "hosts: [ex.org]\n")
    write_post(tmp_path / "capsule", "first")
    return tmp_path / "capsule"


def sign(folder, days):
    """A certificate for so many days, and its key if there is none."""
    folder.mkdir(exist_ok=True)
    key, certificate = folder / "ex.org.key", folder / "ex.org.crt"
    if not key.exists():
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-out", key], check=True, timeout=30)
        key.chmod(0o600)
    made = subprocess.run(["openssl", "req", "-x509", "-key", key, "-days", str(days), "-subj",
                           "/CN=ex.org", "-addext", "subjectAltName=DNS:ex.org"],
                          check=True, timeout=30, capture_output=True)
    certificate.write_bytes(made.stdout)


def shown(server):
    with connect(server.port) as tls:
        return tls.getpeercert(binary_form=True)


def is_logged(log, words):
    return any(words in line for line in lines_of(log))


def test_what_expires_within_a_month_is_said_at_the_start(tmp_path, capsule):
    """To who starts it, and in the log, wherever that is."""
    sign(tmp_path / "certs", 29)
    with Server(tmp_path, [capsule], {"log": {"to": "log"}}) as server:
        assert server.stderr.wait_for(lambda line: "this certificate expires on" in line, SOON_S)
        wait_until(lambda: is_logged(tmp_path / "log", "this certificate expires on"))


def test_what_lasts_longer_is_not(tmp_path, capsule):
    sign(tmp_path / "certs", 32)
    with Server(tmp_path, [capsule], {"log": {"to": "log"}}) as server:
        shown(server)
    assert not any("expires on" in line for line in server.stderr.lines + lines_of(tmp_path / "log"))


CLOCK_AHEAD = os.environ.get("CLOCK_AHEAD_LIBRARY")
DAY_S = 86400


@pytest.mark.skipif(not CLOCK_AHEAD, reason="needs $CLOCK_AHEAD_LIBRARY, as ctest has it")
def test_what_is_about_to_expire_is_said_when_that_day_comes(tmp_path, capsule, monkeypatch):
    """Nothing is reloaded for years, and it is said all the same, once a day."""
    sign(tmp_path / "certs", 32)
    clock = tmp_path / "clock"
    clock.write_bytes(struct.pack("=q", 0))
    monkeypatch.setenv("LD_PRELOAD", CLOCK_AHEAD)
    monkeypatch.setenv("CLOCK_AHEAD", str(clock))
    monkeypatch.setenv("ASAN_OPTIONS", "verify_asan_link_order=0")
    with Server(tmp_path, [capsule], {"watch": "off"}) as server:
        def warnings():
            return sum("this certificate expires on" in line for line in server.stderr.lines)

        def let_pass(days):
            with clock.open("r+b") as file:
                file.write(struct.pack("=q", days * DAY_S))
            start = len(server.stderr.lines)
            server.process.send_signal(signal.SIGUSR2)  # the master wakes and looks at the clock
            assert server.stderr.wait_for(lambda line: "status" in line, SOON_S, start)

        shown(server)
        let_pass(1)
        assert warnings() == 0
        let_pass(3)
        wait_until(lambda: warnings() == 1)
        let_pass(3)
        let_pass(4)
        wait_until(lambda: warnings() == 2)
        assert not any("reloaded" in line for line in server.stderr.lines)


def test_a_renewed_certificate_is_shown_and_said(tmp_path, capsule):
    sign(tmp_path / "certs", 5)
    with Server(tmp_path, [capsule]) as server:
        before = shown(server)
        sign(tmp_path / "certs", 90)
        wait_until(lambda: shown(server) != before)
        assert server.stderr.wait_for(lambda line: "new certificate for the same key" in line,
                                      SOON_S)
        assert not any("another key" in line for line in server.stderr.lines)
