"""What is wrong with a value of the settings, named by its key and by where it came from."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kgpub.errors import SettingsError

FLAGS = "_flags"
"""The name under which flags are handed to the settings; no key of a file begins so."""


def named(path: Path, table: dict[str, Any], error: ValidationError) -> SettingsError:
    """The refusal of the first bad value, with its key, and where it came from if not out of the file."""
    first = error.errors()[0]
    found: Any = table  # Any: a value of TOML
    for part in first["loc"]:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            found = FLAGS
    names = [str(part) for part in first["loc"]]
    place = "" if found == first["input"] or found == table or first["type"] == "missing" else _variable(names)
    reason = first["msg"].removeprefix("Value error, ")
    return SettingsError(f"{path}: {'.'.join(names)}: {reason}{place}")


def _variable(names: list[str]) -> str:
    return f" (given by a flag or KGPUB_{'__'.join(names).upper()}, not by the file)"
