"""Reloads: what has changed is served by new workers, what broke stays as it was, and no reader
notices either."""

import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from client import CLEAN, ask, connect, read_all
from conftest import BIG_SIZE, write, write_post
from server import PROGRAM, STOP_S, Server, free_port

SOON_S = 20  # an event that has to come, on a busy machine
HOME = b"gemini://ex.org/\r\n"


@pytest.fixture
def capsule(tmp_path):
    folder = tmp_path / "capsule"
    write(folder / "capsule.yaml", "title: A test\nhosts: [ex.org]\n")
    write_post(folder, "first", "First light")
    return folder


@pytest.fixture
def serve(tmp_path, capsule):
    """A function that starts a server, for tests that choose how it finds changes."""
    started = []

    def start(**settings):
        server = Server(tmp_path, [capsule], settings)
        server.start()
        started.append(server)
        wait_until(lambda: len(workers(server)) == 2)
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def server(serve):
    """One that does what it is told, and no more."""
    return serve(watch="off")


def fetch(server, path="/"):
    return ask(server.port, f"gemini://ex.org{path}\r\n".encode())


def wait_until(is_so, deadline_s=SOON_S):
    end = time.monotonic() + deadline_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)


def workers(server):
    pid = server.process.pid
    return [int(child) for child in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def reload_by_signal(server):
    """SIGHUP, and what the log then says of it."""
    start = len(server.stderr.lines)
    server.process.send_signal(signal.SIGHUP)
    assert logged(server, "reloaded: asked to by SIGHUP", start), server.output()
    return server.stderr.lines[start:]


def logged(server, text, start=0):
    return server.stderr.wait_for(lambda line: text in line, SOON_S, start)


# ---- generations --------------------------------------------------------------------------------


def test_sighup_serves_what_is_there_now(server, capsule):
    write_post(capsule, "second", "Second light")
    (capsule / "posts/first.md").unlink()
    reload_by_signal(server)
    wait_until(lambda: b"Second light" in fetch(server).body)
    wait_until(lambda: fetch(server, "/posts/first.gmi").status == "51")
    assert fetch(server, "/posts/second.gmi").status == "20"


def test_new_workers_take_over_and_the_old_ones_leave(server):
    before = workers(server)
    reload_by_signal(server)
    wait_until(lambda: not set(before) & set(workers(server)))
    wait_until(lambda: len(workers(server)) == 2)


def test_an_old_worker_finishes_what_it_began(server, capsule):
    (capsule / "static").mkdir()
    (capsule / "static/big.bin").write_bytes(os.urandom(BIG_SIZE))
    before = workers(server)
    reload_by_signal(server)
    wait_until(lambda: not set(before) & set(workers(server)))
    with connect(server.port) as tls:
        tls.sendall(b"gemini://ex.org/big.bin\r\n")
        answer = tls.recv(1)
        (capsule / "static/big.bin").unlink()
        reload_by_signal(server)
        wait_until(lambda: fetch(server, "/big.bin").status == "51")
        rest, end = read_all(tls)
    assert end == CLEAN
    assert len((answer + rest).partition(b"\r\n")[2]) == BIG_SIZE


def test_no_reader_notices_a_reload(server):
    """Reads go on all the while, and each is answered."""
    failures = []
    answered = []
    stop = threading.Event()

    def read_on():
        while not stop.is_set():
            try:
                assert ask(server.port, HOME).status == "20"
                answered.append(1)
            except (OSError, AssertionError) as error:
                failures.append(error)

    threads = [threading.Thread(target=read_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        count = len(answered)
        reload_by_signal(server)
        wait_until(lambda: len(answered) > count + 10)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures


# ---- while one is being made --------------------------------------------------------------------

MANY = 1000  # posts, which take far longer to load than a worker takes to be born


def write_many_posts(capsule):
    body = "\n\n".join(f"## Part {part}\n\nA [link](first.md) and *words*." for part in range(20))
    for number in range(MANY):
        write_post(capsule, f"many-{number}", f"Number {number}", body=body)


def begin_a_long_reload(server, capsule):
    """Where in the log it begins."""
    write_many_posts(capsule)
    start = len(server.stderr.lines)
    server.process.send_signal(signal.SIGHUP)
    assert logged(server, "making generation 2", start), server.output()
    return start


def test_a_worker_that_dies_meanwhile_is_replaced_at_once(server, capsule):
    start = begin_a_long_reload(server, capsule)
    for worker in workers(server):
        os.kill(worker, signal.SIGKILL)
    assert fetch(server, "/posts/first.gmi").status == "20"
    assert not [line for line in server.stderr.lines[start:] if "reloaded: " in line]
    server.process.send_signal(signal.SIGHUP)  # is not forgotten
    assert logged(server, "generation 2,", start)
    assert logged(server, "generation 3,", start)
    assert fetch(server, "/posts/many-1.gmi").status == "20"


def test_the_end_does_not_wait_for_it(server, capsule):
    start = begin_a_long_reload(server, capsule)
    server.stop()
    assert not [line for line in server.stderr.lines[start:] if "eloaded: " in line]


def test_the_end_does_not_wait_for_a_start(tmp_path, capsule):
    write_many_posts(capsule)
    port = free_port()
    with subprocess.Popen([PROGRAM, "serve", str(capsule), "--listen", f"127.0.0.1:{port}",
                           "--certs", str(tmp_path / "certs")],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_until(lambda: is_open(port))
        process.terminate()
        output, _ = process.communicate(timeout=STOP_S)
    assert (process.returncode, output) == (0, b"")


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# ---- what cannot be served ----------------------------------------------------------------------


def edit_settings(server, change):
    path = server.folder / "splashdown.yaml"
    path.write_text(change(path.read_text()))


def test_a_broken_configuration_changes_nothing(server, capsule):
    before = workers(server)
    edit_settings(server, lambda text: text + "no_such_key: 1\n")
    write_post(capsule, "second", "Second light")
    start = len(server.stderr.lines)
    server.process.send_signal(signal.SIGHUP)
    assert logged(server, "not reloaded", start)
    assert logged(server, "no_such_key", start)
    assert workers(server) == before
    edit_settings(server, lambda text: text.replace("no_such_key: 1\n", ""))
    reload_by_signal(server)
    wait_until(lambda: b"Second light" in fetch(server).body)


def test_what_is_wrong_with_a_configuration_is_named_once(server):
    """While it stays as it is. What comes up again after it was mended is named again."""
    good = (server.folder / "splashdown.yaml").read_text()

    def reload_with(more):
        edit_settings(server, lambda _: good + more)
        start = len(server.stderr.lines)
        server.process.send_signal(signal.SIGHUP)
        assert logged(server, "not reloaded", start)
        return "\n".join(server.stderr.lines[start:])

    assert "no_such_key" in reload_with("no_such_key: 1\n")
    again = reload_with("no_such_key: 1\n")
    assert "no_such_key" not in again
    assert "for what was named before" in again
    assert "another_one" in reload_with("another_one: 1\n")
    edit_settings(server, lambda _: good)
    reload_by_signal(server)
    assert "no_such_key" in reload_with("no_such_key: 1\n")


def test_other_addresses_need_a_restart(server):
    port = server.port
    edit_settings(server, lambda text: text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"))
    assert any("need a restart" in line for line in reload_by_signal(server))
    assert fetch(server).status == "20"


def test_a_problem_is_named_once(server, capsule):
    write_post(capsule, "second", "Second light", body="[nowhere](missing.md)")
    said = reload_by_signal(server)
    assert [line for line in said if "leads nowhere" in line]
    said = reload_by_signal(server)
    assert not [line for line in said if "leads nowhere" in line]


# ---- certificates -------------------------------------------------------------------------------


def certificate_shown(server):
    with connect(server.port) as tls:
        return tls.getpeercert(binary_form=True)


def make_certificate(folder, capsule):
    """Another key, and a certificate for it."""
    subprocess.run([PROGRAM, "cert", str(capsule), "--certs", str(folder)], check=True,
                   stdout=subprocess.DEVNULL, timeout=30)
    return folder / "ex.org.crt", folder / "ex.org.key"


def test_a_changed_certificate_is_shown_and_a_changed_key_called_out(serve, tmp_path, capsule):
    server = serve()
    before = certificate_shown(server)
    certificate, key = make_certificate(tmp_path / "others", capsule)
    (server.folder / "certs/ex.org.key").write_bytes(key.read_bytes())
    assert logged(server, "stays in use")  # half of a change
    assert certificate_shown(server) == before
    (server.folder / "certs/ex.org.crt").write_bytes(certificate.read_bytes())
    wait_until(lambda: certificate_shown(server) != before)
    assert logged(server, "another key than before")


def test_a_certificate_that_has_gone_stays_in_use(serve, capsule):
    server = serve()
    before = certificate_shown(server)
    for name in ("ex.org.crt", "ex.org.key"):
        (server.folder / "certs" / name).unlink()
    assert logged(server, "stays in use")
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)
    assert certificate_shown(server) == before
    assert not list((server.folder / "certs").iterdir())


# ---- what is found without being told -----------------------------------------------------------


def now(after_s=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + after_s))


@pytest.mark.parametrize("watch", ["auto", "poll"])
def test_what_is_saved_is_served(serve, capsule, watch):
    server = serve(watch=watch)
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)
    write_post(capsule, "second", "Third light")
    wait_until(lambda: b"Third light" in fetch(server, "/posts/second.gmi").body)
    (capsule / "posts/second.md").unlink()
    wait_until(lambda: fetch(server, "/posts/second.gmi").status == "51")
    write_post(capsule, "2026/deep/fourth", "Fourth light")  # in folders that are new
    wait_until(lambda: b"Fourth light" in fetch(server).body)
    write_post(capsule, "2026/deep/fourth", "Fifth light")
    wait_until(lambda: b"Fifth light" in fetch(server).body)
    write(capsule / "capsule.yaml", "title: Another name\nhosts: [ex.org]\n")
    wait_until(lambda: b"Another name" in fetch(server).body)


def test_a_file_that_is_still_written_waits(serve, capsule):
    server = serve()
    with open(capsule / "posts/second.md", "w", encoding="utf-8") as half:
        for part in ("---\ntitle: Half", " and half\n", "date: 2026-01-03\n", "---\nHello.\n"):
            half.write(part)
            half.flush()
            time.sleep(0.3)  # a slow copy
    wait_until(lambda: b"Half and half" in fetch(server).body)
    assert "generation 2," in logged(server, "reloaded: ")
    assert not [line for line in server.stderr.lines if "second.md" in line]


def test_other_files_are_of_no_interest(serve, capsule):
    server = serve()
    write(capsule / "notes.txt", "Nothing to serve.")
    write(capsule / "posts/.first.md.swp", "An editor's.")
    write(server.folder / "unrelated.yaml", "a: b\n")
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)
    assert "generation 2," in logged(server, "reloaded: ")


@pytest.mark.parametrize("watch", ["auto", "poll"])
def test_what_we_write_ourselves_is_no_news(serve, capsule, watch):
    """A log and a status where an author's files are, which every request writes to."""
    log = capsule / "posts/access.log"
    write_post(capsule, "later", "Later light", now(after_s=4))
    server = serve(watch=watch, status=str(capsule / "posts/status.prom"), log={"to": str(log)})
    while b"Later light" not in fetch(server).body:
        server.process.send_signal(signal.SIGUSR2)
    assert "status posts" in log.read_text()
    assert "files have changed" not in log.read_text()
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)


def test_a_storm_makes_few_generations(serve, capsule):
    server = serve()
    end = time.monotonic() + 3
    count = 0
    while time.monotonic() < end:
        count += 1
        write_post(capsule, "second", f"Title {count}")
        time.sleep(0.001)
    wait_until(lambda: f"Title {count}\n".encode() in fetch(server).body)
    made = [line for line in server.stderr.lines if "reloaded: " in line]
    assert len(made) <= 6, made


def test_a_post_appears_when_its_hour_comes(serve, capsule):
    server = serve(watch="off")
    write_post(capsule, "later", "Later light", now(after_s=3))
    reload_by_signal(server)
    assert b"Later light" not in fetch(server).body
    wait_until(lambda: b"Later light" in fetch(server).body)
    assert logged(server, "the hour of a post has come")


def test_a_broken_post_keeps_its_last_good_version(serve, capsule):
    server = serve()
    write(capsule / "posts/first.md", "---\ntitle: [\n---\n")
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)
    assert b"First light" in fetch(server, "/posts/first.gmi").body
    write_post(capsule, "third", "Third light")
    wait_until(lambda: b"Third light" in fetch(server).body)
    assert b"First light" in fetch(server, "/posts/first.gmi").body
    assert len([line for line in server.stderr.lines if "last good version" in line]) == 1
    write_post(capsule, "first", "Mended light")
    wait_until(lambda: b"Mended light" in fetch(server, "/posts/first.gmi").body)


def test_a_broken_capsule_stays_as_it_was(serve, capsule):
    server = serve()
    write(capsule / "capsule.yaml", "no_such_key: 1\n")
    assert logged(server, "the capsule stays as it was")
    assert b"First light" in fetch(server).body
    write(capsule / "capsule.yaml", "title: Another name\nhosts: [ex.org]\n")
    wait_until(lambda: b"Another name" in fetch(server).body)


def test_a_folder_that_goes_and_comes_back(serve, capsule):
    server = serve()
    (capsule / "posts").rename(capsule.parent / "away")
    assert logged(server, "this folder has gone")
    assert b"First light" in fetch(server).body
    write_post(capsule, "second", "Second light")
    wait_until(lambda: b"Second light" in fetch(server).body)
    wait_until(lambda: b"First light" not in fetch(server).body)  # a worker may yet be leaving
