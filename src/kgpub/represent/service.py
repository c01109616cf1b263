"""The pages about the site itself, which are the same for every graph: accessibility statement, privacy notice."""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from kgpub.represent.frame import ACCESSIBILITY, PRIVACY, Anchor, Frame, frame, own_page
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import NOTHING
from kgpub.represent.values import Reader


class Notice(StrEnum):
    """A page about the site itself, by its address below the mount."""

    ACCESSIBILITY = ACCESSIBILITY
    PRIVACY = PRIVACY


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it, a paragraph each."""

    heading: str
    texts: tuple[str, ...]
    is_list: bool = False
    contact: Markup = NOTHING


@dataclass(frozen=True)
class NoticeView:
    """The page of a notice."""

    frame: Frame
    home: Anchor
    heading: str
    lead: str
    parts: tuple[Part, ...]


def notice_view(kind: Notice, reader: Reader) -> NoticeView:
    """The view of a notice, true for this site's settings."""
    key = kind.value.rpartition("/")[2]
    heading, lead = reader.say(key), reader.say(f"{key}.lead")
    around = frame(reader, own_page(reader, kind.value), heading, lead)
    make = {Notice.ACCESSIBILITY: _accessibility, Notice.PRIVACY: _privacy}[kind]
    return NoticeView(around, home_anchor(reader), heading, lead, make(reader, around.contact))


def _accessibility(reader: Reader, contact: Markup) -> tuple[Part, ...]:
    """What the pages do for everybody, what they do not, and whom to tell."""
    say = reader.say
    ways = (
        say("accessibility.keyboard"),
        say("accessibility.zoom"),
        say("accessibility.scripts"),
        say("accessibility.looks"),
        say("accessibility.languages"),
    )
    trouble = say("accessibility.trouble.text") if contact else say("accessibility.nobody")
    return (
        Part(say("accessibility.goal"), (say("accessibility.goal.text"),)),
        Part(say("accessibility.ways"), ways, is_list=True),
        Part(say("accessibility.limits"), (say("accessibility.limits.text"),)),
        Part(say("accessibility.trouble"), (trouble,), contact=contact),
    )


def _privacy(reader: Reader, contact: Markup) -> tuple[Part, ...]:
    """What the server and the browser keep; whether there is a log is for the settings to say."""
    say = reader.say
    log = (say("privacy.log.kept"), say("privacy.log.queries"), say("privacy.log.operator"))
    persons = say("privacy.persons.text") if contact else say("accessibility.nobody")
    return (
        Part(say("privacy.cookies"), (say("privacy.cookies.text"),)),
        Part(say("privacy.log"), log if reader.site.log.access else (say("privacy.log.none"),)),
        Part(say("privacy.limits"), (say("privacy.limits.text"),)),
        Part(say("privacy.storage"), (say("privacy.storage.text"),)),
        Part(say("privacy.links"), (say("privacy.links.text"),)),
        Part(say("privacy.persons"), (persons,), contact=contact),
    )
