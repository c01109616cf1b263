"""Every refusal has a status, an exit code and a kind, and can be shown as it is."""

import pytest

from kgpub import errors
from kgpub.errors import (
    BadQuery,
    KgpubError,
    NoSuchEntity,
    NotAcceptable,
    SourceError,
)


def _tree(top: type[KgpubError]) -> list[type[KgpubError]]:
    return [top, *(found for child in top.__subclasses__() for found in _tree(child))]


ALL = [one for one in _tree(KgpubError) if one.__module__ == errors.__name__]


@pytest.mark.parametrize("refusal", ALL, ids=lambda one: one.__name__)
def test_a_refusal_has_a_status_an_exit_code_a_kind_and_a_meaning(refusal: type[KgpubError]) -> None:
    assert 400 <= refusal.status <= 599
    assert 1 <= refusal.exit_code <= 5
    assert refusal.kind.replace("-", "").isalpha()
    assert refusal.kind.islower()
    assert refusal.__doc__


STATUSES = [
    pytest.param("NoSuchEntity", 404, 5, id="what nothing is said about is not found"),
    pytest.param("NoSuchPage", 404, 5, id="a page that is not there is not found"),
    pytest.param("BadIri", 400, 5, id="a text that is no IRI is the client's mistake"),
    pytest.param("BadQuery", 400, 5, id="SPARQL that cannot be read is the client's mistake"),
    pytest.param("QueryRefused", 400, 5, id="SERVICE is refused, not failed"),
    pytest.param("MethodNotAllowed", 405, 4, id="a method that an address does not know"),
    pytest.param("NotAcceptable", 406, 5, id="no acceptable format is 406"),
    pytest.param("Gone", 410, 5, id="a snapshot that is no longer kept is gone"),
    pytest.param("TooLong", 413, 4, id="a request above the limit is too long"),
    pytest.param("UnsupportedMediaType", 415, 4, id="a body of a strange type"),
    pytest.param("EngineDown", 503, 4, id="an outage is never not found"),
    pytest.param("NoSnapshot", 503, 4, id="without a snapshot there is no service"),
    pytest.param("SnapshotBroken", 503, 4, id="a broken snapshot is no service"),
    pytest.param("SettingsError", 500, 2, id="wrong settings end a command with 2"),
    pytest.param("PortInUse", 500, 2, id="a taken port ends a command with 2"),
    pytest.param("SourceError", 500, 3, id="an unreadable source ends a command with 3"),
    pytest.param("ShapesViolated", 500, 1, id="data that does not conform ends a command with 1"),
]


@pytest.mark.parametrize(("name", "status", "exit_code"), STATUSES)
def test_status_and_exit_code(name: str, status: int, exit_code: int) -> None:
    refusal: type[KgpubError] = getattr(errors, name)
    assert (refusal.status, refusal.exit_code) == (status, exit_code)


SHOWN = [
    pytest.param(SourceError("data/x.ttl", "Unexpected end", 12), "data/x.ttl:12: Unexpected end", id="file and line"),
    pytest.param(SourceError("data/x.ttl", "cannot be read"), "data/x.ttl: cannot be read", id="file without a line"),
    pytest.param(NoSuchEntity("https://e/x"), "Nothing is said about <https://e/x> here.", id="the IRI asked for"),
    pytest.param(NotAcceptable("No.", ("text/turtle",)), "No.", id="the reason alone"),
    pytest.param(BadQuery("Expected }", 3, 7), "Expected }", id="what was expected"),
]


@pytest.mark.parametrize(("refusal", "detail"), SHOWN)
def test_the_detail_names_the_thing(refusal: KgpubError, detail: str) -> None:
    assert (refusal.detail, str(refusal)) == (detail, detail)


def test_a_refusal_keeps_what_it_is_about() -> None:
    assert (SourceError("a", "b", 3).path, SourceError("a", "b", 3).line) == ("a", 3)
    assert (BadQuery("x", 3, 7).line, BadQuery("x", 3, 7).column) == (3, 7)
    assert NotAcceptable("x", ("text/turtle",)).offered == ("text/turtle",)
    assert NoSuchEntity("https://e/x").iri == "https://e/x"
