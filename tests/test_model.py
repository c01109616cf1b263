"""What is said of things: which label a reader gets, how many pages there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.model import Description, Finding, Incoming, Listing, Report, Text, pick

TAGS = st.sampled_from(["", "ka", "en", "ka-latn", "ka-ge", "en-gb", "en-us", "de", "zh-hant", "x-own"])

LABELS = [
    # lookup
    pytest.param({"ka": "ა", "en": "a"}, ("ka", "en"), Text("ა", "ka"), id="the first language that there is"),
    pytest.param({"en": "a"}, ("ka", "en"), Text("a", "en"), id="the second language where the first is missing"),
    pytest.param({"en": "a", "": "x"}, ("ka", "en"), Text("a", "en"), id="any wanted language before none"),
    pytest.param({"": "x", "ru": "б"}, ("ka", "en"), Text("x", ""), id="no language before an unwanted one"),
    pytest.param({"ru": "б", "de": "d"}, ("ka",), Text("б", "ru"), id="else the first of the others"),
    pytest.param({}, ("ka",), None, id="no label at all"),
    pytest.param({"ka": "ა"}, (), Text("ა", "ka"), id="a reader who prefers nothing"),
    pytest.param({"ka": "ა"}, ("KA",), Text("ა", "ka"), id="letter case does not matter"),
    pytest.param({"ka": ""}, ("ka",), Text("", "ka"), id="an empty label is a label"),
    # regions
    pytest.param({"en": "a"}, ("en-gb",), Text("a", "en"), id="a region is cut off"),
    pytest.param({"en": "a", "en-gb": "b"}, ("en-gb",), Text("b", "en-gb"), id="the exact region first"),
    pytest.param({"en-gb": "b"}, ("en",), Text("b", "en-gb"), id="a region stands for its language"),
    pytest.param({"en-us": "u", "en-gb": "b"}, ("en",), Text("b", "en-gb"), id="the first of several regions"),
    pytest.param({"en-gb": "b", "ka": "ა"}, ("en-us", "ka"), Text("ა", "ka"), id="one region never stands for another"),
    pytest.param({"ka-ge": "ა"}, ("ka",), Text("ა", "ka-ge"), id="Georgian of Georgia stands for Georgian"),
    pytest.param({"es": "e"}, ("es-419",), Text("e", "es"), id="a region in digits is cut off"),
    pytest.param({"de": "d"}, ("de-1996",), Text("d", "de"), id="a spelling is cut off"),
    pytest.param({"english": "x", "en": "a"}, ("en",), Text("a", "en"), id="a tag that only begins alike is another"),
    # scripts
    pytest.param({"ka-latn": "a", "en": "e"}, ("ka", "en"), Text("e", "en"), id="Latin letters never stand for Georgian"),
    pytest.param({"ka": "ა", "en": "e"}, ("ka-latn", "en"), Text("e", "en"), id="Georgian letters never for Latin ones"),
    pytest.param({"ka-latn": "a"}, ("ka-latn",), Text("a", "ka-latn"), id="Latin letters for who asks for them"),
    pytest.param({"ka-latn": "a"}, ("ka-latn-ge",), Text("a", "ka-latn"), id="a region behind a script is cut off"),
    pytest.param({"ka": "ა", "": "x"}, ("ka-latn-ge",), Text("x", ""), id="but the script is not"),
    pytest.param({"ka-latn-ge": "a", "": "x"}, ("ka",), Text("x", ""), id="nor does a script with a region stand for none"),
    pytest.param({"ka-latn": "a"}, ("ka",), Text("a", "ka-latn"), id="the only label there is says what it is"),
    pytest.param({"zh": "z", "en": "e"}, ("zh-hant-tw", "en"), Text("e", "en"), id="nor is Chinese mixed"),
    # extensions
    pytest.param({"en": "a"}, ("en-a-bbb",), Text("a", "en"), id="an extension goes with its letter"),
    pytest.param({"en": "a"}, ("en-x-own",), Text("a", "en"), id="private use goes with its letter"),
    pytest.param({"en": "a"}, ("x-own", "en"), Text("a", "en"), id="a private tag stands for nothing else"),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "languages", "expected"), LABELS)
def test_the_label_a_reader_gets(labels: dict[str, str], languages: tuple[str, ...], expected: Text | None) -> None:
    assert pick(labels, languages) == expected


@given(st.dictionaries(TAGS, st.text(max_size=3)), st.lists(TAGS, max_size=4).map(tuple))
def test_a_label_is_always_one_of_the_labels_with_its_own_tag(
    labels: dict[str, str], languages: tuple[str, ...]
) -> None:
    found = pick(labels, languages)
    assert (found is None) == (not labels)
    assert found is None or labels[found.language] == found.value


@given(st.dictionaries(TAGS, st.text(max_size=3), min_size=1), TAGS.filter(bool))
def test_a_label_in_the_exact_language_always_wins(labels: dict[str, str], language: str) -> None:
    labels[language] = "exact"
    assert pick(labels, (language, "en", "ka")) == Text("exact", language)


PAGES = [
    pytest.param(0, 50, 1, id="nothing fills one page"),
    pytest.param(1, 50, 1, id="one thing fills one page"),
    pytest.param(50, 50, 1, id="a full page"),
    pytest.param(51, 50, 2, id="one more than a full page"),
    pytest.param(1_000_000, 50, 20_000, id="a hub"),
]


@pytest.mark.parametrize(("count", "size", "pages"), PAGES)
def test_how_many_pages_there_are(count: int, size: int, pages: int) -> None:
    assert Listing("x:x", count, (), {}, size=size).pages == pages
    assert Incoming("x:p", count, (), size=size).pages == pages


def test_a_report_counts_its_findings_by_severity() -> None:
    findings = tuple(Finding(severity, "x:x", "x:s", "x:c", {}) for severity in ("violation", "warning", "warning"))
    report = Report(conforms=False, findings=findings)
    assert [report.count(severity) for severity in ("violation", "warning", "info")] == [1, 2, 0]


def test_what_is_said_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Description("x:x", (), ()).iri = "x:y"  # type: ignore[misc]  # that is the point
