"""What every command has in common: help, version, exit status."""

import subprocess

import pytest

COMMANDS = ["serve", "check", "new", "render", "cert", "fetch"]


@pytest.fixture
def run(program):
    def run(*args, **more):
        return subprocess.run([program, *args], capture_output=True, text=True, timeout=30, **more)

    return run


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(run, args):
    result = run(*args)
    assert result.returncode == 0
    assert result.stderr == ""
    listed = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")]
    assert listed == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run, command):
    asked = run(command, "--help")
    assert asked.returncode == 0
    assert asked.stderr == ""
    assert asked.stdout.startswith(f"usage: splashdown {command} ")
    assert run("help", command).stdout == asked.stdout


@pytest.mark.parametrize("args", [["--version"]] + [[command, "--version"] for command in COMMANDS])
def test_version(run, args):
    result = run(*args)
    assert result.returncode == 0
    assert result.stderr == ""
    name, version = result.stdout.split()
    assert name == "splashdown"
    assert [part.isdigit() for part in version.split(".")] == [True] * 3


def test_nothing_asked_is_wrong_usage(run):
    result = run()
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == run("--help").stdout


@pytest.mark.parametrize("written, meant", [
    ("srve", "serve"), ("chekc", "check"), ("Render", "render"), ("certs", "cert"),
])
def test_unknown_command_names_the_nearest(run, written, meant):
    for args in ([written], ["help", written]):
        result = run(*args)
        assert result.returncode == 2
        assert result.stdout == ""
        assert f"there is no command '{written}' (did you mean '{meant}'?)" in result.stderr


@pytest.mark.parametrize("written", ["frobnicate", "", "x" * 10000, "--frobnicate"])
def test_unknown_command_like_no_other(run, written):
    result = run(written)
    assert result.returncode == 2
    assert "did you mean" not in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_option_is_wrong_usage(run, command):
    result = run(command, "--frobnicate")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "frobnicate" in result.stderr


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["fetch", "--help"]])
def test_full_disk_is_a_failure(program, args):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([program, *args], stdout=full, stderr=subprocess.PIPE, text=True,
                                timeout=30, check=False)
    assert result.returncode == 1
    assert "cannot write to standard output: No space left on device" in result.stderr
