"""Years before 1 and beyond 9999, in values, their order and facets."""

import re

import pytest
from starlette.testclient import TestClient

from kgpub.days import moment
from kgpub.represent.locale import XSD, voice
from test_unprepared import opened, page

SAID = [
    pytest.param("-0044", "gYear", "ძვ. წ. 45 წელი", "45 BCE", id="a year"),
    pytest.param("0000", "gYear", "ძვ. წ. 1 წელი", "1 BCE", id="the year 0"),
    pytest.param("-0000", "gYear", "ძვ. წ. 1 წელი", "1 BCE", id="and the same with a sign"),
    pytest.param("0001", "gYear", "1 წელი", "1", id="the year 1"),
    pytest.param("-0044-03", "gYearMonth", "ძვ. წ. 45 წლის მარტი", "March 45 BCE", id="a month"),
    pytest.param("-0044-03-15", "date", "ძვ. წ. 45 წლის 15 მარტი", "15 March 45 BCE", id="a day"),
    pytest.param("-0044-03-15Z", "date", "ძვ. წ. 45 წლის 15 მარტი UTC", "15 March 45 BCE UTC", id="a zone"),
    pytest.param(
        "-0044-03-15T10:30:00", "dateTime", "ძვ. წ. 45 წლის 15 მარტი, 10:30", "15 March 45 BCE, 10:30", id="a time"
    ),
    pytest.param("0000-02-29", "date", "ძვ. წ. 1 წლის 29 თებერვალი", "29 February 1 BCE", id="1 BCE was a leap year"),
    pytest.param("-0001-02-29", "date", None, None, id="2 BCE was none"),
    pytest.param("-12000", "gYear", "ძვ. წ. 12001 წელი", "12001 BCE", id="long before"),
    pytest.param("12024-05-01", "date", "12024 წლის 1 მაისი", "1 May 12024", id="beyond 9999"),
    pytest.param("-9999999999", "gYear", None, None, id="more digits than are counted"),
    pytest.param("-44", "gYear", None, None, id="too few digits"),
    pytest.param("--0044", "gYear", None, None, id="two signs"),
    pytest.param("-" * 10_000, "gYear", None, None, id="nothing but signs"),
]


@pytest.mark.parametrize(("lexical", "datatype", "georgian", "english"), SAID)
def test_dates_are_said(lexical: str, datatype: str, georgian: str | None, english: str | None) -> None:
    assert voice("ka").date(lexical, XSD + datatype) == georgian
    assert voice("en").date(lexical, XSD + datatype) == english


ORDER = ["-12000", "-0100", "-0044", "0000", "0001", "0999", "2020", "12024", "999999999"]


def test_dates_are_sorted_as_they_follow() -> None:
    moments = [moment(text, XSD + "gYear") for text in ORDER]
    assert moments == sorted(set(moments))
    assert moment("-0044", XSD + "string") == moment("x", XSD + "gYear") == 0


@pytest.fixture(scope="module")
def ancient(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    typed = ", ".join(f'"{year}"^^xsd:gYear' for year in sorted(ORDER))
    events = "\n".join(
        f':e{i} a :Event ; rdfs:label "event {i}"@en ; schema:startDate "{-300 + i * 20:05d}"^^xsd:gYear .'
        for i in range(15)
    )
    data = f"""@prefix xsd: <{XSD}> .
    :Event a rdfs:Class ; rdfs:label "Event"@en .
    :all rdfs:label "All"@en ; dct:date {typed} .
    :caesar rdfs:label "Caesar"@en ; schema:deathDate "-0043-03-15"^^xsd:date .
    {events}
    """
    return opened(tmp_path_factory.mktemp("eras"), data)


def test_a_page_shows_years_in_their_order(ancient: TestClient) -> None:
    text = page(ancient, "/id/all.en.html")
    shown = re.findall(r'<(?:data value|time datetime)="(-?\d{4,9})"', text)
    assert list(dict.fromkeys(shown)) == ORDER
    assert "12001 BCE" in text


@pytest.mark.parametrize(("language", "said"), [("en", "15 March 44 BCE"), ("ka", "ძვ. წ. 44 წლის 15 მარტი")])
def test_a_value_before_our_era(ancient: TestClient, language: str, said: str) -> None:
    text = page(ancient, f"/id/caesar.{language}.html")
    assert f'<data value="-0043-03-15">{said}</data>' in text


@pytest.mark.parametrize(("language", "said"), [("en", r"\d+ BCE – \d+ BCE"), ("ka", r"ძვ\. წ\. \d+ – ძვ\. წ\. \d+")])
def test_facets_say_years_as_people_count_them(ancient: TestClient, language: str, said: str) -> None:
    answer = ancient.get("/-/browse", params={"class": "https://kg.example/id/Event", "lang": language})
    assert answer.status_code == 200
    found = re.findall(said, answer.text)
    numbers = [int(re.findall(r"\d+", one)[0]) for one in found]
    assert len(numbers) > 2
    assert numbers == sorted(numbers, reverse=True)
