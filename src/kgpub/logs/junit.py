"""A log as JUnit XML, in the form that Ant's task writes and build servers read."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kgpub.logs.entries import GONE, KNOWN, Entry, Log, said, shown

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 section 2.2 lets no document hold."""


def junit(log: Log, languages: tuple[str, ...], fail_on: str) -> str:
    """One test case per entry, failed where it is as grave as ``fail_on``; a rule without entries has one that passes.

    What a baseline knows is skipped.
    """
    suite = Element("testsuite", name=log.command, errors="0")
    entries: dict[str, list[Entry]] = {}
    for one in log.entries:
        if one.state != GONE:
            entries.setdefault(one.rule, []).append(one)
    grave = tuple(log.severities)[: tuple(log.severities).index(fail_on) + 1]
    for rule in log.rules:
        classname = f"kgpub.{rule.family}.{_clean(rule.id)}"
        for one in entries.get(rule.id, ()):
            name = f"{one.place} {shown(one.about)}".strip() or rule.id
            case = SubElement(suite, "testcase", classname=classname, name=_clean(name))
            _tell(case, one, languages, one.severity in grave)
        if rule.id not in entries:
            name = said(rule.titles, languages) or rule.id
            SubElement(suite, "testcase", classname=classname, name=_clean(name))
    if log.notes:
        SubElement(suite, "system-out").text = _clean("\n".join(said(note, languages) for note in log.notes))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=False) + "\n"


def _tell(case: Element, one: Entry, languages: tuple[str, ...], is_failure: bool) -> None:
    text = _clean(one.message(languages))
    if one.state == KNOWN:
        SubElement(case, "skipped", message=text)
    elif is_failure:
        SubElement(case, "failure", type=one.severity, message=text).text = _clean(str(one.place))
    else:
        SubElement(case, "system-out").text = f"{one.severity}: {text}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
