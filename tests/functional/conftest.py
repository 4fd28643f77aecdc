"""Fixtures: a capsule with everything the request table asks for, and the program serving it."""

import os
import pathlib
import pty
import re
import subprocess

import pytest

from server import PROGRAM, Server

BIG_SIZE = 5 * 1024 * 1024

# What the capsule's static folder holds. Every file says its own name, so that a test can tell
# which one it got.
STATIC_FILES = {
    "index.gmi": "# index.gmi\n",
    "dir/index.gmi": "# dir/index.gmi\n",
    "folder/index.gmi": "# folder/index.gmi\n",
    "a b.gmi": "# a b.gmi\n",
    "a+b.gmi": "# a+b.gmi\n",
    "café.gmi": "# café.gmi\n",
    "100%.gmi": "# 100%.gmi\n",
    "empty.gmi": "",
    ".hidden": "SECRET\n",
    ".git/config": "SECRET\n",
}

CAPSULE = """\
title: A test
hosts: [ex.org, www.ex.org, bücher.example]
"""

POST = """\
---
title: First light
date: 2026-01-02T03:04:05Z
---
Hello.
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_post(folder, name, title="A post", date="2026-01-02", body="Hello."):
    write(folder / f"posts/{name}.md", f"---\ntitle: {title}\ndate: {date}\n---\n{body}\n")


def make_capsule(folder):
    """A blog of one post with static files, and beside it what must never be served."""
    write(folder / "capsule.yaml", CAPSULE)
    write(folder / "posts/first-light.md", POST)
    for name, text in STATIC_FILES.items():
        write(folder / "static" / name, text)
    (folder / "static/big.bin").write_bytes(os.urandom(BIG_SIZE))
    write(folder / "outside.txt", "SECRET\n")
    write(folder.parent / "outside.txt", "SECRET\n")
    (folder / "static/link.txt").symlink_to("../outside.txt")
    return folder


@pytest.fixture(scope="session", autouse=True)
def program():
    if not pathlib.Path(PROGRAM).is_file():
        pytest.exit(f"no program at {PROGRAM}; name it in SPLASHDOWN", returncode=1)
    return PROGRAM


@pytest.fixture(scope="session")
def capsule(tmp_path_factory):
    return make_capsule(tmp_path_factory.mktemp("site") / "capsule")


@pytest.fixture(scope="session")
def server(tmp_path_factory, capsule):
    """With Gopher beside it, which must not matter to anyone who asks over Gemini."""
    with Server(tmp_path_factory.mktemp("server"), [capsule], gopher={}) as running:
        yield running


@pytest.fixture
def fetch(program):
    def run(*args, **more):
        return subprocess.run([program, "fetch", *args], capture_output=True, timeout=30, **more)

    return run


@pytest.fixture
def fetch_on_terminal(program):
    """fetch_on_terminal(args) is the text a terminal gets, with every tab as a blank."""

    def run(*args):
        try:
            ours, theirs = pty.openpty()
        except OSError:
            pytest.skip("a bare environment has no terminals to give")
        with subprocess.Popen([program, "fetch", *args], stdout=theirs,
                              stderr=subprocess.DEVNULL) as process:
            os.close(theirs)
            shown = b""
            try:
                while chunk := os.read(ours, 1000):
                    shown += chunk
            except OSError:
                pass  # how Linux says that the other end of a terminal is closed
        os.close(ours)
        assert process.returncode == 0
        return re.sub(r"\t| {5,8}", " ", shown.decode().replace("\r\n", "\n"))

    return run
