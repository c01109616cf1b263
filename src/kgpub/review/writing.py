"""A review as JSON, and as a log, which is written as SARIF, JUnit XML, HTML and the like."""

import json

from kgpub.logs.entries import Entry, Log, Rule
from kgpub.represent.messages.review import MESSAGES
from kgpub.review.findings import SEVERITIES, Remark, Review
from kgpub.review.rules import RULES


def log(review: Review, command: str = "kgpub check", rules: tuple[str, ...] = ()) -> Log:
    """A review as a log; ``rules`` are the ids of those that were asked for, all by default."""
    told = tuple(
        Rule(rule.id, MESSAGES[f"{rule.id}.title"]._asdict(), rule.severity, rule.family)
        for rule in RULES
        if not rules or rule.id in rules
    )
    left_off = MESSAGES["left-off"]._asdict()
    notes = tuple(
        {language: text.format(rule=rule, count=count) for language, text in left_off.items()}
        for rule, count in sorted(review.left_off.items())
    )
    return Log(command, tuple(map(_entry, review.remarks)), told, notes)


def _entry(remark: Remark) -> Entry:
    return Entry(
        rule=remark.rule,
        severity=remark.severity,
        level=remark.severity,
        messages=remark.messages,
        about=remark.about,
        place=remark.place,
        fix=remark.fix,
    )


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
    value = {"counts": counts, "remarks": remarks, "left_off": dict(review.left_off)}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
