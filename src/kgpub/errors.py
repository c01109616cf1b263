"""Every refusal of kgpub in one tree; each class knows its HTTP status and its exit code.

Exit codes: 0 done, 1 the data does not conform or lacks what was published (``diff``: there are differences),
2 the command line or the settings are wrong, 3 the sources cannot be read, 4 the engine or the snapshot fails,
5 a question cannot be answered.
"""

from typing import ClassVar


class KgpubError(Exception):
    """A refusal that can be shown to a person as it is.

    ``status`` is the HTTP status (RFC 9110 section 15), ``exit_code`` what a shell sees, ``kind`` the last
    part of the problem type (RFC 9457 section 3.1.1) and the key of the text in the reader's language.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 4
    kind: ClassVar[str] = "internal-error"
    retry_after: ClassVar[int | None] = None
    """Seconds after which asking again makes sense (RFC 9110 section 10.2.3), where it does."""

    def __init__(self, detail: str) -> None:
        """Take the exact reason, with the thing and the value it is about."""
        super().__init__(detail)
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        """As it is sent to another process (``pickle``): as it is, and not made anew of what it was made of."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[KgpubError], args: tuple[object, ...], attributes: dict[str, object]) -> KgpubError:
    """The error that was sent."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class SettingsError(KgpubError):
    """The settings cannot be used: ``kgpub.toml`` is missing, broken, or a value is out of range."""

    exit_code = 2
    kind = "settings"


class SourceError(KgpubError):
    """A file of the site cannot be read or parsed; the detail begins with ``path:line``."""

    exit_code = 3
    kind = "source"

    def __init__(self, path: str, detail: str, line: int | None = None) -> None:
        """Name the file, the line where there is one (from 1), and the reason."""
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {detail}")
        self.path = path
        self.line = line


class ShapesViolated(KgpubError):
    """The data does not keep to its shapes, so no snapshot is made of it."""

    exit_code = 1
    kind = "shapes-violated"


class EntitiesRemoved(KgpubError):
    """The data no longer has things that were published, and nothing in it says why; no snapshot is made of it."""

    exit_code = 1
    kind = "entities-removed"

    def __init__(self, detail: str, departures: object = None) -> None:
        """Say how many there are; ``departures`` (``kgpub.making.succession``) names them."""
        super().__init__(detail)
        self.departures = departures


class PortInUse(KgpubError):
    """The address to listen on is taken or not ours."""

    exit_code = 2
    kind = "port-in-use"


class NoSnapshot(KgpubError):
    """There is no such snapshot to serve or to go back to."""

    status = 503
    exit_code = 4
    kind = "no-snapshot"
    retry_after = 5


class SnapshotBroken(KgpubError):
    """A snapshot's files are not what its manifest says."""

    status = 503
    kind = "snapshot-broken"
    retry_after = 5


class EngineDown(KgpubError):
    """The engine that answers SPARQL fails; never an empty answer, never "not found"."""

    status = 503
    kind = "engine-down"
    retry_after = 5


class UpstreamFailed(EngineDown):
    """The endpoint behind this site cannot be reached, or answers what cannot be believed (RFC 9110 section 15.6.3)."""

    status = 502
    kind = "upstream-failed"
    retry_after = 30


class UpstreamCapped(UpstreamFailed):
    """The endpoint gave only the first so many rows of an answer, and said so."""

    def __init__(self, detail: str, cap: int = 0) -> None:
        """Say how many it gives; 0 where it does not say."""
        super().__init__(detail)
        self.cap = cap


class UpstreamTimeout(EngineDown):
    """The endpoint behind this site did not answer in time (RFC 9110 section 15.6.5)."""

    status = 504
    kind = "upstream-timeout"
    retry_after = 30


class OlderSnapshot(SnapshotBroken):
    """A snapshot was built before the one in service where it is to go; it goes there only if somebody insists."""


class StoreDown(EngineDown):
    """The place that snapshots are copied to or from cannot be reached, read or written."""


class NotThere(StoreDown):
    """That place does not have a file that it should have."""


class NoSuchEntity(KgpubError):
    """The snapshot says nothing about this IRI."""

    status = 404
    exit_code = 5
    kind = "not-found"

    def __init__(self, iri: str) -> None:
        """Name the IRI that was asked for."""
        super().__init__(f"Nothing is said about <{iri}> here.")
        self.iri = iri


class NoSuchPage(KgpubError):
    """There is no page at this address."""

    status = 404
    exit_code = 5
    kind = "not-found"


class BadIri(KgpubError):
    """The text is no IRI (RFC 3987 section 2.2)."""

    status = 400
    exit_code = 5
    kind = "bad-iri"


class BadRequest(KgpubError):
    """The request says something that has no meaning here."""

    status = 400
    exit_code = 5
    kind = "bad-request"


class NoSuchProfile(BadRequest):
    """The address asks for a profile that is none of ours (W3C Content Negotiation by Profile, section 7.2)."""

    kind = "no-such-profile"

    def __init__(self, detail: str, offered: tuple[str, ...] = ()) -> None:
        """Name the profile, and list the tokens of those that can be had."""
        super().__init__(detail)
        self.offered = offered


class BadQuery(KgpubError):
    """The SPARQL text cannot be read; ``line`` and ``column`` (from 1) say where, if known."""

    status = 400
    exit_code = 5
    kind = "bad-query"

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        """Say what was expected, and where."""
        super().__init__(detail)
        self.line = line
        self.column = column


class QueryRefused(KgpubError):
    """The query is well formed but asks for what this endpoint never does (SERVICE, updates)."""

    status = 400
    exit_code = 5
    kind = "query-refused"


class MethodNotAllowed(KgpubError):
    """The address does not know this method (RFC 9110 section 15.5.6)."""

    status = 405
    kind = "method-not-allowed"


class UnsupportedMediaType(KgpubError):
    """The request's body is of a type that means nothing here (RFC 9110 section 15.5.16)."""

    status = 415
    kind = "unsupported-media-type"


class TooLong(KgpubError):
    """The request is longer than the stated limit (RFC 9110 section 15.5.14)."""

    status = 413
    kind = "too-long"


class AddressTooLong(TooLong):
    """The same, where the long text stands in the address (RFC 9110 section 15.5.15)."""

    status = 414


class LimitReached(KgpubError):
    """The answer is larger than one answer may be; nothing of it is sent as if it were whole."""

    status = 400
    exit_code = 5
    kind = "limit-reached"


class QueryTimeout(KgpubError):
    """The query did not end within its time; nothing of its answer was sent."""

    status = 503
    kind = "timeout"


class QueryTooHeavy(KgpubError):
    """The query took more memory than one may, or ended the process that answered it; it is not tried again."""

    status = 400
    exit_code = 5
    kind = "too-heavy"


class Busy(KgpubError):
    """As many queries as may wait are waiting already, or this one waited too long."""

    status = 503
    kind = "busy"
    retry_after = 5


class TooManyRequests(KgpubError):
    """One client has as many queries under way as one may have (RFC 6585 section 4)."""

    status = 429
    kind = "too-many-requests"
    retry_after = 5


class ClientGone(KgpubError):
    """Who asked has gone away; nobody sees this but the log."""

    status = 503
    kind = "abandoned"


class Unauthorized(KgpubError):
    """The API key that was sent is none of ours (RFC 9110 section 15.5.2)."""

    status = 401
    kind = "unauthorized"


class NotAcceptable(KgpubError):
    """None of the formats we have is acceptable to the client (RFC 9110 section 15.5.7)."""

    status = 406
    exit_code = 5
    kind = "not-acceptable"

    def __init__(self, detail: str, offered: tuple[str, ...] = ()) -> None:
        """Say why, and list the media types that can be had."""
        super().__init__(detail)
        self.offered = offered


class Gone(KgpubError):
    """It was here and is no longer kept (RFC 9110 section 15.5.11)."""

    status = 410
    exit_code = 5
    kind = "gone"
