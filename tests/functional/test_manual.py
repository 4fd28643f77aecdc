"""The manual says what the program does: no option and no key is missing from it, none is made up."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANUAL = ROOT / "share/man"
COMMANDS = ["serve", "check", "new", "render", "cert", "fetch"]


def section(page, kind, title):
    """The lines of a section or subsection of a manual page."""
    text = (MANUAL / page).read_text(encoding="utf-8")
    match = re.search(rf"^\.{kind} {re.escape(title)}\n(.*?)(?=^\.S[hs] |\Z)", text,
                      re.M | re.S)
    assert match, f"{page} has no section {title!r}"
    return match[1]


def keys_in_source(path, table):
    """The names in a table of fields."""
    text = (ROOT / path).read_text(encoding="utf-8")
    match = re.search(rf"struct field {table}\[\] = \{{\n(.*?)^\}};", text, re.M | re.S)
    assert match, f"{path} has no table {table}"
    return re.findall(r'^    \{ "(\w+)", FIELD_(?!KNOWN)', match[1], re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_the_manual(program, command):
    usage = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True,
                           timeout=30).stdout
    manual = section("splashdown.1", "Ss", command)
    described = re.findall(r"^\.It Fl Fl ([\w-]+)", manual, re.M)
    assert set(described) == set(re.findall(r"^ +(?:-\w, )?--([\w-]+)", usage, re.M)) - {"help"}


@pytest.mark.parametrize("title, path, table", [
    ("Keys", "src/content/capsule.c", "capsule_fields"),
    ("Templates", "src/content/capsule.c", "template_fields"),
    ("Conversion", "src/content/capsule.c", "convert_fields"),
    ("Gopher", "src/content/capsule.c", "gopher_fields"),
    ("Front matter", "src/content/head.c", "post_fields"),
])
def test_every_key_of_an_author_is_in_the_manual(title, path, table):
    described = re.findall(r"^\.It Ic (\w+)", section("capsule.yaml.5", "Ss", title), re.M)
    assert described == keys_in_source(path, table)


@pytest.mark.parametrize("title, path, table", [
    ("Keys", "config.c", "file_fields"),
    ("Gemini", "config.c", "gemini_fields"),
    ("Gopher", "config.c", "gopher_fields"),
    ("Listening behind a proxy", "config_limits.c", "listen_fields"),
    ("Log", "config_log.c", "log_fields"),
    ("Limits", "config_limits.c", "limits_fields"),
])
def test_every_key_of_an_operator_is_in_the_manual(title, path, table):
    described = re.findall(r"^\.It Ic (\w+)", section("splashdown.yaml.5", "Ss", title), re.M)
    assert described == keys_in_source(f"src/server/{path}", table)
