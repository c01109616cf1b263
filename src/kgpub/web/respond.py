"""From bytes to a response: validators, variants, links, caching rules; and which language a reader gets."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from starlette.requests import Request
from starlette.responses import Response

from kgpub.describe import Asked, exists
from kgpub.engine.ground import Ground, ground
from kgpub.errors import BadRequest, Gone
from kgpub.formats import Format, weight
from kgpub.kept.recent import Recent
from kgpub.model import pick
from kgpub.nearby.sight import Links, Looking, remembering
from kgpub.represent.html import Memory
from kgpub.settings import Settings
from kgpub.snapshot import Snapshot, is_readable

PUBLIC = "public, max-age=300"
"""For addresses that fix format and language; validators tell when they changed."""
PRIVATE = "private, max-age=60"
"""For negotiated answers, which depend on who asks (RFC 9111 section 5.2.2.7)."""

HEAD = "kgpub.head"
"""The key in a scope that says that only the head of an answer is wanted."""

_LONGEST = 500
_MOST_TOLD = 1_000_000
"""Bytes of what is remembered of things without a name."""
_MOST_SIGNPOSTS = 200_000
"""Bytes of what is remembered of headers."""
_WHOLE, _SAME, _OTHER = 200, 304, 412


@dataclass(frozen=True)
class Served:
    """What the application serves at this moment; replaced whole when a snapshot is switched."""

    site: Settings
    snapshot: Snapshot

    @cached_property
    def ground(self) -> Ground:
        """What visitors' queries are evaluated on."""
        return ground(self.site)

    @cached_property
    def unlisted(self) -> frozenset[str]:
        """The classes whose members search engines are asked to leave alone, those below the named ones included."""
        named = self.site.properties(self.site.pages.noindex)
        return self.snapshot.index.subclasses(named) if named else frozenset()

    @cached_property
    def seen(self) -> Recent[tuple[str, ...], Links]:
        """What was seen of things in this snapshot lately."""
        return remembering()

    @cached_property
    def looking(self) -> dict[str, Looking]:
        """What is looked for around things, by the reader's language."""
        return {}

    @cached_property
    def told(self) -> Recent[str, bool]:
        """Of which things without a name something is said in this snapshot, as far as it was asked lately."""
        return Recent(_MOST_TOLD, lambda _: 200)

    @cached_property
    def asked(self) -> dict[tuple[str, int | None], Asked]:
        """What descriptions are asked for, by language and number of parts: there are few."""
        return {}

    @cached_property
    def stated(self) -> Mapping[str, int]:
        """How many statements each named graph holds."""
        return {graph.iri: graph.count for graph in reversed(self.snapshot.statistics.graphs)}

    @cached_property
    def signposts(self) -> Recent[tuple[str, ...], str]:
        """What headers of pages have in common that are about things of the same kinds."""
        return Recent(_MOST_SIGNPOSTS, lambda text: 400 + len(text))

    def exists(self, iri: str) -> bool:
        """Whether the snapshot says anything of an IRI, remembered for a while; an endpoint may be asked anew."""
        if self.site.engine:
            return exists(self.snapshot.engine, iri)
        return self._known.once(iri, lambda: exists(self.snapshot.engine, iri))

    @cached_property
    def _known(self) -> Recent[str, bool]:
        return Recent(_MOST_TOLD, lambda _: 400)

    @cached_property
    def memory(self) -> Memory:
        """What pages of entities have in common."""
        return Memory()

    @cached_property
    def _present(self) -> tuple[str, str]:
        return self.snapshot.version, str(self.snapshot.folder / "store")

    def store(self, version: str | None) -> tuple[str, str]:
        """A version, given whole or by its beginning, and the folder of its store; the present one for None.

        Raises ``Gone`` for a version that is not kept, cannot be read, or is an endpoint's past; ``BadRequest`` where
        several begin so.
        """
        present = self.snapshot
        if version is None or version == present.version:
            return self._present
        if self.site.engine:
            raise Gone("The data of this site is asked of an endpoint, which knows its present state only.")
        kept = sorted(path.parent for path in present.folder.parent.glob(f"{version}*/manifest.json"))
        if not kept:
            raise Gone(f"The snapshot {version} is no longer kept.")
        if len(kept) > 1:
            raise BadRequest(f"Several snapshots begin with {version}.")
        if not is_readable(kept[0]):
            raise Gone(f"The snapshot {kept[0].name} was made by another version of kgpub and cannot be asked.")
        return kept[0].name, str(kept[0] / "store")


def served(request: Request) -> Served:
    """What the request is answered from, the same from its first byte to its last."""
    found: Served = request.app.state.serving.now
    return found


def respond(body: bytes, format: Format, *, cache: str = PUBLIC, headers: Mapping[str, str] | None = None) -> Response:
    """A complete 200 answer with a strong validator: the hash of the body (RFC 9110 section 8.8.3)."""
    fields = {"ETag": etag(body), "Cache-Control": cache, **(headers or {})}
    return Response(body, media_type=None, headers={"Content-Type": format.content_type, **fields})


def precondition(meant: str | None, known: str | None, tag: str) -> int:
    """The status that ``If-Match`` and ``If-None-Match`` make of an answer with an entity tag: 412, 304, or 200.

    They are judged in the order of RFC 9110 section 13.2.2, by strong and by weak comparison (section 8.8.3.2).
    """
    if meant is not None and {"*", tag}.isdisjoint(one.strip() for one in meant.split(",")):
        return _OTHER
    if known is not None and not {"*", tag}.isdisjoint(one.strip().removeprefix("W/") for one in known.split(",")):
        return _SAME
    return _WHOLE


def etag(body: bytes) -> str:
    """A strong entity tag out of a body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def redirect(location: str, vary: str = "Accept") -> Response:
    """303 See Other to a document about the thing asked for (RFC 9110 section 15.4.4)."""
    return Response(status_code=303, headers={"Location": location, "Cache-Control": PRIVATE, "Vary": vary})


def link(pairs: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """A ``Link`` header out of targets and their parameters (RFC 8288 section 3)."""
    return ", ".join(
        [
            f"<{target}>" + "".join([f'; {name}="{value}"' for name, value in parameters.items()])
            for target, parameters in pairs
        ]
    )


@dataclass(frozen=True)
class Reader:
    """The language an answer is in, and whether the address fixed it."""

    language: str
    fixed: bool


def reader(request: Request, site: Settings) -> Reader:
    """The language of an application page: ``?lang=`` where given, else what the browser asks for.

    Raises ``BadRequest`` for a language the site does not have.
    """
    wanted = request.query_params.get("lang")
    if wanted is None:
        return Reader(choose_language(request.headers.get("accept-language"), site.languages), fixed=False)
    if wanted not in site.languages:
        raise BadRequest(f"There is no language “{wanted}” here; there are: {', '.join(site.languages)}.")
    return Reader(wanted, fixed=True)


def choose_language(accept: str | None, offered: tuple[str, ...]) -> str:
    """The site's language that a reader likes best (RFC 9110 section 12.5.4, RFC 4647 section 3.4); else the first."""
    return _choose_language((accept or "")[:_LONGEST], offered)


@lru_cache(maxsize=1024)
def _choose_language(accept: str, offered: tuple[str, ...]) -> str:
    """The choice itself, remembered; languages at weight 0 are chosen only when there is no other."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        tag, _, parameters = part.strip().partition(";")
        if tag.strip():
            weights.setdefault(tag.strip().lower(), weight(parameters))
    refused = {tag for tag, weight in weights.items() if weight == 0}
    rest = tuple(tag for tag in offered if tag not in refused) or offered
    for tag in sorted((tag for tag in weights if tag not in refused), key=lambda tag: -weights[tag]):
        if tag == "*":
            return next((one for one in rest if one not in weights), rest[0])
        found = pick({"": "", **{one: one for one in rest}}, (tag,))
        if found and found.value:
            return found.value
    return rest[0]


def page_number(request: Request) -> int:
    """The page asked for with ``?page=``, from 1; raises ``BadRequest`` when it is no such number."""
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= len(text) <= len("100000000") or int(text) < 1:
        raise BadRequest(f"“{text}” is no page number.")
    return int(text)
