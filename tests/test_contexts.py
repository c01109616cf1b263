"""Contexts of JSON-LD that files name by address: at hand or refused by name, and never fetched."""

import json
import socket
from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path

import pytest

from kgpub.errors import SourceError
from kgpub.making.naming import version_of
from kgpub.reading import contexts
from kgpub.reading.contexts import Contexts, NoContext, Shelf
from kgpub.settings import load
from kgpub.source import SourceFile, files, notes

MakeSite = Callable[..., Path]
HEAD = 'title = "T"\nbase = "https://kg.example/"\nlanguages = ["en"]\n'
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
AS = "https://www.w3.org/ns/activitystreams#"
SEC = "https://w3id.org/security#"
VC = "https://www.w3.org/2018/credentials#"
SCHEMA = "http://schema.org/"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
WHEN = "2020-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was to be opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def _source(make_site: MakeSite, folder: Path, text: str, toml: str = HEAD, **more: str) -> SourceFile:
    folder.mkdir(exist_ok=True)
    texts = {"data/x.jsonld": text} | {f"contexts/{name}.json": one for name, one in more.items()}
    (found,) = files(load(make_site(folder, texts, toml)))
    return found


def _triples(source: SourceFile) -> set[str]:
    assert notes([source]) == ()
    return {str(quad.triple) for quad in source.quads()}


DOCUMENTS = [
    # address, document without its context, what it says
    ("https://www.w3.org/ns/activitystreams", {"id": "urn:a", "type": "Note", "published": WHEN},
     {f"<urn:a> {TYPE} <{AS}Note>", f'<urn:a> <{AS}published> "{WHEN}"^^<{DATE}>'}),
    ("https://www.w3.org/ns/cid/v1", {"id": "urn:a", "controller": "urn:b"}, {f"<urn:a> <{SEC}controller> <urn:b>"}),
    ("https://www.w3.org/2018/credentials/v1", {"id": "urn:a", "type": "VerifiableCredential", "issuer": "urn:b", "issuanceDate": WHEN},
     {f"<urn:a> {TYPE} <{VC}VerifiableCredential>", f"<urn:a> <{VC}issuer> <urn:b>", f'<urn:a> <{VC}issuanceDate> "{WHEN}"^^<{DATE}>'}),
    ("https://www.w3.org/ns/credentials/v2", {"id": "urn:a", "type": "VerifiableCredential", "credentialSubject": {"id": "urn:b"}, "validFrom": WHEN},
     {f"<urn:a> {TYPE} <{VC}VerifiableCredential>", f"<urn:a> <{VC}credentialSubject> <urn:b>", f'<urn:a> <{VC}validFrom> "{WHEN}"^^<{DATE}>'}),
    ("https://w3id.org/security/data-integrity/v1", {"id": "urn:a", "type": "DataIntegrityProof"}, {f"<urn:a> {TYPE} <{SEC}DataIntegrityProof>"}),
    ("https://w3id.org/security/data-integrity/v2", {"id": "urn:a", "type": "DataIntegrityProof"}, {f"<urn:a> {TYPE} <{SEC}DataIntegrityProof>"}),
    ("https://www.w3.org/ns/did/v1", {"id": "did:e:1", "controller": "did:e:2", "authentication": ["did:e:1#k"]},
     {f"<did:e:1> <{SEC}controller> <did:e:2>", f"<did:e:1> <{SEC}authenticationMethod> <did:e:1#k>"}),
    ("https://w3id.org/security/suites/ed25519-2020/v1", {"id": "urn:a", "type": "Ed25519VerificationKey2020", "controller": "urn:b"},
     {f"<urn:a> {TYPE} <{SEC}Ed25519VerificationKey2020>", f"<urn:a> <{SEC}controller> <urn:b>"}),
    ("https://w3id.org/security/multikey/v1", {"id": "urn:a", "type": "Multikey", "controller": "urn:b"},
     {f"<urn:a> {TYPE} <{SEC}Multikey>", f"<urn:a> <{SEC}controller> <urn:b>"}),
    ("https://w3id.org/ro/crate/1.1/context", {"@graph": [{"@id": "d/", "@type": "Dataset", "hasPart": {"@id": "f"}}]},
     {f"<https://kg.example/d/> {TYPE} <{SCHEMA}Dataset>", f"<https://kg.example/d/> <{SCHEMA}hasPart> <https://kg.example/f>"}),
    ("https://w3id.org/ro/crate/1.3/context", {"@graph": [{"@id": "d/", "@type": "File", "name": "x"}]},
     {f"<https://kg.example/d/> {TYPE} <{SCHEMA}MediaObject>", f'<https://kg.example/d/> <{SCHEMA}name> "x"'}),
    ("https://schema.org", {"@id": "urn:a", "@type": "Person", "url": "https://e.example/", "birthDate": "1900-01-01"},
     {f"<urn:a> {TYPE} <{SCHEMA}Person>", f"<urn:a> <{SCHEMA}url> <https://e.example/>", f'<urn:a> <{SCHEMA}birthDate> "1900-01-01"^^<{SCHEMA}Date>'}),
    ("https://w3id.org/security/v1", {"id": "urn:a", "type": "CryptographicKey", "owner": "urn:b"}, {f"<urn:a> {TYPE} <{SEC}Key>", f"<urn:a> <{SEC}owner> <urn:b>"}),
    ("https://w3id.org/security/v2", {"id": "urn:a", "type": "CryptographicKey", "owner": "urn:b", "assertionMethod": "urn:c"},
     {f"<urn:a> {TYPE} <{SEC}Key>", f"<urn:a> <{SEC}owner> <urn:b>", f"<urn:a> <{SEC}assertionMethod> <urn:c>"}),
]  # fmt: skip


@pytest.mark.parametrize("shape", ["alone", "a list of one", "with another"])
@pytest.mark.parametrize(("address", "document", "wanted"), DOCUMENTS, ids=[row[0] for row in DOCUMENTS])
def test_a_well_known_context_is_at_hand(
    make_site: MakeSite, tmp_path: Path, address: str, document: dict[str, object], wanted: set[str], shape: str
) -> None:
    context = {"alone": address, "a list of one": [address], "with another": [{"e": "urn:e"}, address]}[shape]
    text = json.dumps({"@context": context} | document, indent=1)
    assert _triples(_source(make_site, tmp_path, text)) == wanted


def test_the_table_has_every_context_that_is_bundled() -> None:
    index = json.loads((resources(contexts) / "index.json").read_text("utf-8"))
    kept = {path.name for path in resources(contexts).iterdir() if path.name.endswith(".jsonld")}
    assert set(index) == kept
    assert {addresses[0] for addresses in index.values()} == {row[0] for row in DOCUMENTS}


def test_the_licences_name_every_context_that_is_bundled() -> None:
    text = (resources(contexts) / "licences.txt").read_text("utf-8")
    index = json.loads((resources(contexts) / "index.json").read_text("utf-8"))
    assert [name for name in index if name.removesuffix(".jsonld") not in text] == []


@pytest.mark.parametrize(
    "address",
    [
        *(f"{scheme}://{host}schema.org{end}" for scheme in ("http", "https") for host in ("", "www.") for end in ("", "/", "#", "/#")),
        "http://schema.org/docs/jsonldcontext.json", "https://schema.org/docs/jsonldcontext.jsonld", "HTTPS://schema.org",
    ],
)  # fmt: skip
def test_one_context_has_many_spellings(make_site: MakeSite, tmp_path: Path, address: str) -> None:
    text = json.dumps({"@context": address, "@id": "urn:a", "name": "x"})
    assert _triples(_source(make_site, tmp_path, text)) == {f'<urn:a> <{SCHEMA}name> "x"'}


OWN = HEAD + '[reading.contexts]\n"https://e.example/c" = "contexts/own.json"\n'
PLACES = [
    pytest.param('{"@context": "https://e.example/c", "@id": "urn:a", "p": 1}', id="alone"),
    pytest.param('{"@context": ["https://e.example/c/"], "@id": "urn:a", "p": 1}', id="with a slash"),
    pytest.param('{"@context":\n[\n{"q": "e:q"}\n,\n"https://e.example/c"], "@id": "urn:a", "p": 1}', id="over lines"),
    pytest.param('{"@context": {"t": {"@id": "e:t", "@context": "https://e.example/c"}}, "@id": "urn:t", "t": {"@id": "urn:a", "p": 1}}', id="inside one"),
    pytest.param('{"@context": [{"t": {"@id": "e:t", "@context": ["https://e.example/c"]}}], "@id": "urn:t", "t": {"@id": "urn:a", "p": 1}}', id="inside one of several"),
    pytest.param('[{"@context": null, "@id": "urn:x"}, {"@context": "https://e.example/c", "@id": "urn:a", "p": 1}]', id="after none"),
    pytest.param('{"@id": "urn:x", "e:x": ["@context", {"@context": ["https://e.example/c"], "@id": "urn:a", "p": 1}]}', id="after a text that is called so"),
]  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_a_site_has_contexts_of_its_own(make_site: MakeSite, tmp_path: Path, text: str) -> None:
    found = _triples(_source(make_site, tmp_path, text, OWN, own='{"@context": {"p": "e:own"}}'))
    assert '<urn:a> <e:own> "1"^^<http://www.w3.org/2001/XMLSchema#integer>' in found


def test_a_sites_own_goes_before_the_bundled_one_and_may_name_others(make_site: MakeSite, tmp_path: Path) -> None:
    toml = HEAD + '[reading.contexts]\n"http://schema.org/" = "contexts/own.json"\n'
    own = '{"@context": [{"name": "e:own"}, "https://www.w3.org/ns/activitystreams"]}'
    text = '{"@context": "https://schema.org", "id": "urn:a", "name": "x"}'
    assert _triples(_source(make_site, tmp_path, text, toml, own=own)) == {f'<urn:a> <{AS}name> "x"'}


def test_what_a_sites_context_says_is_part_of_the_version(make_site: MakeSite, tmp_path: Path) -> None:
    versions = set()
    text = '{"@context": "https://e.example/c", "@id": "urn:a", "p": 1}'
    for folder, own in (("a", "e:p"), ("b", "e:q")):
        source = _source(make_site, tmp_path / folder, text, OWN, own=f'{{"@context": {{"p": "{own}"}}}}')
        versions.add(version_of([source], source.site))
    assert len(versions) == 2


REFUSED = [
    pytest.param('{"@id": "x",\n"@context": "https://e.example/d"}', "{}", 2, "<https://e.example/d> is no part", id="unknown"),
    pytest.param('{"@context": "https://e.example/c"}', "{", 1, "cannot be read from", id="no JSON"),
    pytest.param('{"@context": "https://e.example/c"}', "{}", 1, "cannot be read from", id="no context"),
    pytest.param('{"@context": "https://e.example/c"}', '{"@context": "https://e.example/c"}', 1, "too many others", id="a circle"),
    pytest.param('{"@context": "https://e.example/c"}', '{"@context": ["https://e.example/d"]}', 1, "<https://e.example/d> is no part", id="one that names an unknown one"),
    pytest.param('{"@id": "x",\n"\\u0040context": "https://schema.org"}', "{}", 2, "none is fetched", id="a name that is spelt otherwise"),
    pytest.param('{"@context": {"@import": "https://schema.org"}, "@id": "x"}', "{}", 1, "none is fetched", id="an import"),
    pytest.param('{"@context": ["file:///etc/hostname"], "@id": "x"}', "{}", 1, "<file:///etc/hostname> is no part", id="a file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "own", "line", "reason"), REFUSED)
def test_what_is_not_at_hand_is_refused_by_name_and_never_fetched(
    make_site: MakeSite, tmp_path: Path, text: str, own: str, line: int, reason: str
) -> None:
    (note,) = notes([_source(make_site, tmp_path, text, OWN, own=own)])
    assert (note.what, note.line) == ("skipped", line)
    assert reason in note.text
    with pytest.raises(SourceError, match=rf"^data/x\.jsonld:{line}: "):
        notes([_source(make_site, tmp_path / "s", text, OWN + "[reading]\nstrict = true\n", own=own)])


def test_names_of_contexts_do_not_become_more_than_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "MOST", 300_000)
    line = b'{"@context": "https://schema.org"}\n'
    lines = iter([line] * 3)

    class _Lines:
        def readline(self, _: int, /) -> bytes:
            return next(lines)

    reading = Contexts(_Lines(), Shelf({}))
    assert [len(reading.readline(-1)) > 100_000 for _ in range(2)] == [True, True]
    with pytest.raises(NoContext, match="name one once"):
        reading.readline(-1)
