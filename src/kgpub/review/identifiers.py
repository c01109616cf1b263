"""Identifiers that will not last: a base that is nobody's, blanks, dates and technology in them, and twins."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from kgpub.review.findings import Case, shown
from kgpub.review.survey import SUBJECT, Known, Stated, setting_line
from kgpub.review.vocabularies import split
from kgpub.settings import FILE

_RESERVED = re.compile(
    r"(?:^|\.)(?:localhost|local|localdomain|internal|lan|test|invalid|example|example\.(?:com|net|org|edu))$"
)
"""Names that RFC 2606 and RFC 6761 keep for examples and tests, and those of local networks."""
_SPACE = re.compile(r"%(?:20|09|0[AaDd])|%[Cc]2%[Aa]0|\u00a0")
_TECHNOLOGY = re.compile(r"\.(?:php\d?|aspx?|ashx|jspx?|cgi|cfm|pl)(?=$|[/?#])|/(?:cgi-bin|servlet|wp-content)/", re.I)
_DATE = re.compile(r"/(?:19|20)\d\d(?:/(?:0[1-9]|1[0-2])(?:/\d\d)?|-(?:0[1-9]|1[0-2])-\d\d)(?=/)")


def base(known: Known) -> Iterator[Case]:
    """A base that belongs to nobody, so that no link to a thing will ever lead there."""
    host = urlsplit(known.site.base).hostname or ""
    if _RESERVED.search(host) or _is_address(host):
        line = setting_line(known.site, "base")
        values = {"base": shown(known.site.base)}
        yield Case("base-temporary", "base", values, about=known.site.base, file=FILE, line=line)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def identifiers(stated: Stated, known: Known) -> Iterator[Case]:
    """What will not last about the IRI that a statement describes."""
    subject = stated.quad.subject
    if not isinstance(subject, NamedNode) or not known.has(subject.value, SUBJECT):
        return
    iri, found = subject.value, []
    path = iri[len(known.site.base) - 1 :]
    if _SPACE.search(path):
        found.append(("id-space", iri, ""))
    technology, date = _TECHNOLOGY.search(path), _DATE.search(path)
    if technology:
        found.append(("id-technology", f"{technology[0]} {split(iri)[0]}", technology[0]))
    if date:
        found.append(("id-date", iri[: len(known.site.base) - 1 + date.start()], date[0]))
    for rule, key, other in found:
        values = {"iri": shown(iri), "found": shown(other)}
        yield Case(rule, key, values, about=iri, file=stated.file, line=stated.line, iri=iri)


def twins(stated: Stated, known: Known) -> Iterator[Case]:
    """An IRI that differs from another one in case or percent-encoding only, wherever it stands."""
    for term in (stated.quad.subject, stated.quad.object):
        if isinstance(term, NamedNode) and term.value in known.twins:
            iri, other = term.value, known.twins[term.value]
            is_slip = known.has(other, SUBJECT) and not known.has(iri, SUBJECT)
            values = {"iri": shown(iri), "found": shown(other)}
            new = other if is_slip else ""
            yield Case("id-twin", iri, values, "", iri, stated.file, stated.line, iri, new=new)
