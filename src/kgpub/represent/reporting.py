"""The page from which an error is reported: what is reported is seen before anything is sent anywhere."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from kgpub.represent.frame import REPORT, Anchor, Frame, frame, own_page
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import NOTHING, plain
from kgpub.represent.values import Reader

_PLACE = re.compile(r"\{(iri|statement|snapshot|language)\}")


@dataclass(frozen=True)
class ReportView:
    """The page from which an error is reported; ``target`` is where it goes, empty where the site names none."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    about: Markup
    statement: Markup
    snapshot: str
    target: str
    words: str


def report_view(reader: Reader, iri: str, statement: str, snapshot: str) -> ReportView:
    """The view of the page from which an error about a thing, or one statement about it, is reported."""
    say = reader.say
    pairs = [("iri", iri), *([("statement", statement)] if statement else [])]
    target = filled_in(reader, iri, statement, snapshot)
    return ReportView(
        frame=frame(reader, own_page(reader, REPORT, pairs), say("report"), indexed=False, about=iri),
        path=(home_anchor(reader), Anchor(reader.name(iri).value, reader.href(iri))),
        heading=escape(say("report")),
        about=reader.link(iri),
        statement=reader.link(statement) if statement else NOTHING,
        snapshot=snapshot,
        target=target,
        words=say("report.write" if target.startswith("mailto:") else "report.open"),
    )


def filled_in(reader: Reader, iri: str, statement: str, snapshot: str) -> str:
    """The site's address for reports with what is reported filled in, every value percent-encoded.

    An address without places for them gets them as parameters, a mail address as subject and body (RFC 6068).
    """
    address = reader.site.reports_to
    said = {"iri": iri, "statement": statement, "snapshot": snapshot, "language": reader.language}
    if not address:
        return ""
    if _PLACE.search(address):
        return _PLACE.sub(lambda found: quote(said[found[1]], safe=""), address)
    if address.startswith("mailto:"):
        captions = (("report.iri", "iri"), ("report.statement", "statement"), ("report.snapshot", "snapshot"))
        body = "\r\n".join(f"{reader.say(caption)}: {said[name]}" for caption, name in captions if said[name])
        said = {"subject": reader.say("report.subject", name=plain(reader.name(iri).value)), "body": f"\r\n\r\n{body}"}
    before, hash_mark, fragment = address.partition("#")
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in said.items() if value)
    return f"{before}{'&' if '?' in before else '?'}{added}{hash_mark}{fragment}"
