"""The order of words in an alphabetical list, and the letter that each is listed under."""

import pytest

from kgpub.collation import initial, place

ORDERS = [
    pytest.param("en", "apple Banana école Écu zebra", id="accents and capitals are passed over"),
    pytest.param("de", "Apfel Äpfel Zahn", id="German: ä stands with a"),
    pytest.param("sv", "apa zebra ål äpple öl", id="Swedish: å, ä and ö end the alphabet, in this order"),
    pytest.param("da", "abe zebra æble øl ål", id="Danish: æ, ø, å"),
    pytest.param("es", "nube nzz ñandú oso", id="Spanish: ñ follows n"),
    pytest.param("cs", "cena cz čas dub", id="Czech: č follows c"),
    pytest.param("tr", "hz ılık iz", id="Turkish: ı stands before i"),
    pytest.param("uk", "иа ій їа", id="Ukrainian: і, ї after и"),
    pytest.param("ka", "აბი აგი ბაბა ჰაერი", id="Georgian"),
    pytest.param("ka", "abc აბი", id="Latin before Georgian"),
    pytest.param("en", "«alpha» beta", id="marks before a word do not count"),
]


@pytest.mark.parametrize(("language", "words"), ORDERS)
def test_words_stand_in_the_order_of_the_language(language: str, words: str) -> None:
    expected = words.split()
    assert sorted(expected, key=lambda word: (place(word, language), word)) == expected


INITIALS = [
    ("apple", "en", "A"), ("École", "fr", "E"), ("Äpfel", "de", "A"), ("ärlig", "sv", "Ä"), ("ñandú", "es", "Ñ"),
    ("ñandú", "en", "N"), ("ქვა", "ka", "ქ"), ("Straße", "de", "S"), ("ßa", "de", "S"), ("Øl", "en", "O"),
    ("1968", "en", "#"), ("", "en", "#"), ("…", "en", "#"), ("(acid)", "en", "A"), ("煤", "zh", "煤"), ("فحم", "ar", "ف"),
    ("ڃ", "", "ڃ"), ("ǆ", "hr", "Ǆ"), ("कोयला", "hi", "क"), ("A\u0301a", "", "A"), ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "", "#"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "language", "letter"), INITIALS)
def test_a_word_is_listed_under_its_letter(word: str, language: str, letter: str) -> None:
    assert initial(word, language) == letter
    assert not "\u1c90" <= initial(word, language) <= "\u1cbf", "Mtavruli"
