"""The rules of a review as one table, and how grave a site holds each to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from kgpub.errors import SettingsError
from kgpub.review.findings import ERROR, NOTE, OFF, SEVERITIES, WARNING
from kgpub.settings import FILE, Settings


@dataclass(frozen=True)
class Rule:
    """One rule: its name in ``[check]``, the family that it belongs to, and how grave it is unless a site says so."""

    id: str
    family: str
    severity: str


RULES = (
    Rule("shacl-violation", "shapes", ERROR),
    Rule("shacl-warning", "shapes", WARNING),
    Rule("shacl-info", "shapes", NOTE),
    Rule("shape-target", "shapes", WARNING),
    Rule("shape-target-implicit", "shapes", NOTE),
    Rule("shape-message", "shapes", WARNING),
    Rule("shape-list", "shapes", ERROR),
    Rule("shape-datatype", "shapes", WARNING),
    Rule("shape-class", "shapes", WARNING),
    Rule("shape-path", "shapes", WARNING),
    Rule("shape-path-form", "shapes", ERROR),
    Rule("shape-deactivated", "shapes", NOTE),
    Rule("shape-range", "shapes", ERROR),
    Rule("shape-pattern", "shapes", ERROR),
    Rule("shape-pattern-dialect", "shapes", WARNING),
    Rule("shape-unreachable", "shapes", WARNING),
    Rule("shape-value", "shapes", ERROR),
    Rule("shape-contradiction", "shapes", ERROR),
    Rule("shape-twice", "shapes", WARNING),
    Rule("shape-circle", "shapes", WARNING),
    Rule("shape-severity", "shapes", NOTE),
    Rule("link-dangling", "links", WARNING),
    Rule("page-unreachable", "links", NOTE),
    Rule("translation-label", "languages", WARNING),
    Rule("translation-description", "languages", NOTE),
    Rule("translation-foreign", "languages", NOTE),
    Rule("term-misspelt", "terms", ERROR),
    Rule("term-undefined", "terms", WARNING),
    Rule("term-doubtful", "terms", NOTE),
    Rule("namespace-wrong", "namespaces", ERROR),
    Rule("namespace-other", "namespaces", WARNING),
    Rule("label-spaces", "labels", WARNING),
    Rule("label-invisible", "labels", WARNING),
    Rule("label-scripts", "labels", WARNING),
    Rule("same-form", "identity", ERROR),
    Rule("same-authority", "identity", WARNING),
    Rule("same-evidence", "identity", WARNING),
    Rule("licence", "publication", WARNING),
    Rule("publisher", "publication", WARNING),
    Rule("graph-provenance", "publication", NOTE),
    Rule("base-temporary", "identifiers", WARNING),
    Rule("id-space", "identifiers", WARNING),
    Rule("id-technology", "identifiers", NOTE),
    Rule("id-date", "identifiers", NOTE),
    Rule("id-twin", "identifiers", WARNING),
)
"""Every rule, in the order in which they are documented."""
OF_SHAPES = tuple(
    rule.id
    for rule in RULES
    if rule.family in {"terms", "namespaces"} or (rule.family == "shapes" and not rule.id.startswith("shacl-"))
)
"""The rules that shapes are judged by themselves, without validating anything."""


def severities(settings: Settings) -> Mapping[str, str]:
    """How grave each rule is for a site; raises ``SettingsError`` where ``[check]`` names what there is not."""
    known = {rule.id: rule.severity for rule in RULES}
    for name, severity in settings.check.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; perhaps {near[0]} is meant" if near else ""
            raise SettingsError(f"{settings.folder / FILE}: check.{name}: there is no such rule{hint}")
        if severity not in {*SEVERITIES, OFF}:
            told = f"must be one of {', '.join((*SEVERITIES, OFF))}"
            raise SettingsError(f"{settings.folder / FILE}: check.{name}: {told}")
    return {**known, **settings.check}
