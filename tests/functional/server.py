"""The real program, on a free port of the loopback, for as long as a test needs it."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SPLASHDOWN", str(ROOT / "build/check/splashdown"))

START_S = 30  # deadlines, not waits: both are events
STOP_S = 30

SANITIZER_SIGNS = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "UndefinedBehavior")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Output:
    """Lines of a stream, gathered by a thread; whoever waits for one is woken by it."""

    def __init__(self, stream):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._gather, args=(stream,), daemon=True)
        self.thread.start()

    def _gather(self, stream):
        with stream:
            for line in stream:
                with self.changed:
                    self.lines.append(line.rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait_for(self, is_it, deadline_s, start=0):
        """The first line from number `start` on that is_it accepts, or None when the stream ended
        or the time is over."""
        end = time.monotonic() + deadline_s
        with self.changed:
            while True:
                found = next(filter(is_it, self.lines[start:]), None)
                left = end - time.monotonic()
                if found is not None or self.ended or left <= 0:
                    return found
                self.changed.wait(left)


class Server:
    """splashdown serve --config, from readiness to a tidy end."""

    def __init__(self, folder, capsules, settings=None, proxies=None, gopher=None):
        """settings: more keys of splashdown.yaml. proxies: networks of those that may connect to
        proxy_port, with a PROXY header. gopher: keys of its map, to have it served at
        gopher_port."""
        self.folder = pathlib.Path(folder)
        self.capsules = [str(capsule) for capsule in capsules]
        self.settings = settings or {}
        self.proxies = proxies
        self.gopher = gopher
        self.port = None
        self.gopher_port = None
        self.proxy_port = None
        self.process = None
        self.stdout = None
        self.stderr = None

    def start(self):
        for _ in range(3):  # somebody else may take the port before we do
            self.port = free_port()
            self.proxy_port = free_port()
            self.gopher_port = free_port()
            self._launch()
            ready = self.stdout.wait_for(lambda line: line.startswith("gemini://"), START_S)
            if ready is not None:
                return self
            self.process.kill()
            self.process.wait()
        raise AssertionError(f"{PROGRAM} did not come up:\n{self.output()}")

    def _launch(self):
        listen = [f"127.0.0.1:{self.port}"]
        if self.proxies:
            listen.append({"address": f"127.0.0.1:{self.proxy_port}", "proxy_protocol": self.proxies})
        config = {
            "capsules": self.capsules,
            "gemini": {"listen": listen, "port": 1965},
            "certs": str(self.folder / "certs"),
            "workers": 2,
            "log": "debug",
            **self.settings,
        }
        if self.gopher is not None:
            config["gopher"] = {"listen": [f"127.0.0.1:{self.gopher_port}"], **self.gopher}
        path = self.folder / "splashdown.yaml"
        path.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in config.items()))
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
        )
        self.stdout = Output(self.process.stdout)
        self.stderr = Output(self.process.stderr)

    def output(self):
        return "\n".join(self.stdout.lines + self.stderr.lines)

    def stop(self):
        """SIGTERM must end it with status 0, and nothing may have gone wrong in the meantime."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still there {STOP_S} s after SIGTERM:\n{self.output()}") from None
        self.stdout.thread.join(STOP_S)
        self.stderr.thread.join(STOP_S)
        for sign in SANITIZER_SIGNS:
            assert sign not in self.output(), self.output()
        assert status == 0, f"exit status {status}:\n{self.output()}"

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()
