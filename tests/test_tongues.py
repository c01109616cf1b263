"""What languages are called, whatever the data puts into a tag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.represent.tongues import habits, language_name, own_name, shortest

NAMED = [
    pytest.param("ka", "ქართული", "Georgian", id="two letters"),
    pytest.param("KA", "ქართული", "Georgian", id="capitals"),
    pytest.param("kat", "ქართული", "Georgian", id="three letters"),
    pytest.param("geo", "ქართული", "Georgian", id="three letters of the old list"),
    pytest.param("eng-latn", "ინგლისური (ლათინური)", "English (Latin)", id="three letters and a script"),
    pytest.param("ka-Latn", "ქართული (ლათინური)", "Georgian (Latin)", id="a script"),
    pytest.param("zh-Hant", "ტრადიციული ჩინური", "Traditional Chinese", id="a script with a name of its own"),
    pytest.param("zh-Hant-TW", "ტრადიციული ჩინური (ტაივანი)", "Traditional Chinese (Taiwan)", id="and a region"),
    pytest.param("sr-Latn-RS", "სერბული (ლათინური, სერბეთი)", "Serbian (Latin, Serbia)", id="script and region"),
    pytest.param("pt-BR", "ბრაზილიური პორტუგალიური", "Brazilian Portuguese", id="a region with a name of its own"),
    pytest.param("es-419", None, "Latin American Spanish", id="a region that is a number"),
    pytest.param(
        "de-1996", "გერმანული (1996 წლის გერმანული ორთოგრაფია)", "German (German orthography of 1996)", id="a variant"
    ),
    pytest.param("zh-yue-HK", None, "Cantonese (Hong Kong SAR China)", id="a family first"),
    pytest.param("en-x-mine-too", "ინგლისური (x-mine-too)", "English (x-mine-too)", id="a private part"),
    pytest.param("de-a-foo", "გერმანული (a-foo)", "German (a-foo)", id="an extension"),
    pytest.param("xmf", None, "Mingrelian", id="a language that only one of the two has a name for"),
    pytest.param("x-private", "x-private", "x-private", id="private altogether"),
    pytest.param("i-enochian", "i-enochian", "i-enochian", id="of the first registry"),
    pytest.param("qqq-Latn", "qqq-Latn", "qqq-Latn", id="no language"),
    pytest.param("sh", None, None, id="a code for a language and a script"),
    pytest.param("en_US", "en_US", "en_US", id="no tag"),
    pytest.param("", "", "", id="nothing"),
    pytest.param("en-" * 400, "en-" * 400, "en-" * 400, id="too long"),
]


@pytest.mark.parametrize(("tag", "georgian", "english"), NAMED)
def test_language_names(tag: str, georgian: str | None, english: str | None) -> None:
    assert georgian is None or language_name("ka", tag) == georgian
    assert english is None or language_name("en", tag) == english
    assert language_name("ka", tag) or not tag


@given(st.text(st.sampled_from("enkaxzhL-_0 19ქ\x00A"), max_size=120) | st.text())
def test_no_tag_is_an_error(tag: str) -> None:
    for spoken in ("ka", "en", tag):
        assert len(language_name(spoken, tag)) <= max(len(tag), 1_000)
    assert own_name(tag) is not None
    assert habits(tag).language
    assert shortest(tag).partition("-")[2] == tag.partition("-")[2]


SHORTEST = [("eng-latn", "en-latn"), ("sh", "sh"), ("ka-Latn", "ka-Latn"), ("xmf", "xmf"), ("", "")]


@pytest.mark.parametrize(("tag", "expected"), SHORTEST)
def test_shortest(tag: str, expected: str) -> None:
    assert shortest(tag) == expected
