"""Where a server listens, whom it believes, and what a service manager and it say to each other."""

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from starlette.types import Message, Receive, Scope, Send

from kgpub import listening
from kgpub.errors import PortInUse, SettingsError
from kgpub.web.running import behind
from running import running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listening") / "site"
    for command in ("new", "build"):
        subprocess.run([sys.executable, "-m", "kgpub", command, str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def near() -> Iterator[Path]:
    """A folder with a path short enough for a socket's name."""
    with TemporaryDirectory(prefix="kg") as folder:
        yield Path(folder)


def ask(path: Path, address: str, **headers: str) -> tuple[int, str]:
    """The answer of a server at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(20)
        end.connect(str(path))
        connection = http.client.HTTPConnection("site.example")
        connection.sock = end
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_it_serves_at_a_unix_socket_that_owner_and_group_may_use(site: Path, near: Path) -> None:
    path = near / "s"
    with running(site, "--uds", str(path)) as address:
        assert address == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        status, body = ask(path, "/id/panther.ttl")
    assert (status, "ვეფხისტყაოსანი" in body) == (200, True)


def test_the_access_log_names_whom_the_proxy_names(site: Path, near: Path) -> None:
    path, log = near / "s", near / "log"
    with running(site, "--uds", str(path), KGPUB_LOG__ACCESS=str(log)):
        ask(path, "/-/health")
        ask(path, "/-/health", **{"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert [line.split('"client": "')[1].split('"')[0] for line in log.read_text().splitlines()] == [
        "unix",
        "198.51.100.7",
    ]


ENDLESS = "query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")


def test_a_proxy_that_cannot_break_off_gets_a_refusal_in_place_of_a_part(site: Path, near: Path) -> None:
    path = near / "s"
    with running(site, "--uds", str(path), KGPUB_SPARQL__MAX_BYTES="3000000"):
        with pytest.raises(http.client.IncompleteRead):
            ask(path, f"/sparql?{ENDLESS}", Accept="text/csv")
        status, _ = ask(path, f"/sparql?{ENDLESS}", **{"Accept": "text/csv", "X-Kgpub-Whole": "1"})
    assert status == 400


def test_a_socket_that_is_left_over_is_replaced(near: Path) -> None:
    with listening.at_path(near / "s"):
        pass
    with listening.at_path(near / "s") as again, socket.socket(socket.AF_UNIX) as end:
        end.connect(str(near / "s"))
        assert listening.shown(again, "/") == f"unix:{near / 's'}"


def test_a_socket_in_use_is_refused_and_left_alone(near: Path) -> None:
    with listening.at_path(near / "s"):
        with pytest.raises(PortInUse, match="another server"):
            listening.at_path(near / "s")
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(str(near / "s"))


def test_a_file_that_is_no_socket_is_refused_and_left_alone(near: Path) -> None:
    (near / "s").write_text("precious")
    with pytest.raises(PortInUse, match="no socket"):
        listening.at_path(near / "s")
    assert (near / "s").read_text() == "precious"


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 200])
def test_a_path_that_cannot_be_had_is_named(near: Path, name: str) -> None:
    with pytest.raises(PortInUse, match=name):
        listening.at_path(near / name)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:{}/x/"), ("::1", "http://[::1]:{}/x/")])
def test_where_it_listens_is_shown_as_an_address(host: str, shown: str) -> None:
    if host == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("there is no IPv6 here")
    with listening.at_address(host, 0) as listener:
        assert listening.shown(listener, "/x/") == shown.format(listener.getsockname()[1])


HAND_OVER = """
import os, sys
numbers = [int(one) for one in sys.argv[1].split(",")]
for place, number in enumerate(numbers, 3):
    os.dup2(number, place)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(numbers))}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def under_manager(site: Path, *handed: socket.socket, **environment: str) -> subprocess.Popen[bytes]:
    """The server as systemd starts it: sockets from descriptor 3 on, named by the environment."""
    numbers = sorted(one.fileno() for one in handed)
    command = [sys.executable, "-c", HAND_OVER, ",".join(map(str, numbers)), "-m", "kgpub", "serve", str(site)]
    return subprocess.Popen(command, env=os.environ | environment, pass_fds=numbers, stderr=subprocess.PIPE)


def test_it_serves_at_the_socket_that_is_handed_over_and_says_ready_and_stopping(site: Path, near: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        listener.bind(str(near / "s"))
        listener.listen()
        heard.bind(str(near / "n"))
        heard.settimeout(60)
        process = under_manager(site, listener, NOTIFY_SOCKET=str(near / "n"))
        try:
            assert heard.recv(100) == b"READY=1"
            assert ask(near / "s", "/-/health")[0] == 200
            process.terminate()
            assert heard.recv(100) == b"STOPPING=1"
            assert process.wait(20) == -signal.SIGTERM
        finally:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()
        assert (near / "s").exists(), "the socket is the manager's"


def test_what_connects_before_it_is_ready_waits(site: Path, near: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(near / "s"))
        listener.listen()
        process = under_manager(site, listener)
        try:
            assert ask(near / "s", "/-/health")[0] == 200
        finally:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("kind", ["two sockets", "one that does not listen"])
def test_what_cannot_be_served_at_is_refused(site: Path, near: Path, kind: str) -> None:
    with contextlib.ExitStack() as stack:
        ends = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2 if kind == "two sockets" else 1)]
        process = under_manager(site, *ends)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert ("2 sockets" if kind == "two sockets" else "does not listen") in told.decode()


def test_sockets_for_another_process_are_not_taken() -> None:
    assert listening.Manager(listen_pid=os.getpid() + 1, listen_fds=1).listener() is None


def test_a_manager_that_hears_nothing_is_no_trouble(near: Path) -> None:
    listening.Manager(notify_socket=str(near / "none")).tell("READY=1")
    listening.Manager().tell("READY=1")


def test_an_abstract_address_is_told_too() -> None:
    name = f"kgpub-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0" + name)
        heard.settimeout(10)
        listening.Manager(notify_socket="@" + name).tell("READY=1")
        assert heard.recv(100) == b"READY=1"


def test_an_environment_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "many")
    with pytest.raises(SettingsError, match="LISTEN_FDS"):
        listening.manager()


@pytest.mark.parametrize("bad", ["*", "proxy.example", "10.0.0.1/8", "", "127.0.0.1,::1"])
def test_a_proxy_is_an_address_or_a_network(bad: str) -> None:
    with pytest.raises(SettingsError, match="--proxy"):
        listening.proxies(["127.0.0.1", bad])


LOCAL, PROXY, CLIENT = ("127.0.0.1", 4), ("10.1.2.3", 4), ("203.0.113.9", 4)
BELIEVED = [
    ("a proxy that is trusted names the client", LOCAL, ["198.51.100.7"], "198.51.100.7"),
    ("the last name that is no proxy's counts", LOCAL, ["198.51.100.7, 192.0.2.5"], "192.0.2.5"),
    ("proxies behind proxies are passed by", LOCAL, ["198.51.100.7, 10.1.9.9"], "198.51.100.7"),
    ("several fields are one list", LOCAL, ["198.51.100.7", "192.0.2.5"], "192.0.2.5"),
    ("a network is trusted whole", PROXY, ["198.51.100.7"], "198.51.100.7"),
    ("others are not believed", CLIENT, ["198.51.100.7"], "203.0.113.9"),
    ("who comes by a Unix socket is believed", None, ["198.51.100.7"], "198.51.100.7"),
    ("and has a name without one", None, [], "unix"),
    ("a client cannot call itself local", CLIENT, ["unix"], "203.0.113.9"),
    ("nothing said, nothing changed", LOCAL, [], "127.0.0.1"),
]


@pytest.mark.parametrize(("client", "fields", "seen"), [row[1:] for row in BELIEVED], ids=[row[0] for row in BELIEVED])
def test_whom_it_believes(client: tuple[str, int] | None, fields: list[str], seen: str) -> None:
    found: list[str] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        found.append(scope["client"][0])

    async def receive() -> Message:
        raise AssertionError

    async def send(_: Message) -> None:
        raise AssertionError

    headers = [(b"x-forwarded-for", one.encode()) for one in fields]
    scope = {"type": "http", "client": client, "headers": headers, "scheme": "http"}
    asyncio.run(behind(app, ["127.0.0.1", "10.0.0.0/8"])(scope, receive, send))  # type: ignore[arg-type] # a coroutine
    assert found == [seen]
