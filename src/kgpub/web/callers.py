"""Who asks: an address, or the holder of an API key; and how much of the endpoint each may have at a time."""

import ipaddress
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.types import Scope

from kgpub.errors import SettingsError, Unauthorized
from kgpub.settings import Settings

_NETWORK = 64
"""Bits of an IPv6 address that tell one client from another; the rest is theirs to choose."""


@dataclass(frozen=True)
class Caller:
    """A client: its name in logs, its queries at a time, the most seconds it may ask for."""

    name: str
    share: int
    max_timeout: float


class _Key(BaseModel):
    """One entry of the file of keys: whose it is, the SHA-256 of the key in hexadecimal, and its limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    per_client: int = Field(16, gt=0)
    timeout: float = Field(60.0, gt=0)


class Callers:
    """Tells callers apart."""

    def __init__(self, site: Settings) -> None:
        """Read the site's file of keys, where there is one; raises ``SettingsError``."""
        self._share, self._max_timeout = site.sparql.per_client, site.sparql.max_timeout
        self._keys = _keys(site) if site.sparql.keys else {}

    def who(self, scope: Scope) -> Caller:
        """The caller of a request; raises ``Unauthorized`` for a key that is not known (RFC 6750 section 2.1)."""
        key = _sent_key(dict(scope["headers"])) if self._keys else None
        if key is None:
            return self.at(scope["client"][0] if scope.get("client") else "unknown")
        caller = self._keys.get(sha256(key).hexdigest())
        if caller is None:
            raise Unauthorized("This API key is not known here.")
        return caller

    def at(self, host: str) -> Caller:
        """The caller at an address, who has sent no key."""
        return Caller(_client(host), self._share, self._max_timeout)


def _keys(site: Settings) -> Mapping[str, Caller]:
    """The callers of the file of keys by the hash of their key."""
    path = site.folder / site.sparql.keys
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        keys = TypeAdapter(list[_Key]).validate_python(table.get("key", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: the API keys cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: key.{place}: {first['msg']}") from error
    return {key.sha256: Caller(f"key:{key.name}", key.per_client, key.timeout) for key in keys}


def _sent_key(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The key of ``Authorization: Bearer`` or ``X-API-Key``."""
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer" and key.strip():
        return key.strip()
    return headers.get(b"x-api-key")


def _client(host: str) -> str:
    """The address that a request comes from; of IPv6 the network."""
    if ":" not in host:
        return host
    try:
        return str(ipaddress.ip_network(f"{host.partition('%')[0]}/{_NETWORK}", strict=False))
    except ValueError:
        return host
