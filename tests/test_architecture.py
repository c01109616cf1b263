"""What ARCHITECTURE.md promises and no other tool checks."""

import ast
import re
from pathlib import Path

import pytest

from kgpub.settings import load

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src/kgpub").rglob("*.py"))
TEXTS = [p for p in (ROOT / "src/kgpub").rglob("*") if p.suffix in {".py", ".rq", ".html", ".js", ".css"}]
MOST_LINES, MOST_CODE = 40, 300


def _code_lines(text: str) -> int:
    tree = ast.parse(text)
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                docs |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return sum(1 for number, line in lines if line.strip() and not line.strip().startswith("#") and number not in docs)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_a_module_is_at_most_300_code_lines(path: Path) -> None:
    assert _code_lines(path.read_text("utf-8")) <= MOST_CODE


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_a_function_is_at_most_40_lines(path: Path) -> None:
    long = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES:
                long.append(f"{node.name}: {length}")
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_no_module_is_a_drawer(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc"}


def _own_terms() -> set[str]:
    """The names that the repository's own ontology and data coin, long enough to be told from ordinary words."""
    names = set()
    for path in [*(ROOT / "ontology").glob("*.ttl"), ROOT / "data/register.ttl"]:
        names |= set(re.findall(r"^(?:kgp|id):([A-Za-z0-9-]+)", path.read_text("utf-8"), re.MULTILINE))
    return {name for name in names if re.search(r"[a-z][A-Z]|-", name) and len(name) > 8}


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_nothing_of_the_first_graph_is_in_the_code(path: Path) -> None:
    text = path.read_text("utf-8")
    found = {name for name in _own_terms() if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)}
    assert found == set()
    assert "kgp:" not in text


ALLOWED_MEDIA = {"formats.py", "pages.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_media_types_stand_only_in_formats(path: Path) -> None:
    if path.name in ALLOWED_MEDIA:
        pytest.skip("this is where they stand (pages: the types of static files)")
    strings = [n.value for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Constant)]
    found = [s for s in strings if isinstance(s, str) and re.fullmatch(r"(application|text|image)/[a-z+.-]+", s)]
    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_the_environment_is_read_only_by_settings(path: Path) -> None:
    assert not re.search(r"os\.environ|getenv", path.read_text("utf-8"))


def test_every_setting_has_a_help_text() -> None:
    settings = type(load(ROOT))
    assert [name for name, field in settings.model_fields.items() if not field.description] == []
