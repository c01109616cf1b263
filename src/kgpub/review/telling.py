"""A review for people, on a terminal: place, severity, rule, message, thing, remedy."""

from rich.console import Console
from rich.text import Text

from kgpub.model import pick
from kgpub.represent.messages.review import MESSAGES
from kgpub.review.findings import ERROR, NOTE, SEVERITIES, WARNING, Remark, Review, shown
from kgpub.review.writing import left_off, message, where

_COLOURS = {ERROR: "red", WARNING: "yellow", NOTE: "cyan"}


def tell(review: Review, languages: tuple[str, ...], console: Console) -> None:
    """Write every remark, and at last how many there are of each severity; nothing of the data is taken for markup."""
    for remark in review.remarks:
        console.print(_told(remark, languages), highlight=False)
    for line in left_off(review, languages):
        console.print(Text(line, "dim"))
    counts = ", ".join(_counted(review, severity) for severity in SEVERITIES)
    colour = "red" if review.count(ERROR) else "green"
    mark = "✗" if review.count(ERROR) else "✓"
    console.print(Text.assemble((mark, colour), " ", counts), highlight=False)


def _told(remark: Remark, languages: tuple[str, ...]) -> Text:
    place = shown(where(remark.place)) or remark.rule
    told = Text.assemble(place, ": ", (remark.severity, _COLOURS[remark.severity]), ": ", message(remark, languages))
    told.append(f"\n    {remark.rule}  {shown(remark.about)}".rstrip(), "dim")
    if remark.fix:
        words = pick(MESSAGES["fix"]._asdict(), languages)
        told.append("\n    " + (words.value if words else "{fix}").format(fix=shown(remark.fix)), "green")
    return told


def _counted(review: Review, severity: str) -> str:
    count = review.count(severity)
    return f"{count} {severity}{'s' if count != 1 else ''}"
