"""One question to an endpoint over HTTP: in time, within bounds, tried again where that helps, never half believed."""

import random
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import RawIOBase
from threading import Event
from time import monotonic
from typing import Any, TypeVar

import httpx2

from kgpub.engine.pipe import let_go
from kgpub.engine.remote.breaker import Breaker
from kgpub.engine.remote.dialects import OTHER, Dialect
from kgpub.errors import BadQuery, EngineDown, UpstreamCapped, UpstreamFailed, UpstreamTimeout
from kgpub.formats import N_TRIPLES, RESULTS_JSON, Format, by_media_type

RESULTS, TRIPLES = RESULTS_JSON, N_TRIPLES
"""What an endpoint is asked for: the two formats that each of them has, and that can be read as they come."""
ATTEMPTS = 3
"""How often one question is asked at most."""
_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_CHUNK = 65_536
_TOLD = 200
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Statuses after which asking again may help; Virtuoso says 500 to much that will not, which costs two tries."""
_TIMEOUTS = frozenset((408, 504))
_FAULTS = 429
_LATE = re.compile(r"time[ds]?[ -]?out|TimeLimitExceeded|deadline exceeded", re.IGNORECASE)
"""How endpoints say that a query took too long, whatever status they give it (429, 500, 503)."""

T = TypeVar("T")


@dataclass(frozen=True)
class Access:
    """Where an endpoint is and as whom it is asked; ``fields`` may hold secrets and are never shown.

    ``timeout`` is in seconds, for one question with all its tries; ``max_bytes`` bounds one answer.
    """

    url: str
    fields: Mapping[str, str]
    timeout: float
    connections: int
    max_bytes: int
    auth: tuple[str, str] | None = None
    digest: bool = False

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Access({self.url!r})"


def opened(access: Access, verify: ssl.SSLContext | bool) -> httpx2.Client:
    """An HTTP client that goes where it is told and nowhere else, as whom it is told."""
    auth: httpx2.Auth | tuple[str, str] | None = access.auth
    if access.auth and access.digest:
        auth = httpx2.DigestAuth(*access.auth)
    return httpx2.Client(
        auth=auth,
        headers={"User-Agent": "kgpub", "Accept-Encoding": "identity", **access.fields},
        verify=verify,
        limits=httpx2.Limits(max_connections=access.connections, max_keepalive_connections=access.connections),
        timeout=access.timeout,
        trust_env=False,
        follow_redirects=False,
    )


class Client:
    """Asks an endpoint; keeps connections, and its own counsel while the endpoint is down. Safe from any thread."""

    def __init__(self, access: Access, dialect: Dialect = OTHER, verify: ssl.SSLContext | bool = True) -> None:
        """``verify`` is whose certificates are believed: the system's unless told otherwise."""
        self._access = access
        self.dialect = dialect
        self.breaker = Breaker()
        self.fields: Mapping[str, str] = {}
        """The fields of the last whole answer, names in lower case."""
        self._closed = Event()
        self._http = opened(access, verify)

    def ask(
        self,
        query: str,
        accept: Format,
        read: Callable[["Body"], T],
        *,
        timeout: float | None = None,
        graphs: Mapping[str, tuple[str, ...]] | None = None,
        attempts: int = ATTEMPTS,
    ) -> T:
        """What ``read`` makes of the answer to a query, asked as SPARQL 1.1 Protocol section 2.1.2 has it.

        ``read`` is called anew at each try and reads to the end. Raises ``UpstreamFailed`` or ``UpstreamTimeout`` with
        the cause, ``BadQuery`` where the endpoint cannot read the query.
        """
        deadline = monotonic() + min(timeout or self._access.timeout, self._access.timeout)
        form: dict[str, Any] = {"query": query, **(graphs or {})}  # Any: texts and lists of texts
        if self.dialect.timeout:
            name, units = self.dialect.timeout
            form[name] = str(max(1, int((deadline - monotonic()) * units)))
        for attempt in range(1, attempts + 1):
            self.breaker.enter()
            try:
                made = self._once(form, accept, read, deadline)
            except _Passing as error:
                self.breaker.failed(error.cause.detail)
                pause = error.pause(attempt)
                if attempt == attempts or monotonic() + pause >= deadline or self._closed.wait(pause):
                    raise error.cause from error.__cause__
            except (UpstreamFailed, UpstreamTimeout) as error:
                self._note(error)
                raise
            except BaseException:
                self.breaker.left()
                raise
            else:
                self.breaker.done()
                return made
        raise AssertionError  # the last attempt returned or raised

    def _note(self, error: EngineDown) -> None:
        """Tell the breaker of a failure; an endpoint that has a cap and says so is well."""
        if isinstance(error, UpstreamCapped):
            self.breaker.done()
        else:
            self.breaker.failed(error.detail)

    @property
    def timeout(self) -> float:
        """Seconds that a question may take."""
        return self._access.timeout

    def close(self) -> None:
        """Let go of the connections; who waits to try again gives up."""
        self._closed.set()
        self._http.close()

    def _once(self, form: Mapping[str, Any], accept: Format, read: Callable[["Body"], T], deadline: float) -> T:
        """One try; raises ``_Passing`` for what another may mend."""
        left = deadline - monotonic()
        if left <= 0:
            raise UpstreamTimeout(f"{self._place} did not answer within {self._access.timeout:g} s.")
        url, limits = self._access.url, httpx2.Timeout(left)
        try:
            with self._http.stream(
                "POST", url, data=form, headers={"Accept": accept.media_type}, timeout=limits
            ) as response:
                self._check(response, accept)
                pieces = response.iter_raw()  # as they come: a chunk that is waited for has no end
                if self.dialect.odd and accept is RESULTS:
                    pieces = _replaced(pieces, *self.dialect.odd)
                body = Body(pieces, self._place, self._access.max_bytes, deadline)
                made = read(body)
                body.drain()
                self.fields = response.headers
                return made
        except httpx2.TimeoutException as error:
            raise UpstreamTimeout(f"{self._place} did not answer within {self._access.timeout:g} s.") from error
        except (httpx2.HTTPError, httpx2.StreamError, ssl.SSLError, OSError) as error:
            raise _Passing(UpstreamFailed(f"{self._place}: {words(error)}"), 0.0) from error
        except SyntaxError as error:
            let_go(error)  # a result that was being read belongs to this thread
            told = f"{self._place} answered with what is no whole result: {error}"
            raise _Passing(UpstreamFailed(told), 0.0) from error
        except (RuntimeError, httpx2.InvalidURL) as error:
            raise UpstreamFailed(f"{self._place}: {error}") from error

    def _check(self, response: httpx2.Response, accept: Format) -> None:
        """Raise what a response's head says is wrong; only a whole result of the right type passes."""
        status = response.status_code
        if status != httpx2.codes.OK:
            self._refuse(response)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise UpstreamFailed(f"{self._place} answers with a coding that was not asked for.")
        kind = response.headers.get("content-type", "")
        if by_media_type(kind, (accept,)) is None:
            wanted = accept.media_type
            raise UpstreamFailed(f"{self._place} answers with {kind or 'no media type'} in place of {wanted}.")
        for field in self.dialect.incomplete or ():
            if field in response.headers:
                told = response.headers[field]
                said = f"{self._place} cut its answer off ({field}: {told})."
                raise UpstreamCapped(said, int(told)) if told.isdecimal() else UpstreamFailed(said)

    def _refuse(self, response: httpx2.Response) -> None:
        status = response.status_code
        if response.is_redirect:
            target = response.headers.get("location", "elsewhere")
            raise UpstreamFailed(f"{self._place} sends on to {target}; name the endpoint's own address as engine.")
        said = f"{self._place} answered {status}: {_beginning(response)}"
        if status in (400, 414, 422):
            raise BadQuery(said)
        if status in _TIMEOUTS or (status >= _FAULTS and _LATE.search(said)):
            raise UpstreamTimeout(said)
        if status in _PASSING:
            raise _Passing(UpstreamFailed(said), _seconds(response.headers.get("retry-after", "")))
        raise UpstreamFailed(said)

    @property
    def _place(self) -> str:
        url = httpx2.URL(self._access.url)
        return f"the endpoint {url.copy_with(username=None, password=None, query=None)}"


class Body(RawIOBase):
    """The bytes of an answer as a file that is read once; never more than so many, never longer than until then."""

    def __init__(self, pieces: Iterator[bytes], place: str, most: int, deadline: float) -> None:
        """Read ``pieces``; ``place`` is whom a refusal names."""
        self._pieces, self._place, self._most, self._deadline = pieces, place, most, deadline
        self._held = b""
        self._taken = 0
        self.last = b""
        """The last byte so far."""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at the end; raises ``UpstreamFailed`` or ``UpstreamTimeout`` beyond a bound."""
        parts, wanted = [], self._most + 1 if size < 0 else size
        while wanted > 0:
            if not self._held:
                self._held = self._next()
                if not self._held:
                    break
            part, self._held = self._held[:wanted], self._held[wanted:]
            parts.append(part)
            wanted -= len(part)
            if size >= 0:
                break
        return b"".join(parts)

    def drain(self) -> None:
        """Read what is left, which is nothing but white space if the reader is done with a whole answer."""
        while piece := self.read(_CHUNK):
            if piece.strip():
                raise UpstreamFailed(f"{self._place} went on after the end of its answer.")

    def _next(self) -> bytes:
        if monotonic() > self._deadline:
            raise UpstreamTimeout(f"{self._place} was still answering when its time was over.")
        piece = next(self._pieces, b"")
        self._taken += len(piece)
        self.last = piece[-1:] or self.last
        if self._taken > self._most:
            raise UpstreamFailed(f"{self._place} answered with more than {self._most:,} bytes.")
        return piece


def _replaced(pieces: Iterator[bytes], old: bytes, new: bytes) -> Iterator[bytes]:
    """The pieces with every ``old`` as ``new``, also where it goes over the edge of a piece."""
    held = b""
    for piece in pieces:
        *whole, rest = (held + piece).split(old)
        keep = min(len(old) - 1, len(rest))
        held = rest[len(rest) - keep :]
        if ready := new.join([*whole, rest[: len(rest) - keep]]):
            yield ready
    if held:
        yield held


class _Passing(Exception):
    """A failure that another try may mend."""

    def __init__(self, cause: EngineDown, after: float) -> None:
        super().__init__(cause.detail)
        self.cause, self._after = cause, after

    def pause(self, attempt: int) -> float:
        """Seconds to wait: what the endpoint asks for, or twice as long each time, never all at the same moment."""
        if self._after:
            return self._after
        return min(_PAUSE * 2.0**attempt, _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 # no secret


def _seconds(text: str) -> float:
    """What ``Retry-After`` says (RFC 9110 section 10.2.3), in seconds; 0 for a date or nothing."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0.0  # noqa: PLR2004 # days


def words(error: Exception) -> str:
    """What went wrong, from the innermost cause that says anything."""
    told = str(error) or (str(error.__cause__) if error.__cause__ else "")
    return told or type(error).__name__


def _beginning(response: httpx2.Response) -> str:
    """The first line of what an endpoint says to a failure, with nothing that a terminal or page could stumble over."""
    try:
        raw = next(response.iter_bytes(_CHUNK), b"")
    except httpx2.HTTPError:
        raw = b""
    text = " ".join(raw.decode("utf-8", "replace").split())
    return "".join(c for c in text if c.isprintable())[:_TOLD]
