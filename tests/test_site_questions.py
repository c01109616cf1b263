"""The site's own questions: what is unfit is refused with its place, and nothing elsewhere is ever asked."""

import pickle
import socket
from pathlib import Path

import pytest

from conftest import write_site
from kgpub.errors import KgpubError, SourceError
from kgpub.making import deriving, questions
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import load

DATA = {"data/a.ttl": "<id/a> a <ns/C> . <st/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <id/a> ."}
WHERE = "{ ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object }"
FOUR = "?statement ?subject ?predicate ?object"
UNFIT: dict[str, tuple[str | bytes, str]] = {
    "broken": (f"# a\nSELECT {FOUR} WHERE {{ ?statement", "queries/provenance.rq:2: "),
    "no SELECT": (f"CONSTRUCT {WHERE} WHERE {WHERE}", "queries/provenance.rq: is no SELECT query"),
    "too few": (f"SELECT ?statement ?object {WHERE}", "does not select ?subject, ?predicate"),
    "elsewhere": (f"SELECT {FOUR} {{ SERVICE <http://127.0.0.1:{{port}}/> {WHERE} }}", "SERVICE"),
    "a change": ("CLEAR ALL", "queries/provenance.rq"),
    "too deep": (f"SELECT {FOUR} {{ {'{' * 500}{'}' * 500} }}", "queries/provenance.rq"),
    "no text": (b"\xff", "queries/provenance.rq: cannot be read"),
}


@pytest.mark.parametrize(("name", "processes"), [*((name, 1) for name in UNFIT), ("broken", 2), ("elsewhere", 2)])
def test_what_is_unfit_is_refused(name: str, processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whichever process asks it; the port is one at which somebody listens, and nobody comes."""
    monkeypatch.setattr(deriving, "LEAST", 0)
    monkeypatch.setattr(deriving, "processors", lambda: processes)
    question, told = UNFIT[name]
    folder = write_site(tmp_path, DATA)
    (folder / "queries").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        text = (
            question
            if isinstance(question, bytes)
            else question.replace("{port}", str(listener.getsockname()[1])).encode()
        )
        (folder / "queries/provenance.rq").write_bytes(text)
        with pytest.raises(SourceError) as refused:
            build(load(folder), lambda *_: Report(True), lambda *_: None)
        assert told in refused.value.detail
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert sorted(path.name for path in (folder / ".kgpub").iterdir()) == ["snapshots"]
    assert not list((folder / ".kgpub/snapshots").iterdir())


def test_a_folder_that_is_called_like_a_question_is_none(tmp_path: Path) -> None:
    folder = write_site(tmp_path, DATA)
    for name in ("provenance.rq", "mine.rq"):
        (folder / "queries" / name).mkdir(parents=True)
    assert build(load(folder), lambda *_: Report(True), lambda *_: None)


@pytest.mark.parametrize("name", questions.NEEDED)
def test_the_questions_that_come_with_kgpub_and_this_sites_are_fit(name: str, tmp_path: Path) -> None:
    assert questions.text(name, load(write_site(tmp_path, DATA)))
    assert questions.text(name, load(Path(__file__).parents[1]))


def test_an_error_that_is_sent_elsewhere_arrives_as_it_is() -> None:
    kinds: list[type[KgpubError]] = [KgpubError, *KgpubError.__subclasses__()]
    for kind in kinds:
        error = SourceError("a.ttl", "is bad", 3) if kind is SourceError else kind("because")
        arrived = pickle.loads(pickle.dumps(error))
        assert (type(arrived), str(arrived), arrived.args, vars(arrived)) == (kind, str(error), error.args, vars(error))
