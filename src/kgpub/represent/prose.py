"""Texts that are more than a line: folded when long, HTML made harmless by a library."""

import re

import nh3
from markupsafe import Markup

from kgpub.represent.markup import element

FOLDED = 420
"""Characters of a text that show before it is unfolded; a text that is little longer shows whole."""
_SLACK = 120
_BEFORE = 0.6
_BLOCK = "p br hr ul ol li dl dt dd blockquote pre table caption thead tbody tfoot tr th td"
_INLINE = "b strong i em u s a code kbd samp var sub sup abbr q cite dfn small mark ins del time bdi bdo wbr"
TAGS = frozenset(f"{_BLOCK} {_INLINE}".split())
"""What may stand in a literal of HTML: words and their order, nothing that is fetched, run, styled or filled in."""
_ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "ol": {"start"},
    "*": {"lang", "dir"},
}
_FETCHED = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "title", "select"}
_HREF = re.compile(r"(?:https?://[^/?#\s]|mailto:.)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def folded(name: str, text: str, attributes: dict[str, str | None], more: str) -> Markup:
    """A text in an element; a long one shows its beginning, and the rest when it is opened (no script needed)."""
    if len(text) <= FOLDED + _SLACK:
        return element(name, text, attributes)
    start = _beginning(text)
    shown = element(name, start + " ", attributes) + element("span", more, {"class": "unfold"})
    rest = element(name, text[len(start) :].lstrip(), attributes)
    return element("details", element("summary", shown) + rest, {"class": "long"})


def harmless(html: str, attributes: dict[str, str | None], more: str) -> Markup:
    """A literal of HTML (RDF 1.2 Concepts section 5.4) that fetches, runs and styles nothing; a long one is folded."""
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=_FETCHED,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="external noopener nofollow",
        strip_comments=True,
    )
    body = element("div", Markup(clean), {**attributes, "class": "html"})  # noqa: S704 # cleaned by the library above
    plain = " ".join(_TAG.sub(" ", clean).split())
    if len(plain) <= FOLDED + _SLACK:
        return body
    start = Markup(_beginning(plain)).unescape()  # noqa: S704 # unescaped to be escaped again as text
    shown = element("span", start + "… ", attributes) + element("span", more, {"class": "unfold"})
    return element("details", element("summary", shown) + body, {"class": "long whole"})


def _kept(_: str, name: str, value: str) -> str | None:
    """The value of an attribute, None for a link that leads to no address of its own."""
    return value if name != "href" or _HREF.match(value) else None


def _beginning(text: str) -> str:
    """The beginning of a long text, up to the end of a word."""
    head = text[:FOLDED]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return head[:cut] if cut > FOLDED * _BEFORE else head
