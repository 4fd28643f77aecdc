"""The client is only worth something if it refuses what a server must not send."""

import pytest

from client import BadAnswer, parse


@pytest.mark.parametrize(
    "received, answer",
    [
        (b"20 text/gemini\r\n", ("20", "text/gemini", b"")),
        (b"20 text/gemini\r\nbody\r\n", ("20", "text/gemini", b"body\r\n")),
        (b"51\r\n", ("51", "", b"")),
        (b"51 Not found\r\n", ("51", "Not found", b"")),
        ("59 Schöne Grüße\r\n".encode(), ("59", "Schöne Grüße", b"")),
        (b"30 /\r\n", ("30", "/", b"")),
        (b"20 " + b"x" * 1024 + b"\r\n", ("20", "x" * 1024, b"")),
    ],
)
def test_takes(received, answer):
    assert parse(received) == answer


@pytest.mark.parametrize(
    "received",
    [
        b"20 text/gemini",
        b"20 text/gemini\n",
        b"20 text/gemini\rbody\r\n",
        b"20\r\n",
        b"20 \r\n",
        b"31\r\n",
        b"31 /#part\r\n",
        b"51 \r\n",
        b"51 Not found\r\nbody",
        b"51\tNot found\r\n",
        b"51 Not\tfound\r\n",
        b"51Not found\r\n",
        b"51 \xc2\x85\r\n",
        b"51 \xff\r\n",
        b"\xef\xbb\xbf51 Not found\r\n",
        b"21 text/gemini\r\n",
        b"63 No\r\n",
        b"70 No\r\n",
        b"5 No\r\n",
        b"510 No\r\n",
        b"20 " + b"x" * 1025 + b"\r\n",
    ],
)
def test_refuses(received):
    with pytest.raises(BadAnswer):
        parse(received)
