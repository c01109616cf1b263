"""A review as JSON, SARIF, JUnit XML and GitHub's workflow commands."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kgpub import __version__
from kgpub.model import pick
from kgpub.represent.messages.review import MESSAGES
from kgpub.review.findings import ERROR, NOTE, SEVERITIES, WARNING, Place, Remark, Review, shown
from kgpub.review.rules import RULES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
_HERE = PurePath()
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 section 2.2 lets no document hold."""
_Json = dict[str, Any]  # Any: JSON


def written(review: Review, form: str, languages: tuple[str, ...], folder: PurePath, fail_on: str) -> str:
    """A review as ``json``, ``sarif``, ``junit`` or ``github``.

    ``folder`` is the site's, as seen from where the reader of the answer stands; JSON and JUnit name files from the
    site folder on, as ``kgpub validate`` does.
    """
    if form == "sarif":
        return as_sarif(review, languages, folder)
    if form == "junit":
        return as_junit(review, languages, fail_on)
    if form == "github":
        return "".join(f"{line}\n" for line in as_annotations(review, languages, folder))
    return as_json(review)


def message(remark: Remark, languages: tuple[str, ...]) -> str:
    """The message of a remark for a reader."""
    found = pick(remark.messages, languages)
    return found.value if found else remark.rule


def title(rule: str, languages: tuple[str, ...]) -> str:
    """What a rule is about, for a reader."""
    found = pick(MESSAGES[f"{rule}.title"]._asdict(), languages)
    assert found is not None, "every message is in every language"
    return found.value


def as_json(review: Review) -> str:
    """Counts, every remark with its messages in all languages, and how many were left off, per rule."""
    remarks = [
        {
            "rule": one.rule,
            "severity": one.severity,
            "messages": dict(one.messages),
            "about": one.about,
            "file": one.place.file,
            "line": one.place.line,
            "column": one.place.column,
            "endColumn": one.place.end,
            "fix": one.fix or None,
        }
        for one in review.remarks
    ]
    counts = {severity: review.count(severity) for severity in SEVERITIES}
    return _text({"counts": counts, "remarks": remarks, "left_off": dict(review.left_off)})


def as_sarif(review: Review, languages: tuple[str, ...], folder: PurePath = _HERE) -> str:
    """A log of one run (SARIF 2.1.0 sections 3.13 and 3.14); files are named from ``folder`` on, as URIs."""
    order = {rule.id: place for place, rule in enumerate(RULES)}
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": title(rule.id, languages)},
            "defaultConfiguration": {"level": rule.severity},
            "properties": {"tags": [rule.family]},
        }
        for rule in RULES
    ]
    driver = {"name": "kgpub", "version": __version__, "language": languages[0][:2], "rules": rules}
    results = [_result(one, order[one.rule], languages, folder) for one in review.remarks]
    run: _Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if review.left_off:
        notes = [{"level": NOTE, "message": {"text": text}} for text in left_off(review, languages)]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    return _text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(remark: Remark, index: int, languages: tuple[str, ...], folder: PurePath) -> _Json:
    """One result (SARIF 2.1.0 section 3.27); a fix only where it is known which characters it replaces."""
    text = message(remark, languages)
    found: _Json = {"ruleId": remark.rule, "ruleIndex": index, "level": remark.severity, "message": {"text": text}}
    place = remark.place
    if not place.file:
        return found
    artifact = {"uri": _uri(folder / place.file)}
    physical: _Json = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = _region(place)
    found["locations"] = [{"physicalLocation": physical}]
    if remark.fix and place.column:
        replacement = {"deletedRegion": _region(place), "insertedContent": {"text": remark.fix}}
        found["fixes"] = [{"artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}]}]
    return found


def _uri(path: PurePath) -> str:
    """A file as a URI reference (SARIF 2.1.0 section 3.4.3): relative to where the reader stands, else with scheme."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _region(place: Place) -> _Json:
    """The region of a place (SARIF 2.1.0 section 3.30): ``endColumn`` is the column after the last character."""
    columns = {"startColumn": place.column, "endColumn": place.end} if place.column else {}
    return {"startLine": place.line, **columns}


def as_junit(review: Review, languages: tuple[str, ...], fail_on: str = ERROR) -> str:
    """One test case per remark, failed where it is as grave as ``fail_on``; a rule without remarks has one that passes.

    The form is the one that Ant's JUnit task writes and build servers read.
    """
    suite = Element("testsuite", name="kgpub check", errors="0", skipped="0")
    for rule in RULES:
        remarks = [one for one in review.remarks if one.rule == rule.id]
        for one in remarks:
            name = f"{where(one.place)} {shown(one.about)}".strip() or rule.id
            case = SubElement(suite, "testcase", classname=f"kgpub.{rule.family}.{rule.id}", name=_clean(name))
            _tell(case, one, languages, SEVERITIES.index(one.severity) <= SEVERITIES.index(fail_on))
        if not remarks:
            SubElement(suite, "testcase", classname=f"kgpub.{rule.family}.{rule.id}", name=title(rule.id, languages))
    if review.left_off:
        SubElement(suite, "system-out").text = "\n".join(left_off(review, languages))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=False) + "\n"


def _tell(case: Element, remark: Remark, languages: tuple[str, ...], is_failure: bool) -> None:
    text = _clean(message(remark, languages))
    if is_failure:
        SubElement(case, "failure", type=remark.severity, message=text).text = _clean(where(remark.place))
    else:
        SubElement(case, "system-out").text = f"{remark.severity}: {text}"


def as_annotations(review: Review, languages: tuple[str, ...], folder: PurePath = _HERE) -> Iterator[str]:
    """One workflow command of GitHub Actions per remark: ``::error file=…,line=…,title=…::message``."""
    for one in review.remarks:
        place = one.place
        values = {
            "file": (folder / place.file).as_posix() if place.file else None,
            "line": place.line,
            "col": place.column,
            "endColumn": place.end,
            "title": one.rule,
        }
        yield _command(_COMMANDS[one.severity], values, message(one, languages))
    for text in left_off(review, languages):
        yield _command("notice", {}, text)


def _command(name: str, values: Mapping[str, str | int | None], text: str) -> str:
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in values.items() if value is not None)
    return f"::{name} {properties}".rstrip() + f"::{_data(text)}"


def _data(text: str) -> str:
    """A message as a workflow command takes it: on one line, so that none of it is read as another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def left_off(review: Review, languages: tuple[str, ...]) -> Iterator[str]:
    """A sentence for each rule of which there are more remarks than are told."""
    words = pick(MESSAGES["left-off"]._asdict(), languages)
    assert words is not None, "every message is in every language"
    yield from (words.value.format(rule=rule, count=count) for rule, count in sorted(review.left_off.items()))


def where(place: Place) -> str:
    """A place as compilers write it: file and line."""
    return f"{place.file}:{place.line}" if place.line else place.file


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _text(value: _Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
