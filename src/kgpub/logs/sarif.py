"""A log as SARIF 2.1.0."""

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kgpub import __version__
from kgpub.logs.entries import GONE, NOTE, Entry, Log, Place, said

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_Json = dict[str, Any]  # Any: JSON


def sarif(log: Log, languages: tuple[str, ...], folder: PurePath) -> str:
    """A log of one run (SARIF 2.1.0 sections 3.13 and 3.14); files are named from ``folder`` on, as URIs."""
    order = {rule.id: place for place, rule in enumerate(log.rules)}
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": said(rule.titles, languages) or rule.id},
            "defaultConfiguration": {"level": rule.level},
            "properties": {"tags": [rule.family]},
        }
        for rule in log.rules
    ]
    driver = {"name": "kgpub", "version": __version__, "language": languages[0][:2], "rules": rules}
    results = [_result(one, order[one.rule], languages, folder) for one in log.entries]
    run: _Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if log.notes:
        notes = [{"level": NOTE, "message": {"text": said(note, languages)}} for note in log.notes]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    log_ = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log_, ensure_ascii=False, indent=1) + "\n"


def _result(one: Entry, index: int, languages: tuple[str, ...], folder: PurePath) -> _Json:
    """One result (SARIF 2.1.0 section 3.27); a fix only where it is known which characters it replaces."""
    text = one.message(languages)
    found: _Json = {"ruleId": one.rule, "ruleIndex": index, "level": one.level, "message": {"text": text}}
    if one.state:
        found["baselineState"] = one.state
    if one.key:
        found["partialFingerprints"] = {"kgpub/v1": one.key}
    place = one.place
    if not place.file or one.state == GONE:
        return found
    artifact = {"uri": _uri(folder / place.file)}
    physical: _Json = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = _region(place)
    found["locations"] = [{"physicalLocation": physical}]
    if one.fix and place.column:
        replacement = {"deletedRegion": _region(place), "insertedContent": {"text": one.fix}}
        found["fixes"] = [{"artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}]}]
    return found


def _uri(path: PurePath) -> str:
    """A file as a URI reference (SARIF 2.1.0 section 3.4.3): relative to where the reader stands, else with scheme."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _region(place: Place) -> _Json:
    """The region of a place (SARIF 2.1.0 section 3.30): ``endColumn`` is the column after the last character."""
    columns = {"startColumn": place.column, "endColumn": place.end} if place.column else {}
    return {"startLine": place.line, **columns}
