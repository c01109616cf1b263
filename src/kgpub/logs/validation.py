"""The report of a validation as a log."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kgpub.findings.baseline import Compared, Key
from kgpub.iris import Iris
from kgpub.logs.entries import ERROR, GONE, KNOWN, NEW, NOTE, WARNING, WHOLE, Entry, Log, Place, Rule, shown
from kgpub.model import Finding, Labels
from kgpub.represent.locale import voice

LEVELS = {"violation": ERROR, "warning": WARNING, "info": NOTE}
"""The severities of SHACL (section 2.1.4), the gravest first, as levels."""
_FAMILY = "shapes"
_MOST_GONE = 20


def log(findings: Sequence[Finding], iris: Iris, keys: Sequence[Key], held: Compared | None = None) -> Log:
    """The findings with their keys as entries, each as it stands to a baseline if there is one.

    A rule is a constraint component (SHACL section 3.6.2.5).
    """
    states = [""] * len(findings) if held is None else [NEW if new else KNOWN for new in held.is_new]
    entries = [
        replace(entry(finding, iris), state=state, key=key.print)
        for finding, state, key in zip(findings, states, keys, strict=True)
    ]
    entries += [_gone(key, iris) for key, _ in (held.gone if held else ())]
    gravest: dict[str, str] = {}
    for one in sorted(entries, key=lambda one: (one.rule, list(LEVELS).index(one.severity))):
        gravest.setdefault(one.rule, one.level)
    rules = tuple(Rule(name, {}, level, _FAMILY) for name, level in gravest.items())
    return Log("kgpub validate", tuple(entries), rules, tuple(_notes(held)), LEVELS)


def _gone(key: Key, iris: Iris) -> Entry:
    """What a baseline has and nobody finds any more."""
    return Entry(
        rule=iris.curie(key.component) or key.component,
        severity="info",
        level=NOTE,
        messages=_said("log.gone", what=_told(key)),
        about=key.focus,
        shape=key.shape,
        state=GONE,
        key=key.print,
    )


def _notes(held: Compared | None) -> Iterator[Labels]:
    """How many are known, and what is gone."""
    if held is None:
        return
    if held.known:
        yield _said("log.known", count=str(held.known))
    for key, count in held.gone[:_MOST_GONE]:
        yield _said("log.gone", what=_told(key) + (f" (× {count})" if count > 1 else ""))
    more = sum(count for _, count in held.gone[_MOST_GONE:])
    if more:
        yield _said("log.gone.more", count=str(more))


def _told(key: Key) -> str:
    name = key.component.rpartition("#")[2]
    return "  ".join(shown(part, WHOLE) for part in (key.focus, key.path, key.value, key.shape, name) if part)


def _said(message: str, **values: str) -> Labels:
    return {tag: voice(tag)(message, **values) for tag in ("ka", "en")}


def entry(finding: Finding, iris: Iris) -> Entry:
    """One finding as an entry; what may be meant on its line is the value, else the path, else the focus node."""
    focus = iris.curie(finding.focus) or finding.focus
    value = finding.value
    text = value[1 : value.rindex('"')] if value.startswith('"') else value.strip("<>")
    return Entry(
        rule=iris.curie(finding.component) or finding.component,
        severity=finding.severity,
        level=LEVELS[finding.severity],
        messages={tag: shown(text, WHOLE) for tag, text in finding.messages.items()},
        about=shown(finding.focus, WHOLE),
        place=Place(finding.file, finding.line),
        details=tuple(part for part in (finding.path, value) if part),
        shape=finding.shape,
        marks=(value, text, finding.path, finding.path.strip("<>"), focus, f"<{finding.focus}>", finding.focus),
    )
