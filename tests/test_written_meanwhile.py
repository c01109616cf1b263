"""Who writes to a file while it is built from: what was validated, loaded and named is the same, or nothing is published."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kgpub.errors import SourceError
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import load

ONE = "<https://d.example/a> <https://d.example/p> 1 ."
TWO = ONE.replace("1", "2")


def _written(path: Path) -> None:
    path.write_text(TWO, "utf-8")


def _written_in_no_time(path: Path) -> None:
    before = path.stat()
    path.write_text(TWO, "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _written_and_back(path: Path) -> None:
    path.write_text(TWO, "utf-8")
    path.write_text(ONE, "utf-8")


def _replaced(path: Path) -> None:
    path.with_suffix(".new").write_text(TWO, "utf-8")
    path.with_suffix(".new").replace(path)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "kgpub.toml").write_text('title = "T"\nbase = "https://d.example/"\nlanguages = ["en"]\n', "utf-8")
    for name in ("data/a.ttl", "data/b.ttl", "queries/q.rq"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ONE if name.endswith("ttl") else "SELECT * { ?a ?b ?c }", "utf-8")
    return tmp_path


def made(site: Path, when: str = "", name: str = "", write: Callable[[Path], None] = _written) -> str:
    """Build; in one of its steps, somebody writes."""
    told = iter([when])

    def tell(step: str, _: int) -> None:
        if step == when and next(told, None):
            write(site / name)

    return build(load(site), lambda *_: Report(True), tell)


WRITING = (
    ("validate", _written),
    ("ontology", _written),
    ("data/a.ttl", _written_in_no_time),
    ("data/a.ttl", _written_and_back),
    ("data/b.ttl", _replaced),
)


@pytest.mark.parametrize(("when", "write"), WRITING)
def test_a_file_that_changes_is_not_published(site: Path, when: str, write: Callable[[Path], None]) -> None:
    with pytest.raises(SourceError, match=r"data/a\.ttl: was written to while"):
        made(site, when, "data/a.ttl", write)
    assert list((site / ".kgpub" / "snapshots").iterdir()) == []
    made(site)


def test_what_is_in_service_stays(site: Path) -> None:
    version = made(site)
    (site / "data" / "b.ttl").write_text(TWO, "utf-8")
    with pytest.raises(SourceError, match=r"data/a\.ttl: was written to"):
        made(site, "index", "data/a.ttl")  # which need not be read again
    assert (site / ".kgpub" / "current").read_text("utf-8") == version
    assert made(site) != version


def test_a_query_that_changes_is_not_published(site: Path) -> None:
    with pytest.raises(SourceError, match="queries: were written to"):
        made(site, "index", "queries/q.rq")
    made(site)


def test_a_file_that_goes_is_not_published(site: Path) -> None:
    with pytest.raises(SourceError, match=r"data/a\.ttl: cannot be read"):
        made(site, "index", "data/a.ttl", Path.unlink)
    made(site)


def test_other_files_may_come_meanwhile(site: Path) -> None:
    version = made(site, "validate", "data/c.ttl")
    assert made(site) != version
