"""The wheel alone: built, installed where nothing else of the repository is, run from an empty folder and home."""

import re
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from running import running

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
QUERY = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
REFERENCES = re.compile(
    r"""(?:href|src)="([^"]+)"|url\(["']?([^"')]+)["']?\)|\b(?:from|import)\s*\(?["']([^"']+)["']|srcset="([^"\s]+)"""
)


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload] # passed through to run as they come
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and below it two wheels: of the working tree and of the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir")
    run(*build, folder, "--sdist", ROOT, cwd=folder)
    run(*build, folder / "tree", "--wheel", ROOT, cwd=folder)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    run(*build, folder / "sdist", "--wheel", unpacked, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(made: Path) -> Path:
    (found,) = (made / "tree").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel and what it asks for, nothing more."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=True)
    found = folder / "bin/python"
    pip = (found, "-m", "pip", "--disable-pip-version-check", "-q")
    reached = subprocess.run(
        [*pip, "download", "--no-deps", "-d", folder / "reached", "jinja2"], capture_output=True, text=True, check=False
    )
    if reached.returncode:
        pytest.skip(f"no package registry can be reached: {reached.stderr.strip().splitlines()[-1]}")
    run(*pip, "install", wheel)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def bare(home: Path) -> Mapping[str, str]:
    """An environment that says nothing but where the home is, and it is empty."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home)}


@pytest.fixture(scope="module")
def site(python: Path, bare: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new site, built by the commands of the wheel from a folder in which nothing else is."""
    folder = tmp_path_factory.mktemp("empty")
    kgpub = python.with_name("kgpub")
    run(kgpub, "new", "site", cwd=folder, env=bare)
    run(kgpub, "build", "site", cwd=folder, env=bare)
    return folder / "site"


@pytest.fixture(scope="module")
def server(python: Path, site: Path, home: Path) -> Iterator[str]:
    with running(site, python=python, HOME=str(home)) as address:
        yield address


def read(address: str, accept: str = "*/*") -> tuple[str, bytes]:
    """The media type and the body of an answer, which is 200 after redirects."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=30) as answer:
        assert answer.status == 200
        return answer.headers.get_content_type(), answer.read()


def test_the_sdist_builds_the_same_wheel(made: Path, wheel: Path) -> None:
    (other,) = (made / "sdist").glob("*.whl")
    assert contents(other) == contents(wheel)


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    package = ROOT / "src/kgpub"
    ours = {
        f"kgpub/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    found = {name: body for name, body in contents(wheel).items() if ".dist-info/" not in name}
    assert sorted(found) == sorted(ours)
    assert found == ours


@pytest.mark.parametrize(
    "name",
    [
        "kgpub/represent/templates/entity.html",
        "kgpub/represent/static/style.css",
        "kgpub/represent/static/editor.js",
        "kgpub/represent/static/firago-georgian-400.woff2",
        "kgpub/represent/messages/words.py",
        "kgpub/queries/provenance.rq",
        "kgpub/starter/kgpub.toml",
        "kgpub/starter/shapes/books.ttl",
        "kgpub/py.typed",
    ],
)
def test_what_is_no_code_is_in_it_too(wheel: Path, name: str) -> None:
    assert name in contents(wheel)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LICENSE", "Apache License"),
        ("THIRD-PARTY.md", "FiraGO"),
        ("src/kgpub/represent/static/fonts-licence.txt", "SIL OPEN FONT LICENSE"),
        ("src/kgpub/represent/static/editor-licences.txt", "MIT License"),
        ("src/kgpub/reading/contexts/licences.txt", "Attribution-ShareAlike 3.0"),
    ],
)
def test_the_licences_of_all_that_is_bundled_are_in_it(wheel: Path, name: str, words: str) -> None:
    (body,) = (body for path, body in contents(wheel).items() if path.endswith(f".dist-info/licenses/{name}"))
    assert words in body.decode()


def test_what_the_editor_is_bundled_from_is_all_under_the_one_licence_that_is_named() -> None:
    text = (ROOT / "src/kgpub/represent/static/editor-licences.txt").read_text("utf-8")
    licences = re.findall(r"^\S+ [0-9.]+ \((.*)\)$", text, re.MULTILINE)
    assert len(licences) > 5
    assert set(licences) == {"MIT"}


def test_its_metadata_names_the_licences_and_needs_nothing_of_the_tests(wheel: Path) -> None:
    (metadata,) = (body.decode() for path, body in contents(wheel).items() if path.endswith(".dist-info/METADATA"))
    assert (
        "\nLicense-Expression: Apache-2.0 AND BSD-3-Clause AND CC-BY-SA-3.0 AND CC0-1.0 AND MIT AND OFL-1.1 AND W3C-20150513\n"
        in metadata
    )
    needed = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", metadata, re.MULTILINE)
    assert needed and not {name.lower() for name in needed} & {"pytest", "hypothesis", "playwright", "trustme", "build"}


def test_what_is_installed_is_the_wheel_and_not_the_working_tree(
    python: Path, bare: Mapping[str, str], home: Path
) -> None:
    where = run(python, "-c", "import kgpub; print(kgpub.__file__)", cwd=home, env=bare).stdout
    assert Path(where.strip()).is_relative_to(python.parents[1])


@pytest.mark.parametrize(
    ("path", "accept", "kind", "words"),
    [
        ("?lang=ka", "text/html", "text/html", "მცირე ცოდნის გრაფი"),
        ("?lang=en", "text/html", "text/html", "A small knowledge graph"),
        ("id/panther.ka.html", "*/*", "text/html", "ვეფხისტყაოსანი"),
        ("id/panther.en.html", "*/*", "text/html", "The Knight in the Panther"),
        ("id/panther", "text/turtle", "text/turtle", "ვეფხისტყაოსანი"),
        ("search?q=rustaveli&lang=en", "text/html", "text/html", "/id/rustaveli"),
        ("-/queries?lang=ka", "text/html", "text/html", 'lang="ka"'),
        ("-/void.ttl", "*/*", "text/turtle", "void:triples"),
        ("-/openapi.json", "*/*", "application/vnd.oai.openapi+json", "openapi"),
        ("-/health", "*/*", "application/json", "ok"),
        (f"sparql?query={quote(QUERY)}", "text/csv", "text/csv", "n\r\n"),
        (f"sparql?query={quote(QUERY)}&lang=ka", "text/html", "text/html", 'lang="ka"'),
    ],
)
def test_it_answers(server: str, path: str, accept: str, kind: str, words: str) -> None:
    found, body = read(server + path, accept)
    assert found == kind
    assert words in body.decode()


def test_an_answer_is_whole(server: str) -> None:
    _, body = read(f"{server}sparql?query={quote(QUERY)}", "text/csv")
    assert int(body.split()[1]) > 20


def test_every_static_file_that_pages_and_files_link_is_there(server: str) -> None:
    pages = [server + path for path in ("?lang=ka", "id/panther.ka.html", "sparql?lang=en", "search?q=a&lang=en")]
    wanted, seen = [(address, "text/html") for address in pages], set[str]()
    while wanted:
        address, accept = wanted.pop()
        kind, body = read(address, accept)
        seen.add(address)
        if kind not in {"text/html", "text/css", "text/javascript"}:
            continue
        for match in REFERENCES.finditer(body.decode()):
            found = urljoin(address, next(filter(None, match.groups()))).partition("#")[0]
            if urlsplit(found).path.startswith("/-/static/") and found not in seen:
                assert found.startswith(server)
                wanted.append((found, "*/*"))
    kinds = {urlsplit(address).path.rpartition(".")[2] for address in seen - {*pages}}
    assert {"css", "js", "woff2", "svg"} <= kinds
    assert len(seen) > 20


def test_the_home_stays_empty(server: str, home: Path) -> None:
    read(server)
    assert list(home.iterdir()) == []
