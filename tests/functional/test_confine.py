"""What the running workers have given up, as the kernel tells it."""

import os
import pathlib
import pwd
import shutil
import tempfile

import pytest

from client import ask
from conftest import make_capsule
from server import Server, free_port
from test_server import HOME, refused, wait_until, workers


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.split() for key, value in (line.split(":", 1) for line in lines)}


def confined_by(server):
    line = next((line for line in server.stderr.lines if "workers are confined by" in line), "")
    return line.rpartition(" by ")[2]


def test_workers_are_confined(tmp_path, capsule):
    with Server(tmp_path, [capsule]) as server:
        assert ask(server.port, HOME).status == "20"
        if not confined_by(server):
            pytest.skip("this system offers no confinement")
        wait_until(lambda: len(workers(server)) == 2)
        for pid in workers(server):
            wait_until(lambda: "seccomp" not in confined_by(server) or
                       status_of(pid)["Seccomp"] == ["2"])
            status = status_of(pid)
            assert status["NoNewPrivs"] == ["1"]
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            assert "Max core file size        0                    0" in limits
        assert status_of(server.process.pid)["NoNewPrivs"] == ["1"]


def test_confinement_can_be_left_out_and_is_missed(tmp_path, capsule):
    with Server(tmp_path, [capsule], {"confine": "none"}) as server:
        assert ask(server.port, HOME).status == "20"
        assert any("not confined" in line for line in server.stderr.lines)
        assert {status_of(pid)["Seccomp"][0] for pid in workers(server)} == \
            {status_of(os.getpid())["Seccomp"][0]}


@pytest.fixture
def open_folder():
    """A folder that any user may enter, unlike pytest's own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="splashdown-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_root_is_given_up_for_good(open_folder):
    nobody = pwd.getpwnam("nobody")
    capsule = make_capsule(open_folder / "capsule")
    (open_folder / "certs").mkdir()
    os.chown(open_folder / "certs", nobody.pw_uid, nobody.pw_gid)
    with Server(open_folder, [capsule], {"user": "nobody"}) as server:
        assert ask(server.port, HOME).status == "20"
        for pid in [server.process.pid, *workers(server)]:
            status = status_of(pid)
            assert status["Uid"] == [str(nobody.pw_uid)] * 4
            assert status["Gid"] == [str(nobody.pw_gid)] * 4
            assert status["Groups"] == [str(nobody.pw_gid)]
            assert int(status["CapEff"][0], 16) == int(status["CapPrm"][0], 16) == 0
    key = open_folder / "certs/ex.org.key"
    assert key.stat().st_uid == nobody.pw_uid


def test_a_user_that_is_none(tmp_path, capsule):
    config = tmp_path / "splashdown.yaml"
    config.write_text(f"user: no-such-user\ngemini: {{listen: {free_port()}}}\n")
    assert "no user 'no-such-user'" in refused(tmp_path, capsule, "--config", config)
