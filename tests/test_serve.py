"""A server as a person runs it: it follows the files, keeps what is good, and ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sampled import sampled

BOOKS = "data/books.ttl"


def kgpub(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "kgpub", *arguments], check=True, capture_output=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    kgpub("new", str(folder))
    return folder


@pytest.fixture
def server(site: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with running(site, "--reload") as started:
        yield started


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        body: bytes = answer.read()
    return body.decode()


def until(true: Callable[[], bool], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_a_change_is_picked_up_and_a_broken_one_is_not(site: Path, server: tuple[subprocess.Popen[str], str]) -> None:
    _, address = server
    page = f"{address}/id/vazha.ttl"
    assert "Vazha-Pshavela" in read(page)
    text = (site / BOOKS).read_text("utf-8")
    (site / BOOKS).write_text(text.replace("Vazha-Pshavela", "Luka Razikashvili"), "utf-8")
    assert until(lambda: "Luka Razikashvili" in read(page))
    (site / BOOKS).write_text("broken <", "utf-8")
    assert not until(lambda: "Luka Razikashvili" not in read(page), seconds=4)
    (site / BOOKS).write_text(text, "utf-8")
    assert until(lambda: "Vazha-Pshavela" in read(page))


def test_a_rollback_is_followed(site: Path, server: tuple[subprocess.Popen[str], str]) -> None:
    _, address = server
    first = read(f"{address}/-/status")
    text = (site / BOOKS).read_text("utf-8")
    (site / BOOKS).write_text(text.replace("1901", "1902"), "utf-8")
    assert until(lambda: read(f"{address}/-/status") != first)
    kgpub("rollback", str(site))
    assert until(lambda: read(f"{address}/-/status") == first, seconds=10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to_and_leaves_nothing_running(
    server: tuple[subprocess.Popen[str], str], number: signal.Signals
) -> None:
    process, address = server
    read(address + "/?lang=en")
    process.send_signal(number)
    process.wait(10)
    with pytest.raises(urllib.error.URLError):
        read(address)
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    assert children.stdout.strip() == ""
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def health(address: str) -> int:
    """The status that the server says it is in; 0 where it does not answer."""
    try:
        with urllib.request.urlopen(f"{address}/-/health", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return 0


DRAINED = {
    "one process": (),
    "three processes": ("--workers", "3"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="several processes need Linux")
@pytest.mark.parametrize(
    ("name", "seconds", "signals"),
    sampled([(name, *row) for name in DRAINED for row in (("1", 1), ("200", 2))], [("three processes", "200", 2)]),
)
def test_it_answers_for_a_while_and_says_that_it_will_stop(site: Path, name: str, seconds: str, signals: int) -> None:
    with running(site, *DRAINED[name], KGPUB_SERVER__DRAIN=seconds) as (process, address):
        assert health(address) == 200
        process.send_signal(signal.SIGTERM)
        assert until(lambda: health(address) == 503)
        assert "</html>" in read(f"{address}/?lang=en")
        for _ in range(signals - 1):
            assert until(lambda: health(address) in {503, 0})
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) in {0, -signal.SIGTERM}
        assert health(address) == 0


@contextmanager
def running(site: Path, *flags: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server, and its address."""
    command = [sys.executable, "-u", "-m", "kgpub", "serve", str(site), "--port", "0", *flags]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | settings)
    try:
        assert process.stderr is not None
        address = ""
        while "http://" not in address:
            address = process.stderr.readline()
            assert address, "the server ended before it said its address"
        yield process, "http://" + address.split("http://")[1].split()[0].rstrip("/")
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()
