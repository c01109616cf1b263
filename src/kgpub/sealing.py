"""The seal of a manifest: a checksum of everything it says, so that what was altered on the way is seen.

It guards against accidents, not against whoever can write a manifest anew: a seal is no signature.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"
"""The manifest's key of it."""


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:  # Any: what json.loads gives
    """The manifest with its seal."""
    return {**manifest, SEAL: seal(manifest)}


def seal(manifest: Mapping[str, Any]) -> str:  # Any: what json.loads gives
    """The SHA-256 of what a manifest says but for its seal, as JSON with its keys in order."""
    said = {key: value for key, value in manifest.items() if key != SEAL}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
