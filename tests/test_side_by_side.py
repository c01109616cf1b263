"""Side by side, only right answers count; a row says how many times kgpub's cost another has, and what falls short."""

import argparse
import json
import subprocess
import time
from dataclasses import asdict
from pathlib import Path

import beside
import installing
import pytest
import questions
import sparql
from beside import Cell, Line, Run
from generate import BASE
from kept import Answer, Reading
from peers import KGPUB, NATIVE, RDFLIB, TRIFID, Program, running
from questions import HTML, JSON_LD, TURTLE, Question

LABEL = "ყიმოხუს & სააგენტო"
TURTLE_BODY = f'<a:b> <a:c> "{LABEL}"@ka .'.encode()
ROWS = json.dumps({"results": {"bindings": [{}, {}]}}).encode()


def answer(media: str, body: bytes, status: int = 200) -> Answer:
    return Answer(status, f"http/1.1 {status} ok\r\ncontent-type: {media}\r\n".encode(), (body,))


@pytest.mark.parametrize(("accept", "given", "wrong"), [
    pytest.param(HTML, answer("text/html; charset=utf-8", "<p>ყიმოხუს &amp; სააგენტო".encode()), "", id="a page"),
    pytest.param(HTML, answer("text/html", b"<coroutine object>"), f"the answer does not say “{LABEL}”", id="empty"),
    pytest.param(HTML, answer("text/html", b"", 503), "it answers 503", id="a status"),
    pytest.param(TURTLE, answer("text/turtle", TURTLE_BODY), "", id="Turtle"),
    pytest.param(TURTLE, answer("text/html", TURTLE_BODY), "asked for text/turtle it answers with text/html", id="type"),
    pytest.param(TURTLE, answer("text/turtle", b""), f"the answer does not say “{LABEL}”", id="no triples"),
    pytest.param(JSON_LD, answer("application/ld+json", json.dumps({"@value": LABEL}).encode()), "", id="escaped"),
])  # fmt: skip
def test_only_what_is_right_counts(accept: str, given: Answer, wrong: str) -> None:
    assert Question("/", accept, ((LABEL,),)).wrong(given) == wrong


@pytest.mark.parametrize(("rows", "wrong"), [(None, ""), (2, ""), (3, "its result has 2 rows and not 3")])
def test_a_result_has_as_many_rows_as_the_others(rows: int | None, wrong: str) -> None:
    assert Question("/", sparql.JSON, rows=rows).wrong(answer(sparql.JSON, ROWS)) == wrong


def test_an_empty_result_does_not_count() -> None:
    assert (
        Question("/", sparql.JSON).wrong(answer(sparql.JSON, b'{"results": {"bindings": []}}')) == "its result is empty"
    )


def test_a_redirect_keeps_the_address_as_it_was_written() -> None:
    text = b"HTTP/1.1 307 Temporary\r\nLocation: http://127.0.0.1:1/A?Q=%3A\r\nContent-Length: 0\r\n\r\n"
    found = Reading().add(text)
    assert found is not None and found.location == "/A?Q=%3A"


def known(tmp_path: Path) -> questions.Known:
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    things = ("id/org-0-0", "id/org-1-0", "id/org-union")
    lines = [f'<{BASE}{thing}> <{label}> "Agency {thing}"@en .\n' for thing in things]
    lines.append(f"<{BASE}id/org-1-0> <{BASE}ns/of> <{BASE}id/org-union> .\n")
    (tmp_path / "all.nt").write_text("".join(lines), "utf-8")
    return questions.Known.of(tmp_path / "all.nt")


def test_every_row_asks_every_server_or_says_why_not(tmp_path: Path) -> None:
    rows = list(questions.rows(2, known(tmp_path)))
    assert len(rows) == 9 + 8
    for row in rows:
        asked = {KGPUB if name == questions.ANEW else name for name in row.questions}
        assert asked.isdisjoint(row.silent)
        assert asked | set(row.silent) == {KGPUB, *beside.OTHERS}


def test_the_page_of_the_hub_names_what_points_to_it(tmp_path: Path) -> None:
    assert known(tmp_path).about_hub("id/org-union") == (("Agency id/org-union",), ("Agency id/org-1-0",))


def test_servers_get_the_same_queries_in_the_same_order(tmp_path: Path) -> None:
    row = next(row for row in questions.rows(2, known(tmp_path)) if row.name == sparql.LOOKUP)
    texts = [next(asked).path.partition("query=")[2] for asked in row.questions.values()]
    assert len(texts) == 6 and len(set(texts)) == 1


def run() -> Run:
    cell = Cell((1.0, 2.0, 3.0), (1.0, 1.0, 1.0))
    cells = {KGPUB: cell, TRIFID: Cell((30.0, 60.0, 60.0), (9.0, 9.0, 9.0)), NATIVE: Cell((0.1, 0.2, 0.3), (0.1,) * 3)}
    lines = [Line(questions.PAGE, cells, {RDFLIB: "it has no pages"}), Line(questions.PAGE_KEPT, cells, {}),
             Line(sparql.LOOKUP, cells, {})]  # fmt: skip
    return Run(lines, {"Virtuoso": "apt-get is not here"}, 1000, (0.1, 2.0), 3.0)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert run().lines[0].ratio(TRIFID) == 30


@pytest.mark.parametrize(("row", "short"), [(0, False), (1, True), (2, True)])
def test_a_row_is_short_when_an_aim_is_not_reached(row: int, short: bool) -> None:
    assert run().lines[row].is_short is short


def test_the_page_says_what_is_missing_what_is_short_and_nothing_of_a_server_that_is_not_there(tmp_path: Path) -> None:
    given = argparse.Namespace(date="2026-01-01", rounds=3, seconds=1.0, tools=tmp_path)
    text = beside.page(run(), given)
    assert "| entity page, made anew | 2.0 / 1.00 | **×30** 60 / 9.0 | **×0.10** 0.20 / 0.10 |" in text
    assert "| ×150 every publisher | **×30, short** |" in text
    assert "- **Virtuoso** could not be had: apt-get is not here." in text
    assert "- **rdflib-endpoint**, entity page, made anew: it has no pages." in text
    assert text.partition("## What falls short")[2].count("\n- **") == 2


def test_figures_that_were_written_are_read_back(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(asdict(run())), "utf-8")
    again = beside.read(tmp_path / "run.json")
    assert [asdict(line) for line in again.lines] == [asdict(line) for line in run().lines]
    assert (again.missing, again.triples, again.minutes) == (run().missing, 1000, 3.0)


def test_every_row_that_may_fall_short_is_a_row() -> None:
    assert set(beside.REASONS) | set(beside.AIMS) <= {beside.START, beside.MEMORY, *_names()}


def _names() -> set[str]:
    return {
        row.name
        for row in questions.rows(1, questions.Known({f"{BASE}id/org-0-0": "A", f"{BASE}id/org-union": "U"}, []))
    }


@pytest.mark.slow
def test_what_cannot_be_installed_is_missing_with_the_words_of_the_client(tmp_path: Path) -> None:
    with pytest.raises(installing.Missing, match="pip: "):
        installing.python(tmp_path / "venv", "--no-index", "kgpub-has-no-such-peer==0")


def test_a_server_that_ends_at_once_did_not_start_and_nothing_is_left(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="nothing did not start: gone"),
        running(
            Program("nothing", ("sh", "-c", "sleep 300 & echo $! > pid; echo gone; exit 1"), 1, "/", folder=tmp_path)
        ),
    ):
        pass
    command = ["ps", "-o", "stat=", "-p", (tmp_path / "pid").read_text().strip()]
    end, state = time.monotonic() + 30, "R"
    while state not in {"", "Z"} and time.monotonic() < end:  # a process that was killed runs on for a moment
        state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()[:1]
    assert state in {"", "Z"}
