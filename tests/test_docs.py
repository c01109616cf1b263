"""The documentation says what is so: generated pages are fresh, commands in them run, links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").glob("*.md")])


def test_the_reference_is_what_the_code_says() -> None:
    command = [sys.executable, str(ROOT / "scripts/reference.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def commands(page: str, folder: Path, site: str) -> list[tuple[list[str], str | None]]:
    """The kgpub commands of a page, with the answer that the page gives, if it gives one."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```(?:\n\nanswers\n\n```text\n(.*?)```)?", text, re.DOTALL)
    found = []
    for block, answer in blocks:
        for line in block.splitlines():
            words = shlex.split(line.removeprefix(".venv/bin/"), comments=True)
            if words[:1] == ["kgpub"] and words[1] != "serve" and ">" not in words:
                found.append(([w.replace("my-site", site) for w in words[1:]], answer or None))
    return found


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    steps = commands("docs/tutorial.md", tmp_path, str(tmp_path / "site"))
    assert len(steps) >= 4
    for words, answer in steps:
        result = subprocess.run([sys.executable, "-m", "kgpub", *words], capture_output=True, text=True, check=False)
        assert result.returncode == 0, (words, result.stderr)
        if answer:
            assert result.stdout.replace("\r\n", "\n") == answer


def test_the_readme_starts_with_what_a_picture_and_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("docs/pictures/") < text.index("sh scripts/serve") < text.index("sh scripts/test")
    run = (ROOT / ".ci/run").read_text("utf-8")
    assert "sh scripts/test" in run


def test_every_setting_and_refusal_is_in_the_reference() -> None:
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    for name in (
        "`base`",
        "`languages`",
        "`snapshots.keep`",
        "`vocabulary.labels`",
        "`not-acceptable`",
        "`shapes-violated`",
    ):
        assert name in text
