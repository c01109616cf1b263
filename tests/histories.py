"""Random histories of a site's files: shapes that stay, and data that is edited step by step."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shapes_fuzz import LITERALS, PREFIXES, Source

SITE = """title = "T"
base = "http://example.org/"
languages = ["ka", "en"]
[prefixes]
ex = "http://example.org/"
"""
ODD = (
    "ex:B rdfs:subClassOf ex:E .",
    "ex:n5 a ex:E , ex:B .",
    "ex:n6 ex:p ( 1 2 ex:n1 ) .",
    "ex:n6 ex:q [ ex:r [ ex:p 1 ] ; a ex:A ] .",
    "[] ex:q [ ex:r [] ] .",
    'ex:n2 a "A" .',
    "_:own a ex:A ; ex:p _:other ; ex:r ex:n1 . _:other ex:q 5 .",
    "ex:p ex:p ex:p .",
    "ex:n1 ex:r ex:n1 , ex:n2 .",
    "ex:n3 ex:unknown ex:n4 .",
    'ex:n3 <http://www.w3.org/ns/shacl#message> "no report" .',
)


class Calm(Source):
    """A source of more nodes, and of targets and constraints that look at what is near a node."""

    def data(self) -> str:
        """More nodes with less about each."""
        lines = ["ex:B rdfs:subClassOf ex:A .", "ex:C rdfs:subClassOf ex:B ."]
        for node in (f"ex:n{number}" for number in range(24)):
            lines += [f"{node} a {one} ." for one in self.some(("ex:A", "ex:B", "ex:C", "ex:D", "ex:F"), 1)]
            for _ in range(self.random.randint(0, 3)):
                value = self.literal() if self.random.random() < 0.5 else f"ex:n{self.random.randint(0, 23)}"
                lines.append(f"{node} ex:{self.one('pqrst')} {value} .")
        return PREFIXES + "\n".join([*lines, "ex:n1 ex:p _:b0 .", "_:b0 ex:r ex:n2 ; a ex:A ."])

    def path(self, depth: int = 0) -> str:
        """Mostly plain ones."""
        return super().path(depth) if self.random.random() < 0.3 else f"ex:{self.one('pqrst')}"

    def targets(self) -> str:
        """No queries."""
        kinds = ("sh:targetClass ex:A", "sh:targetClass ex:B", "sh:targetClass ex:D", "sh:targetSubjectsOf ex:p", "sh:targetObjectsOf ex:r",
                 "sh:targetObjectsOf ex:q", 'sh:targetNode ex:n1 , ex:nowhere , "a"@EN')  # fmt: skip
        return " ; ".join({text.split()[0]: text for text in self.some(kinds, 2)}.values())


@dataclass
class History:
    """A site in a folder, its files as lists of lines; the same steps for the same seed."""

    folder: Path
    source: Source
    random: random.Random
    files: dict[str, list[str]] = field(default_factory=dict)
    hidden: str = ""

    def begin(self) -> None:
        """Write the first state."""
        lines = self.source.data().removeprefix(PREFIXES).split("\n")
        names = ["data/a.ttl", "data/b.ttl", "data/c.trig", "ontology/o.ttl"]
        for line in lines:
            blank = "_:" in line
            self.files.setdefault("data/b.ttl" if blank else self.random.choice(names), []).append(line)
        (self.folder / "shapes").mkdir(parents=True)
        (self.folder / "shapes" / "s.ttl").write_text(self.source.shapes_text(), "utf-8")
        self._write()

    def steps(self, count: int) -> Iterator[str]:
        """Edit the site so many times, and say what was done."""
        for _ in range(count):
            edit = self.random.choices(
                (self._added, self._removed, self._replaced, self._moved, self._renamed, self._dropped, self._odd, self._hid, self._nothing),
                (6, 6, 6, 2, 1, 1, 3, 1, 1),
            )[0]  # fmt: skip
            yield edit() or "nothing"
            self._write()

    def _write(self) -> None:
        for folder in ("data", "ontology"):
            (self.folder / folder).mkdir(exist_ok=True)
            for path in (self.folder / folder).iterdir():
                path.unlink()
        for name, lines in self.files.items():
            text = PREFIXES + "\n".join(lines) + "\n"
            (self.folder / name).write_text(text, "utf-8")
        rule = f'[graphs."{self.hidden}"]\npublish = false\n' if self.hidden else ""
        (self.folder / "kgpub.toml").write_text(SITE + rule, "utf-8")

    def _name(self) -> str:
        return self.random.choice(sorted(self.files))

    def _line(self) -> str:
        node = f"ex:n{self.random.randint(0, 7)}"
        if self.random.random() < 0.25:
            return f"{node} a ex:{self.random.choice('ABCD')} ."
        value = f"ex:n{self.random.randint(0, 7)}" if self.random.random() < 0.5 else self.random.choice(LITERALS)
        value = '"NaN"^^xsd:double' if value == "NaN" else value
        return f"{node} ex:{self.random.choice('pqrs')} {value} ."

    def _added(self) -> str:
        lines = self.files[self._name()]
        line = self._line()
        lines.insert(self.random.randint(0, len(lines)), line)
        return f"added {line}"

    def _removed(self) -> str:
        lines = self.files[self._name()]
        return f"removed {lines.pop(self.random.randrange(len(lines)))}" if lines else ""

    def _replaced(self) -> str:
        return f"{self._removed()}; {self._added()}"

    def _moved(self) -> str:
        """A line goes from one file to another, or comes to stand in both."""
        lines = self.files[self._name()]
        if not lines:
            return ""
        line = self.random.choice(lines)
        if self.random.random() < 0.6:
            lines.remove(line)
        self.files[self._name()].append(line)
        return f"moved {line}"

    def _renamed(self) -> str:
        name = self._name()
        new = f"data/r{self.random.randint(0, 99)}.ttl"
        self.files[new] = self.files.pop(name)
        return f"renamed {name} to {new}"

    def _dropped(self) -> str:
        if len(self.files) < 3:
            return ""
        name = self._name()
        del self.files[name]
        return f"dropped {name}"

    def _odd(self) -> str:
        line = self.random.choice(ODD)
        lines = self.files[self._name()]
        if line in lines:
            lines.remove(line)
        else:
            lines.insert(0, line)
        return f"odd {line}"

    def _hid(self) -> str:
        self.hidden = "" if self.hidden else self._name()
        return f"hid {self.hidden}"

    def _nothing(self) -> str:
        return ""
