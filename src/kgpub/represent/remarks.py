"""What validation found about one thing, in the reader's language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.errors import BadIri
from kgpub.model import Finding, Layout, Text, pick
from kgpub.represent.frame import DATA, Anchor
from kgpub.represent.markup import NOTHING, anchor
from kgpub.represent.messages import MESSAGES
from kgpub.represent.values import Reader

MOST_REMARKS = 20
"""Results of validation that the page of a thing shows."""

_ONE_STEP = re.compile(r"<[^<>\s]+>|[^<>\s|/^()*+?!]+")
_LONGEST = 600


@dataclass(frozen=True)
class Remark:
    """One result of validation: how grave it is, which property it is about, what it says."""

    severity: str
    word: str
    property: Markup
    message: Markup


@dataclass(frozen=True)
class Remarks:
    """The results of validation that concern a thing, the gravest first, and the way to the whole report."""

    count: str
    found: tuple[Remark, ...]
    more: str
    report: Anchor


def remarks(reader: Reader, findings: Sequence[Finding], layout: Layout) -> Remarks | None:
    """What validation found about a thing; None when it found nothing."""
    if not findings:
        return None
    say = reader.say
    hidden = len(findings) - MOST_REMARKS
    return Remarks(
        count=say.count(len(findings)),
        found=tuple(_remark(reader, finding, layout) for finding in findings[:MOST_REMARKS]),
        more=say("remarks.more", count=say.count(hidden)) if hidden > 0 else "",
        report=Anchor(say("remarks.report"), reader.iris.page(DATA, reader.language)),
    )


def _remark(reader: Reader, finding: Finding, layout: Layout) -> Remark:
    """A finding in the reader's language."""
    message = pick(finding.messages, reader.languages)
    key = f"severity.{finding.severity}"
    return Remark(
        severity=finding.severity,
        word=reader.say(key) if key in MESSAGES else finding.severity,
        property=_property(reader, finding.path, layout),
        message=reader.text(Text(message.value[:_LONGEST], message.language)) if message else NOTHING,
    )


def _property(reader: Reader, path: str, layout: Layout) -> Markup:
    """The property that a finding is about, as the layout calls it; nothing for paths of several steps."""
    if not _ONE_STEP.fullmatch(path):
        return NOTHING
    try:
        iri = reader.iris.expand(path)
    except BadIri:
        return NOTHING
    field = layout.fields.get((iri, False))
    name = pick(field.name, (*reader.languages, "")) if field else None
    return anchor(reader.href(iri), name.value, reader.lang(name.language)) if name else reader.link(iri)
