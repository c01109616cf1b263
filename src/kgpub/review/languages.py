"""Names and descriptions that stand in one language of the site and not in another."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import NODE, Known, Stated


def languages(stated: Stated, known: Known) -> Iterator[Case]:
    """What is missing for the thing that a statement names or describes; of others' things once per file."""
    subject, predicate = stated.quad.subject, stated.quad.predicate.value
    if stated.role == "shapes" or not isinstance(subject, NamedNode) or not isinstance(stated.quad.object, Literal):
        return
    if predicate in known.labels:
        kind, shift = "label", 0
    elif predicate in known.descriptions:
        kind, shift = "description", len(known.languages)
    else:
        return
    bits = known.named.get(subject.value, 0) >> shift
    present = [tag for tag, bit in known.languages.items() if bits & bit]
    missing = [tag for tag, bit in known.languages.items() if not bits & bit]
    if not present or not missing or known.has(subject.value, NODE):
        return
    iri, wanting = subject.value, ", ".join(missing)
    values = {"iri": shown(iri), "present": ", ".join(present), "missing": wanting, "file": shown(stated.file)}
    if iri.startswith(known.site.base):
        rule, key = f"translation-{kind}", iri
    else:
        rule, key = "translation-foreign", f"{stated.file} {kind} {wanting}"
    yield Case(rule, key, values, kind, iri, stated.file, stated.line, iri)
