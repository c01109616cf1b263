"""Caddy as docs/deploy sets it up: what kgpub promises holds in front of it too."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from proxied import DEPLOY, Front, caddy, direct, free_port
from running import running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed"),
]

ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 6000"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with a path short enough for a socket's name, and a new site in it."""
    with TemporaryDirectory(prefix="kg") as folder:
        command = [sys.executable, "-m", "kgpub", "new", f"{folder}/site"]
        subprocess.run(command, check=True, capture_output=True)
        yield Path(folder)


@pytest.fixture(scope="module")
def front(place: Path) -> Iterator[Front]:
    limits = {"KGPUB_SPARQL__MAX_BYTES": "3000000", "KGPUB_LOG__ACCESS": str(place / "log")}
    with running(place / "site", "--uds", str(place / "s"), **limits), caddy(place, place / "s", free_port()) as found:
        yield found


def test_the_configuration_is_valid(tmp_path: Path) -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"HOME": str(tmp_path), "PATH": "/usr/bin"}
    )
    assert done.returncode == 0, done.stderr
    assert '"level":"warn"' not in done.stderr


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/", {"Accept": "text/html", "Accept_Language": "ka"}),
        ("/id/panther", {"Accept": "text/turtle"}),
        ("/id/panther.ka.html", {"Accept_Encoding": "br"}),
        ("/id/panther.ttl", {"Accept_Encoding": "gzip"}),
        ("/id/panther.ttl", {}),
        ("/id/%E1%83%90%2Fb", {}),
        ("/-/dump.nq", {"Range": "bytes=10-19"}),
        ("/-/dump.nq", {"If_None_Match": "*"}),
        ("/sparql?query=ASK%7B", {}),
    ],
)
def test_an_answer_is_the_one_that_kgpub_gives(front: Front, place: Path, address: str, fields: dict[str, str]) -> None:
    own, through = direct(place / "s", address, **fields), front.ask(address, **fields)
    assert (through.status, through.body) == (own.status, own.body)
    ours = {"date", "server", "connection", "transfer-encoding"}
    kept = {name: value for name, value in through.fields.items() if name not in ours}
    assert kept == {name: value for name, value in own.fields.items() if name not in ours}


def test_what_would_be_broken_off_is_refused(front: Front) -> None:
    refused = front.ask(f"/sparql?query={quote(ENDLESS)}", Accept="text/csv")
    assert (refused.status, refused.fields["content-type"]) == (400, "application/problem+json")


def test_a_long_answer_comes_whole(front: Front) -> None:
    found = front.ask(f"/sparql?query={quote(ROWS)}", Accept="text/csv")
    assert found.body.count(b"\r\n") == 6_001
    assert int(found.fields["content-length"]) == len(found.body) > 1_048_576


@pytest.mark.parametrize(("query", "status"), [("ENDLESS", b"400"), ("ROWS", b"200")])
def test_an_old_client_gets_a_refusal_or_all_of_it(front: Front, query: str, status: bytes) -> None:
    text = {"ENDLESS": ENDLESS, "ROWS": ROWS}[query]
    said = front.say(f"GET /sparql?query={quote(text)} HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n\r\n")
    head, _, rest = said.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert head.split()[1] == status
    assert length is not None and int(length[1]) == len(rest)


@pytest.mark.parametrize(("size", "status"), [(262_144, 400), (262_145, 413)])
def test_what_kgpub_would_not_read_caddy_does_not_either(front: Front, size: int, status: int) -> None:
    assert front.post("/sparql", b"x=" + b"y" * (size - 2)).status == status


def test_figures_are_for_this_machine_only(front: Front) -> None:
    assert front.ask("/-/metrics").status == 200
    assert replace(front, source="127.0.0.2").ask("/-/metrics").status == 403


def test_the_log_names_the_client_whatever_it_claims(front: Front, place: Path) -> None:
    replace(front, source="127.0.0.3").ask("/-/status?mark", X_Forwarded_For="203.0.113.9")
    found: list[str] = []
    until = time.monotonic() + 10
    while not found and time.monotonic() < until:  # the log is written a moment later
        time.sleep(0.02)
        found = [line for line in (place / "log").read_text().splitlines() if "/-/status?mark" in line]
    assert len(found) == 1
    assert '"client": "127.0.0.3"' in found[0]
