"""What the site's SHACL shapes say: the report of ``validate``, result by result."""

from collections.abc import Mapping, Sequence

from kgpub.review.findings import OFF, WHOLE, Place, Remark, shown
from kgpub.settings import Settings
from kgpub.source import SourceFile
from kgpub.validate import validate

_RULES = {"violation": "shacl-violation", "warning": "shacl-warning", "info": "shacl-info"}


def shapes(files: Sequence[SourceFile], site: Settings, severities: Mapping[str, str]) -> list[Remark]:
    """The results as remarks; none, and no validation, where all three rules are off."""
    if all(severities[rule] == OFF for rule in _RULES.values()):
        return []
    return [
        Remark(
            rule=_RULES[finding.severity],
            severity=severities[_RULES[finding.severity]],
            messages={language: shown(text, WHOLE) for language, text in finding.messages.items()},
            about=shown(finding.focus, WHOLE),
            place=Place(finding.file, finding.line),
        )
        for finding in validate(files, site).findings
        if severities[_RULES[finding.severity]] != OFF
    ]
