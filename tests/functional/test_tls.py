"""The connection and TLS rules of Gemini: versions, names, orderly ends, pieces, large files."""

import shutil
import socket
import ssl
import subprocess
import warnings

import pytest

from client import (
    CLEAN,
    DEADLINE_S,
    NO_TLS,
    HEADER,
    ask,
    connect,
    finish,
    make_context,
)

U = b"gemini://ex.org"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
VERSION_NAMES = {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}


def only(version):
    return make_context(version, version)


def version_id(version):
    return VERSION_NAMES[version]


each_version = pytest.mark.parametrize("version", VERSIONS, ids=version_id)


# ---- versions and ciphers: G1, G10 --------------------------------------------------------------


@each_version
def test_completes(server, version):
    answer = ask(server.port, U + b"/\r\n", context=only(version))
    assert answer.status == "20"
    assert answer.tls_version == VERSION_NAMES[version]


def test_refuses_tls_1_1(server):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old = ssl.TLSVersion.TLSv1_1
        answer = ask(server.port, U + b"/\r\n", context=only(old))
    assert answer.status == NO_TLS
    assert "PROTOCOL_VERSION" in answer.reason


def test_gives_no_header_to_plain_bytes(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as plain:
        plain.sendall(U + b"/\r\n")
        received = b""
        try:
            while piece := plain.recv(4096):
                received += piece
        except ConnectionResetError:
            pass
    assert b"text/gemini" not in received
    assert not HEADER.match(received.decode("latin-1").partition("\r\n")[0])


def test_refuses_ciphers_without_forward_secrecy_or_aead(server):
    for ciphers in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
        context = only(ssl.TLSVersion.TLSv1_2)
        context.set_ciphers(ciphers + ":@SECLEVEL=0")
        assert ask(server.port, U + b"/\r\n", context=context).status == NO_TLS


@each_version
def test_ignores_alpn(server, version):
    context = only(version)
    context.set_alpn_protocols(["h2", "http/1.1"])
    answer = ask(server.port, U + b"/\r\n", context=context)
    assert answer.status == "20"
    assert answer.alpn is None


# ---- names: G2 to G4, G11 -----------------------------------------------------------------------


@each_version
def test_serves_without_sni(server, version):
    assert ask(server.port, U + b"/\r\n", sni=None, context=only(version)).status == "20"


@each_version
def test_answers_53_to_a_foreign_sni(server, version):
    answer = ask(server.port, U + b"/\r\n", sni="example.net", context=only(version))
    assert (answer.status, answer.end) == ("53", CLEAN)


def test_compares_sni_without_case(server):
    assert ask(server.port, U + b"/\r\n", sni="EX.ORG").status == "20"


def test_shows_a_certificate_with_the_hosts_names(server):
    with connect(server.port) as tls:
        certificate = tls.getpeercert(binary_form=True)
        for name in (b"ex.org", b"www.ex.org", b"xn--bcher-kva.example"):
            assert name in certificate


# ---- orderly ends: G5, G6 -----------------------------------------------------------------------

ENDINGS = {
    "20": U + b"/\r\n",
    "20 without a body": U + b"/empty.gmi\r\n",
    "20 from a large file": U + b"/big.bin\r\n",
    "31": U + b"/dir\r\n",
    "51": U + b"/nope\r\n",
    "53": b"gemini://example.net/\r\n",
    "59": b"nonsense\r\n",
    "59 at once": b"x" * 1100,
}


@each_version
@pytest.mark.parametrize("name", ENDINGS)
def test_ends_with_close_notify(server, version, name):
    answer = ask(server.port, ENDINGS[name], context=only(version))
    assert (answer.status, answer.end) == (name[:2], CLEAN)
    if name == "20 without a body":
        assert answer.body == b""


@each_version
def test_answers_whole_to_who_sends_too_much(server, version):
    for _ in range(20):
        answer = ask(server.port, U + b"/index.gmi\r\n" + b"x" * 32768, context=only(version))
        assert (answer.status, answer.end) == ("20", CLEAN)
        assert answer.body == b"# index.gmi\n"


@each_version
def test_refuses_in_order_who_sends_too_much(server, version):
    for _ in range(20):
        answer = ask(server.port, b"x" * 32768, context=only(version))
        assert (answer.status, answer.end) == ("59", CLEAN)


# ---- resumption: G7, G8 -------------------------------------------------------------------------


@each_version
@pytest.mark.parametrize("sni", ["ex.org", None])
def test_never_fails_to_resume(server, version, sni):
    context = only(version)
    session = None
    for _ in range(10):
        answer = ask(server.port, U + b"/\r\n", sni=sni, context=context, session=session)
        assert (answer.status, answer.end) == ("20", CLEAN)
        session = answer.session or session


@each_version
def test_resuming_under_another_name_gets_an_answer(server, version):
    """Which name then counts, the session's or the new one, is left to TLS (RFC 6066, section 3):
    the page or the reason why not, but never a failure."""
    context = only(version)
    session = ask(server.port, U + b"/\r\n", context=context).session
    answer = ask(server.port, U + b"/\r\n", sni="www.ex.org", context=context, session=session)
    assert (answer.status, answer.end) in (("20", CLEAN), ("53", CLEAN))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_takes_no_early_data(server):
    """Python does not say how much early data a session allows; openssl does."""
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", "ex.org",
         "-tls1_3", "-ign_eof"],
        input=U + b"/\r\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=DEADLINE_S,
        check=False,
    ).stdout
    assert b"20 text/gemini" in shown
    offers = [line for line in shown.splitlines() if b"Max Early Data" in line]
    assert all(line.strip() == b"Max Early Data: 0" for line in offers)


# ---- pieces: G20 --------------------------------------------------------------------------------


@each_version
def test_takes_a_request_byte_by_byte(server, version):
    pieces = [bytes([byte]) for byte in U + b"/index.gmi\r\n"]
    answer = ask(server.port, pieces, context=only(version))
    assert (answer.status, answer.body) == ("20", b"# index.gmi\n")


def test_takes_cr_and_lf_in_two_records(server):
    assert ask(server.port, [U + b"/\r", b"\n"]).status == "20"


def test_half_requests_hold_nobody_up(server):
    """More of them than there are workers."""
    held = [connect(server.port) for _ in range(8)]
    for tls in held:
        tls.sendall(U + b"/ind")
    for _ in range(8):
        assert ask(server.port, U + b"/\r\n").status == "20"
    for tls in held:
        with tls:
            tls.sendall(b"ex.gmi\r\n")
            answer = finish(tls)
            assert (answer.status, answer.body) == ("20", b"# index.gmi\n")


# ---- large files --------------------------------------------------------------------------------


@each_version
def test_a_large_file_arrives_whole(server, capsule, version):
    expected = (capsule / "static/big.bin").read_bytes()
    answer = ask(server.port, U + b"/big.bin\r\n", context=only(version))
    assert (answer.status, answer.end) == ("20", CLEAN)
    assert answer.text == "application/octet-stream"
    assert len(answer.body) == len(expected)
    assert answer.body == expected


def test_large_files_arrive_whole_side_by_side(server, capsule):
    expected = (capsule / "static/big.bin").read_bytes()
    readers = [connect(server.port) for _ in range(4)]
    for tls in readers:
        tls.sendall(U + b"/big.bin\r\n")
    for tls in readers:  # the later ones are full and wait while the first is read
        with tls:
            assert finish(tls).body == expected
