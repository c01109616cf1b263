"""What search and its suggestions say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "search.title": Words("ძიება: „{query}“", "Search: “{query}”"),
    "search.count": Words("ნაპოვნია: {count}", "{count} found"),
    "search.none": Words("„{query}“: ვერაფერი მოიძებნა.", "Nothing was found for “{query}”."),
    "search.none.within": Words(
        "„{query}“: ამ კლასში ვერაფერი მოიძებნა.", "Nothing was found for “{query}” in this class."
    ),
    "search.try": Words(
        "სცადეთ უფრო მოკლე სიტყვა ან სახელის დასაწყისი; ძიება ქართულ და ლათინურ ანბანს ერთნაირად კითხულობს.",
        "Try a shorter word or the beginning of a name; search reads the Georgian and the Latin alphabet alike.",
    ),
    "search.lead": Words(
        "იძებნება სახელებში, აბრევიატურებსა და აღწერებში, ყველა ენაზე. შეგიძლიათ წეროთ ქართულად ან ლათინური ასოებით; "
        "ბრუნვის ნიშანი და მცირე შეცდომა ძიებას ხელს არ უშლის.",
        "Search looks at names, abbreviations and descriptions in all languages. Write Georgian in Georgian or Latin "
        "letters; case endings and small mistakes do no harm.",
    ),
    "search.classes": Words("კლასი", "Class"),
    "search.all": Words("ყველა კლასი", "All classes"),
    "search.within": Words("მხოლოდ კლასი", "Only the class"),
    "search.reason.label": Words("სახელი", "Name"),
    "search.reason.alternative": Words("სხვა სახელი", "Another name"),
    "search.reason.description": Words("აღწერა", "Description"),
    "search.reason.similar": Words("მსგავსი სახელი", "A similar name"),
    "search.suggestions": Words("შემოთავაზებები", "Suggestions"),
    "search.suggestions.count": Words("შემოთავაზებები: {count}", "Suggestions: {count}"),
    "search.suggestions.none": Words("შემოთავაზება არ არის.", "No suggestions."),
}
