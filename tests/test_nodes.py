"""Two nodes behind nginx: one is killed, both are switched to another snapshot, and no request fails."""

import contextlib
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from conftest import write_site
from kgpub.errors import NoSnapshot
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.replicas import Done, pull, push, source, target
from kgpub.settings import Settings, load
from kgpub.snapshot import current
from proxied import DEPLOY, NGINX, Front, free_port, nginx, written

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TOML = 'title = "T"\nbase = "https://data.example.org/"\nlanguages = ["en", "ka"]\n'
COUNT = f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')}"
ADDRESSES = ["/", "/id/a.en.html", "/id/a.ttl", "/id/x7.ka.html", "/id/x3.jsonld", "/-/data", "/search?q=thing", COUNT, "/-/dump.nq"]  # fmt: skip
CLIENTS = 4


@dataclass
class Node:
    """A folder with settings alone, and the server over it, as nginx knows it."""

    settings: Settings
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return when it is ready."""
        command = [
            sys.executable,
            "-m",
            "kgpub",
            "serve",
            str(self.settings.folder),
            "--no-build",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(lambda: self.asked("/-/health") == 200)

    def kill(self) -> None:
        """Have it gone at once."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def serves(self, version: str) -> bool:
        """Whether it says that it serves a snapshot."""
        return self.version == version

    @property
    def answered(self) -> int:
        """How many queries it has answered, which nginx alone sends and does not keep."""
        figures = self.front.ask("/-/metrics").body.decode()
        return sum(
            int(float(n)) for n in re.findall(r"(?m)^kgpub_requests_total\{kind=.sparql.[^}]*\} (\S+)$", figures)
        )

    def asked(self, address: str) -> int:
        """The status of an answer of its own; 0 where there is none."""
        with contextlib.suppress(OSError):
            return self.front.ask(address).status
        return 0

    @property
    def front(self) -> Front:
        """The way to it that does not lead through nginx."""
        return Front(self.port, self.settings.folder)

    @property
    def version(self) -> str:
        """The snapshot it says it serves."""
        found: str = json.loads(self.front.ask("/-/status").body)["version"]
        return found


def wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@dataclass
class Scene:
    """Where snapshots are built, the store between, the nodes, and nginx in front of them."""

    origin: Settings
    store: Path
    nodes: tuple[Node, Node]
    front: Front

    def release(self, number: int) -> str:
        """Build another snapshot and push it."""
        text = "".join(f'<id/x{n}> a <ns/C> ; {LABEL} "thing {n} of {number}"@en .\n' for n in range(20))
        (self.origin.folder / "data/x.ttl").write_text(text)
        build(self.origin, lambda *_: Report(True), lambda *_: None)
        return push(self.origin, target(str(self.store)), lambda *_: None).version

    def settle(self) -> None:
        """Return when nginx asks both nodes: one that did not answer is left out for a while."""
        for node in self.nodes:
            wait(partial(lambda node, before: node.answered > before + 5, node, node.answered))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with TemporaryDirectory(prefix="kg") as name, contextlib.ExitStack() as stack:
        place = Path(name)
        (place / "origin").mkdir()
        origin = load(write_site(place / "origin", {"data/a.ttl": f'<id/a> a <ns/C> ; {LABEL} "A"@en .'}, TOML))
        nodes = []
        for one in ("one", "two"):
            (place / one).mkdir()
            nodes.append(Node(load(write_site(place / one, {}, TOML)), free_port()))
        folder, port = place / "nginx", free_port()
        folder.mkdir()
        configure(folder, port, [node.port for node in nodes])
        made = Scene(origin, place / "store", (nodes[0], nodes[1]), Front(port, folder))
        made.release(0)
        for node in nodes:
            pull(node.settings, source(str(made.store)), lambda *_: None)
            node.start()
            stack.callback(node.kill)
        with nginx(folder, port):
            yield made


def configure(folder: Path, port: int, nodes: list[int]) -> None:
    """The guide's configuration for several nodes, on this machine's ports, without TLS."""
    site = (DEPLOY / "nginx/site.conf").read_text("utf-8")
    (_, server) = site.split("\nserver {\n", 1)[1].split("\nserver {\n", 1)
    server = re.sub(r"(?m)^ *(listen|ssl_\w+) .*$", "", server)
    written(folder, f"server {{\nlisten 127.0.0.1:{port};\n{server}", folder, {})
    usual = folder / "conf.d/kgpub.conf"
    usual.write_text(re.sub(r"(?ms)^upstream kgpub \{.*?^\}", "", usual.read_text("utf-8")), "utf-8")
    text = (DEPLOY / "nginx/replicas.conf").read_text("utf-8")
    for address, own in zip(("192.0.2.11:8000", "192.0.2.12:8000"), nodes, strict=True):
        assert text.count(address) == 1
        text = text.replace(address, f"127.0.0.1:{own}")
    soon = "proxy_ignore_headers Cache-Control;\nproxy_cache_valid 200 1s;\n"  # five minutes would be long to wait
    (folder / "conf.d/replicas.conf").write_text(text + soon, "utf-8")


@dataclass
class Load:
    """Clients that ask through nginx until they are told to stop."""

    front: Front
    answers: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def ask(self, first: int) -> None:
        turn = first
        while not self.ended.is_set():
            address = ADDRESSES[turn % len(ADDRESSES)]
            turn += 1
            try:
                found = self.front.ask(address, "HEAD" if turn % 7 == 0 else "GET")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{address}: {error!r}")
                continue
            self.answers.append(found.status)
            if found.status != 200:
                self.failures.append(f"{address}: {found.status} {found.body[:200]!r}")

    def more(self, number: int) -> None:
        """Return when so many more answers have come."""
        before = len(self.answers)
        wait(lambda: len(self.answers) >= before + number or bool(self.failures))


@contextlib.contextmanager
def load_on(front: Front) -> Iterator[Load]:
    load = Load(front)
    threads = [threading.Thread(target=load.ask, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.ended.set()
        for thread in threads:
            thread.join()


def test_a_node_without_a_snapshot_does_not_serve(tmp_path: Path) -> None:
    site = write_site(tmp_path, {}, TOML)
    command = [sys.executable, "-m", "kgpub", "serve", str(site), "--no-build", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "no snapshot" in done.stderr) == (4, True)
    with pytest.raises(NoSnapshot):
        current(load(site))


@pytest.mark.parametrize("address", [*ADDRESSES, "/-/ontology", "/-/void.ttl", "/sitemap.xml", "/-/static/style.css"])
def test_nodes_give_the_same_answer_with_the_same_validator(scene: Scene, address: str) -> None:
    one, two = (node.front.ask(address) for node in scene.nodes)
    assert (one.status, one.fields.get("etag"), one.body) == (two.status, two.fields.get("etag"), two.body)
    if one.status == 200 and "etag" in one.fields:
        again = scene.nodes[1].front.ask(address, If_None_Match=one.fields["etag"])
        assert again.status == 304


def test_a_node_is_killed_and_nobody_notices(scene: Scene) -> None:
    node = scene.nodes[0]
    with load_on(scene.front) as load:
        scene.settle()
        node.kill()
        load.more(300)
        node.start()
        load.more(300)
    assert load.failures == []


def test_a_node_is_stopped_and_nobody_notices(scene: Scene) -> None:
    node = scene.nodes[1]
    assert node.process is not None
    with load_on(scene.front) as load:
        scene.settle()
        node.process.terminate()
        node.process.wait()
        load.more(300)
        node.start()
        load.more(100)
    assert load.failures == []


def test_both_nodes_take_another_snapshot_and_nobody_notices(scene: Scene) -> None:
    with load_on(scene.front) as load:
        scene.settle()
        version = scene.release(1)
        for node in scene.nodes:
            load.more(100)
            assert pull(node.settings, source(str(scene.store)), lambda *_: None).done is Done.COPIED
            wait(partial(node.serves, version))
        load.more(200)
    assert load.failures == []
    assert {node.version for node in scene.nodes} == {version}


def test_what_nginx_keeps_is_revalidated_with_whichever_node(scene: Scene) -> None:
    """A kept page that is no longer fresh is asked for again by its validator; what has not changed is not sent again."""
    same, other = "/id/a.en.html", "/id/x7.en.html"
    kept = {address: scene.front.ask(address).fields["etag"] for address in (same, other)}
    wait(lambda: scene.front.ask(same).fields["x-cache"] == "REVALIDATED")
    version = scene.release(2)
    for node in scene.nodes:
        pull(node.settings, source(str(scene.store)), lambda *_: None)
        wait(partial(node.serves, version))
        assert node.front.ask(same, If_None_Match=kept[same]).status == 304
        assert node.front.ask(other, If_None_Match=kept[other]).status == 200
    wait(lambda: scene.front.ask(same).fields["x-cache"] == "REVALIDATED")
    assert scene.front.ask(same).fields["etag"] == kept[same]
    wait(lambda: b"thing 7 of 2" in scene.front.ask(other).body)
    assert scene.front.ask(other).fields["etag"] != kept[other]
