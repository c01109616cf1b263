"""``kgpub.toml``, the environment and flags as one frozen object; each setting with its help.

Order of precedence: flags, environment (``KGPUB_BASE``, ``KGPUB_SPARQL__TIMEOUT`` …), ``kgpub.toml``, default.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariable

from kgpub import overrides
from kgpub.errors import BadIri, SettingsError
from kgpub.iris import Iris, absolute, default_mount, is_prefix
from kgpub.model import Labels, Text, pick
from kgpub.settings.refusals import FLAGS, named
from kgpub.settings.tables import (
    DCTERMS,
    FOAF,
    LANGUAGE,
    OWL,
    RDFS,
    SDO,
    SH,
    SKOS,
    WITH_PATHS,
    Coverage,
    Dumps,
    Endpoint,
    GraphRule,
    Log,
    Pages,
    Reading,
    Remote,
    Server,
    Snapshots,
    Sparql,
    Vocabulary,
    Words,
)

FILE = "kgpub.toml"
SPOKEN = ("ka", "en")
"""The languages that the interface itself speaks; a site's ``locale/`` adds more."""

STANDARD_PREFIXES: Mapping[str, str] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "prov": "http://www.w3.org/ns/prov#",
    "schema": SDO,
    "sh": SH,
}
"""Prefixes that every site knows; ``[prefixes]`` adds to them and may override them."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MOUNT = re.compile(r"/(?!\.{1,2}/)(?:[A-Za-z0-9._~-]+/(?!\.{1,2}/))*")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_SECRETS = ("password", "token", "header")


class Settings(BaseSettings):
    """The settings of one site, from ``kgpub.toml``, the environment and flags."""

    model_config = SettingsConfigDict(
        env_prefix="KGPUB_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    folder: Path = Field(Path(), description="The site folder; given on the command line, not in the file.")
    title: Words = Field(description="The site's title, as text or per language.")
    base: str = Field(description="Canonical IRI prefix; relative IRIs in the site's files are resolved against it.")
    languages: tuple[str, ...] = Field(description="Languages of the site, the default one first.")
    content: tuple[str, ...] = Field(
        (),
        description="Languages of the data, in the order in which a text is shown where none is in a language of the "
        "site; those not named follow by how many names are in them.",
    )
    description: Words = Field("", description="What the site is about, as text or per language.")
    mount: str = Field("", description="Path under which the site is served; the path of the base unless given.")
    licence: str = Field("", description="IRI of the licence of the data.")
    publisher: Words = Field("", description="Who publishes, as text or per language.")
    publisher_url: str = Field("", description="The publisher's own site.")
    contact: str = Field("", description="Where to write to: mailto: or https: address.")
    report: str = Field(
        "",
        description="Where errors are reported: a mailto: or https: address, in which {iri}, {statement}, {snapshot} "
        "and {language} are filled in; without them they are added. The contact unless given.",
    )
    image: str = Field(
        "", description="Address of a picture that link previews show of pages about no thing; those have their own."
    )
    accent: str = Field("#0b6e6e", description="The colour of links and of the site's mark, as #rrggbb.")
    accent_dark: str = Field("", description="The same on a dark ground; made out of accent unless given.")
    logo: str = Field("", description="File in static/ shown in place of the mark: an SVG or a PNG.")
    footer: Words = Field("", description="A sentence at the foot of every page, as text or per language.")
    quotes_licence: Words = Field("", description="On what terms the quoted words are used, as text or per language.")
    engine: Endpoint = Field(
        "",
        description="Address of a SPARQL endpoint that holds the data, in place of the folders of data and ontology.",
    )
    data: tuple[str, ...] = Field(("data",), description="Folders or files of RDF data.")
    ontology: tuple[str, ...] = Field(("ontology",), description="Folders or files of ontologies.")
    shapes: tuple[str, ...] = Field(("shapes",), description="Folders or files of SHACL shapes.")
    prefixes: dict[str, str] = Field(default_factory=dict, description="Prefix to namespace; relative to the base.")
    featured: tuple[str, ...] = Field((), description="Classes shown first on the home page.")
    graphs: dict[str, GraphRule] = Field(
        default_factory=dict, description="Rules per file pattern or graph name: name, publish, default."
    )
    vocabulary: Vocabulary = Field(Vocabulary(), description="Which properties mean what.")
    coverage: Coverage = Field(Coverage(), description="What time and which places the data covers.")
    sparql: Sparql = Field(Sparql(), description="The SPARQL endpoint's limits.")
    server: Server = Field(Server(), description="The server.")
    log: Log = Field(Log(), description="The access log.")
    pages: Pages = Field(Pages(), description="The pages' sizes.")
    reading: Reading = Field(Reading(), description="How files are read.")
    remote: Remote = Field(Remote(), description="How the endpoint is asked.")
    snapshots: Snapshots = Field(Snapshots(), description="Where snapshots go.")
    dumps: Dumps = Field(Dumps(), description="Which files there are to take away.")
    check: dict[str, str] = Field(
        default_factory=dict, description="How grave a rule of `kgpub check` is: error, warning, note or off."
    )

    @field_validator("base")
    @classmethod
    def _base_is_absolute(cls, value: str) -> str:
        absolute(value)
        urlsplit(value)  # refuses hosts that no URL can have
        if re.search(r"[^:]//|/\.{1,2}/", value.removeprefix("https:").removeprefix("http:")[2:]):
            raise ValueError("must have no empty and no dot segments")
        if not re.match(r"https?://[^/?#]+/([^?#]*/)?$", value):
            raise ValueError("must be an http or https IRI that ends with a slash and has no query or hash")
        return value

    @field_validator("mount")
    @classmethod
    def _mount_is_a_path(cls, value: str) -> str:
        if value and not _MOUNT.fullmatch(value):
            raise ValueError("must be a path of ASCII letters and digits that begins and ends with a slash")
        return value

    @field_validator("languages")
    @classmethod
    def _languages_are_tags(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not value or not all(LANGUAGE.fullmatch(tag) for tag in value):
            raise ValueError('must be a list of language tags such as ["ka", "en"]')
        spoken = (*SPOKEN, *overrides.spoken(info.data.get("folder", Path())))
        unknown = [tag for tag in value if not {tag.lower(), tag.split("-")[0].lower()} & {*spoken}]
        if unknown:
            told = f"it speaks {', '.join(dict.fromkeys(spoken))}, and what the site's locale/ has a file for"
            raise ValueError(f"the interface does not speak {', '.join(unknown)}; {told}")
        return tuple(dict.fromkeys(tag.lower() for tag in value))

    @field_validator("content")
    @classmethod
    def _content_is_tags(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(LANGUAGE.fullmatch(tag) for tag in value):
            raise ValueError('must be a list of language tags such as ["de", "fr"]')
        return tuple(dict.fromkeys(tag.lower() for tag in value))

    @field_validator("licence")
    @classmethod
    def _licence_is_an_iri(cls, value: str) -> str:
        return absolute(value) if value else value

    @field_validator("publisher_url", "contact", "image")
    @classmethod
    def _address_can_be_followed(cls, value: str, info: ValidationInfo) -> str:
        schemes = r"https?:" if info.field_name != "contact" else r"https?:|mailto:"
        if value and not re.match(schemes, value):
            raise ValueError(f"must begin with {schemes.replace('?', '').replace(':|', ': or ')}")
        return absolute(value) if value else value

    @field_validator("report")
    @classmethod
    def _report_can_be_followed(cls, value: str) -> str:
        bare = re.sub(r"\{(iri|statement|snapshot|language)\}", "", value)
        if value and not re.match(r"https://[^/?#{}]+|mailto:[^?{}]+@", value):
            raise ValueError("must begin with https: or mailto:, with a host or an address that is no placeholder")
        if value:
            absolute(bare)
        return value

    @field_validator("data", "ontology", "shapes")
    @classmethod
    def _paths_stay_inside(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            if not entry or Path(entry).is_absolute() or ".." in Path(entry).parts:
                raise ValueError(f"“{entry}” must be a path inside the site folder")
        return value

    @field_validator("prefixes")
    @classmethod
    def _prefixes_can_be_written(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        for name, namespace in value.items():
            if not is_prefix(name):
                raise ValueError(f"“{name}” cannot be a prefix: it begins with a letter, has no spaces and no “xml”")
            absolute(namespace if _SCHEME.match(namespace) else info.data.get("base", "x:") + namespace)
        return value

    @field_validator("accent", "accent_dark")
    @classmethod
    def _accent_is_a_colour(cls, value: str, info: ValidationInfo) -> str:
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value) and (value or info.field_name == "accent"):
            raise ValueError("must be a colour such as #0b6e6e")
        return value

    @field_validator("logo")
    @classmethod
    def _logo_is_an_image(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.(svg|png)", value):
            raise ValueError("must be the name of an .svg or .png file in the site's static/")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let flags win over the environment, and that over the values read from the file."""
        assert isinstance(init_settings, InitSettingsSource)
        flags = init_settings.init_kwargs.pop(FLAGS, {})
        return InitSettingsSource(settings_cls, flags), env_settings, init_settings

    @cached_property
    def iris(self) -> Iris:
        """The site's addresses."""
        return Iris(self.base, self.mount or default_mount(self.base), self.languages, self.all_prefixes)

    @cached_property
    def all_prefixes(self) -> Mapping[str, str]:
        """The standard prefixes and the site's, with absolute namespaces."""
        return {**STANDARD_PREFIXES, **{name: self.absolute(iri) for name, iri in self.prefixes.items()}}

    @cached_property
    def overrides(self) -> overrides.Overrides:
        """The site's own templates, static files and words; raises ``SettingsError``."""
        return overrides.read(self.folder)

    @cached_property
    def alike(self) -> dict[tuple[str, ...], Any]:  # Any: whoever makes something names and knows it
        """What pages of this site have in common in a language, made once by whoever needs it: a bounded number."""
        return {}

    @property
    def reports_to(self) -> str:
        """Where errors are reported: the address that the settings name for it, or else the contact."""
        return self.report or self.contact

    @property
    def snapshots_folder(self) -> Path:
        """The folder that holds the snapshots."""
        return self.folder / self.snapshots.folder

    def absolute(self, iri: str) -> str:
        """An IRI of the settings, resolved against the base when it has no scheme."""
        return iri if _SCHEME.match(iri) else self.base + iri

    def properties(self, names: Iterable[str]) -> tuple[str, ...]:
        """Properties named in ``[vocabulary]`` as IRIs (CURIEs and relative ones resolved); of a path, the first."""
        return self.iris.settled(tuple(names))

    def paths(self, names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Properties named in ``[vocabulary]`` as IRIs, and paths as the two properties that lead to a text."""
        return tuple(self.iris.steps(name) for name in names)

    def rule(self, path: str, graph: str) -> GraphRule:
        """What holds for a file and its graph: the rules whose pattern matches either, later ones winning."""
        merged: dict[str, Any] = {}  # Any: the three fields have three types
        relative = graph.removeprefix(self.base)
        for pattern, rule in self.graphs.items():
            if any(fnmatchcase(name, pattern) for name in (path, graph, relative)):
                merged |= rule.model_dump(exclude_unset=True)
        return GraphRule(**merged)

    def words(self, value: Words, languages: tuple[str, ...]) -> Text:
        """A text of the settings in the first of these languages that it has."""
        labels: Labels = {"": value} if isinstance(value, str) else value
        return pick(labels, languages) or Text("")


def load(folder: Path, flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings of a site folder; ``flags`` win over everything.

    Raises ``SettingsError`` with file, and line or key where there is one.
    """
    path = folder / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file; a site folder has one. Try: kgpub new FOLDER") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = (place and place[1]) or len(text.splitlines())
        raise SettingsError(f"{path}:{line}: {_PLACE.sub('', str(error))}") from error
    return _checked(path, folder, table, dict(flags or {}))


def _checked(path: Path, folder: Path, table: dict[str, Any], flags: dict[str, Any]) -> Settings:
    """The settings out of a parsed file; the first value that will not do is named."""
    if "folder" in table:
        raise SettingsError(f"{path}: folder: is the command line's to say")
    secret = next((name for name in _SECRETS if name in (table.get("remote") or {})), None)
    if secret is not None:
        raise SettingsError(f"{path}: remote.{secret}: is no thing for a file; set KGPUB_REMOTE__{secret.upper()}")
    hidden = next((key for key in table if key.startswith("_")), None)
    if hidden is not None:
        raise SettingsError(f"{path}: {hidden}: there is no such setting")
    try:
        settings = Settings(**table | {FLAGS: {"folder": folder} | flags})
    except ValidationError as error:
        raise named(path, table, error) from error
    except UnreadableVariable as error:
        reason = str(error).replace("error parsing value", "the environment's value is no JSON")
        raise SettingsError(f"{path}: {reason}") from error
    _check_names(path, settings)
    if not _MOUNT.fullmatch(settings.iris.mount):
        reason = f"must be given, since the path of the base, {settings.iris.mount}, cannot be served as it is"
        raise SettingsError(f"{path}: mount: {reason}")
    if settings.logo and settings.logo not in settings.overrides.static:
        raise SettingsError(f"{path}: logo: there is no static/{settings.logo} in the site folder")
    return settings


def _check_names(path: Path, settings: Settings) -> None:
    """Refuse names of classes and properties that are no IRIs."""
    tables = {"featured": settings.featured, "pages.noindex": settings.pages.noindex}
    tables |= {f"vocabulary.{k}": v for k, v in settings.vocabulary}
    tables |= {f"coverage.{k}": v for k, v in settings.coverage}
    for key, names in tables.items():
        try:
            is_path = any(len(steps) > 1 for steps in settings.paths(names))
        except BadIri as error:
            raise SettingsError(f"{path}: {key}: {error.detail}") from error
        if is_path and key not in WITH_PATHS:
            raise SettingsError(f"{path}: {key}: only names can be at the end of a path")
