"""The base is chosen in one place: two builds under two bases, one with a path, differ in nothing but the base."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from kgpub.settings import Settings, load
from kgpub.snapshot import current, open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

ROOT = Path(__file__).parents[1]
BASES = ("https://data.example.org/", "https://agency.example/linked/data/")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    found = {}
    for number, base in enumerate(BASES):
        folder = tmp_path_factory.mktemp("base") / str(number)
        folder.mkdir()
        for name in ("kgpub.toml", "ontology", "data", "shapes", "queries"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        text = (folder / "kgpub.toml").read_text("utf-8")
        (folder / "kgpub.toml").write_text(text.replace(BASES[0], base), "utf-8")
        command = [sys.executable, "-m", "kgpub", "build", str(folder)]
        subprocess.run(command, check=True, env=os.environ, capture_output=True)
        found[base] = load(folder)
    return found


def quads(site: Settings) -> list[str]:
    engine = open_snapshot(site).engine
    rows = engine.select("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }")
    return sorted(" ".join(str(row[name]) for name in "gspo").replace(site.base, "BASE/") for row in rows)


def test_the_graphs_are_the_same_but_for_the_base(sites: dict[str, Settings]) -> None:
    one, two = (quads(site) for site in sites.values())
    assert len(one) > 15_000
    assert one == two


@pytest.mark.parametrize("path", ["", "id/org-iom.ka.html", "id/org-iom.ttl", "-/data?lang=en", "sparql?lang=ka"])
def test_a_site_under_a_path_links_below_it(sites: dict[str, Settings], path: str) -> None:
    bodies = []
    for site in sites.values():
        with TestClient(create_app(Serving(site)), follow_redirects=False) as client:
            answer = client.get(site.iris.mount + path, headers={"Accept": "text/html, */*;q=0.5"})
            assert answer.status_code == 200
            body = answer.text.replace(site.base, "BASE/").replace(quote(site.base, safe=""), "BASE/")
            body = body.replace(f'="{site.iris.mount}', '="MOUNT/')
            body = re.sub(r'"(contentSize|sha256|dateModified)": "[^"]*"', "", body)  # of files that hold the base
            body = re.sub(r'datetime="\d{4}-[^"]*"', "", body.replace(current(site), "VERSION"))
            bodies.append("\n".join(sorted(body.replace(current(site)[:12], "VERSION").splitlines())))
    if not path.startswith("-/data"):
        assert bodies[0] == bodies[1]
    assert "https://data.example.org" not in bodies[1]


def test_the_mount_may_differ_from_the_base(sites: dict[str, Settings]) -> None:
    site = sites[BASES[1]].model_copy(update={"mount": "/behind/proxy/"})
    site.__dict__.pop("iris", None)
    with TestClient(create_app(Serving(site)), follow_redirects=False) as client:
        answer = client.get("/behind/proxy/id/org-iom", headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/behind/proxy/id/org-iom.ttl")
        assert f"<{BASES[1]}id/org-iom>" in client.get("/behind/proxy/id/org-iom.nt").text
        assert client.get("/id/org-iom").status_code == 404
