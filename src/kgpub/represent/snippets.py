"""A query as a few lines of a language: what they send is the query, character for character, whatever is in it.

A long query travels in the body, since not every address of that length arrives (RFC 9110 section 4.1). Characters
that cannot be seen, or that reorder what is seen, are escaped, so that what is copied is what is read.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from urllib.parse import urlencode

from kgpub.formats import CSV, RESULTS_JSON, TURTLE, Format

Shape = OneOf["rows", "boolean", "triples"]
"""What a query gives: the solutions of a SELECT, the truth of an ASK, the triples of a CONSTRUCT."""
Pairs = Sequence[tuple[str, str]]

_ACCEPT: Mapping[Shape, Format] = {"rows": CSV, "boolean": RESULTS_JSON, "triples": TURTLE}
_LONG = 4_000
"""Characters of an address's parameters beyond which they travel in the body."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Snippet:
    """A few lines that ask a query: the language by its key and its name, and the lines."""

    key: str
    name: str
    text: str


def snippets(address: str, query: str, parameters: Pairs, shape: Shape) -> tuple[Snippet, ...]:
    """How to ask a query with further parameters at an address; none for a query with a NUL, which a shell cannot say.

    Rows come as a table, triples as a graph or text, as is usual in the language.
    """
    if "\0" in query:
        return ()
    asked = _Asked(address, query, tuple(parameters), shape)
    return (
        Snippet("curl", "curl", _curl(asked)),
        Snippet("python", "Python", _python(asked)),
        Snippet("r", "R", _r(asked)),
        Snippet("javascript", "JavaScript", _javascript(asked)),
    )


@dataclass(frozen=True)
class _Asked:
    """What every snippet asks."""

    address: str
    query: str
    parameters: tuple[tuple[str, str], ...]
    shape: Shape

    @property
    def accept(self) -> str:
        """The media type that suits the answer: a table, a truth, a graph."""
        return _ACCEPT[self.shape].media_type

    @property
    def is_long(self) -> bool:
        """Whether the parameters travel in the body."""
        return len(urlencode([("query", self.query), *self.parameters])) > _LONG

    @property
    def grouped(self) -> dict[str, list[str]]:
        """The further parameters with all values of each."""
        return {name: [v for n, v in self.parameters if n == name] for name, _ in self.parameters}


def shell(text: str) -> str:
    """A text as one word of a shell: in single quotes (POSIX), or as ``$'…'`` where something cannot be seen."""
    if not _UNSEEN.search(text):
        return "'" + text.replace("'", "'\\''") + "'"
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("!", "\\x21")
    return "$'" + _UNSEEN.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()), escaped) + "'"


def python(text: str) -> str:
    """A text as a literal of Python: several lines between triple quotes, else on one line."""
    if "\n" not in text:
        return _quoted(text)
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""\\\n{_seen(escaped)}"""'


def r(text: str) -> str:
    """A text as a literal of R."""
    return '"' + _seen(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def javascript(text: str) -> str:
    """A text as a literal of JavaScript that may also stand in an HTML page: a template of several lines, or one."""
    if "\n" not in text:
        return _quoted(text).replace("</", "<\\/").replace("<!--", "<\\!--")
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return "`" + _seen(escaped.replace("</", "<\\/").replace("<!--", "<\\!--")) + "`"


def _quoted(text: str) -> str:
    """A text in double quotes, with the escapes that Python and JavaScript share."""
    return _seen(json.dumps(text, ensure_ascii=False))


def _seen(text: str) -> str:
    """The text with what cannot be seen written by its number, as all three languages do."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _curl(asked: _Asked) -> str:
    sent = [("query", asked.query), *asked.parameters]
    return " \\\n  ".join(
        [
            f"curl {'' if asked.is_long else '--get '}{shell(asked.address)}",
            f"--header {shell('Accept: ' + asked.accept)}",
            *(f"--data-urlencode {shell(f'{name}={value}')}" for name, value in sent),
        ]
    )


_URLLIB = "from urllib.parse import urlencode\nfrom urllib.request import Request, urlopen"
_PYTHON_IMPORTS: Mapping[Shape, str] = {
    "rows": f"{_URLLIB}\n\nimport pandas as pd",
    "boolean": f"import json\n{_URLLIB}",
    "triples": f"{_URLLIB}\n\nfrom rdflib import Graph",
}
_PYTHON_READ: Mapping[Shape, str] = {
    "rows": "    table = pd.read_csv(answer)\nprint(table)",
    "boolean": '    boolean = json.load(answer)["boolean"]\nprint(boolean)',
    "triples": '    graph = Graph().parse(data=answer.read(), format="turtle")\nprint(len(graph))',
}


def _python(asked: _Asked) -> str:
    header = f'{{"Accept": {_quoted(asked.accept)}}}'
    further = "".join(f", ({_quoted(name)}, {_quoted(value)})" for name, value in asked.parameters)
    sent = f'[("query", query){further}]' if further else '{"query": query}'
    request = (
        f"Request({_quoted(asked.address)}, parameters.encode(), {header})"
        if asked.is_long
        else f"Request({_quoted(asked.address + '?')} + parameters, headers={header})"
    )
    return (
        f"{_PYTHON_IMPORTS[asked.shape]}\n\n"
        f"query = {python(asked.query)}\n\n"
        f"parameters = urlencode({sent})\n"
        f"request = {request}\n"
        f"with urlopen(request) as answer:\n{_PYTHON_READ[asked.shape]}"
    )


_R_READ: Mapping[Shape, str] = {
    "rows": "table <- read.csv(text = resp_body_string(answer), check.names = FALSE)\nprint(table)",
    "boolean": "boolean <- resp_body_json(answer, check_type = FALSE)$boolean\nprint(boolean)",
    "triples": "turtle <- resp_body_string(answer)\ncat(turtle)",
}


def _r(asked: _Asked) -> str:
    further = "".join(f", `{name}` = {_r_values(values)}" for name, values in asked.grouped.items())
    several = ', .multi = "explode"' if any(len(values) > 1 for values in asked.grouped.values()) else ""
    send = "req_body_form" if asked.is_long else "req_url_query"
    return (
        f"library(httr2)\n\nquery <- {r(asked.query)}\n\n"
        f"answer <- request({r(asked.address)}) |>\n"
        f"  {send}(query = query{further}{several}) |>\n"
        f"  req_headers(Accept = {r(asked.accept)}) |>\n"
        f"  req_perform()\n{_R_READ[asked.shape]}"
    )


def _r_values(values: list[str]) -> str:
    return r(values[0]) if len(values) == 1 else f"c({', '.join(map(r, values))})"


_JAVASCRIPT_READ: Mapping[Shape, str] = {
    "rows": "const { results } = await answer.json();\n"
    "const plain = (row) => Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value]));\n"
    "console.table(results.bindings.map(plain));",
    "boolean": "const { boolean } = await answer.json();\nconsole.log(boolean);",
    "triples": "const turtle = await answer.text();\nconsole.log(turtle);",
}


def _javascript(asked: _Asked) -> str:
    accept = RESULTS_JSON.media_type if asked.shape == "rows" else asked.accept
    further = "".join(f", [{javascript(name)}, {javascript(value)}]" for name, value in asked.parameters)
    sent = f'[["query", query]{further}]' if further else "{ query }"
    headers = f"headers: {{ Accept: {javascript(accept)} }}"
    fetched = (
        f'await fetch({javascript(asked.address)}, {{\n  method: "POST",\n  body: parameters,\n  {headers},\n}})'
        if asked.is_long
        else f"await fetch({javascript(asked.address + '?')} + parameters, {{\n  {headers},\n}})"
    )
    return (
        f"const query = {javascript(asked.query)};\n\n"
        f"const parameters = new URLSearchParams({sent});\n"
        f"const answer = {fetched};\n"
        f"if (!answer.ok) throw new Error(await answer.text());\n{_JAVASCRIPT_READ[asked.shape]}"
    )
