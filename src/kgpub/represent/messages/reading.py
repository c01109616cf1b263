"""What had to be forgiven to read the files of a site; the reasons of parsers are quoted as they give them."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "reading.format": Words(
        "შიგთავსი სხვა ფორმატისაა, ვიდრე ფაილის სახელი მიუთითებს; წაკითხულია როგორც: {text}",
        "the content is in another format than the name says; read as: {text}",
    ),
    "reading.encoding": Words(
        "ტექსტი UTF-8 კოდირებისა არ არის; წაკითხულია კოდირებით: {text}",
        "the text is not in UTF-8; read in the encoding: {text}",
    ),
    "reading.mended": Words(
        "IRI-ში დაუშვებელი სიმბოლოებია; ისინი პროცენტული კოდით შეიცვალა: {text}",
        "an IRI has characters that are not allowed; they were percent-encoded: {text}",
    ),
    "reading.resolved": Words(
        "IRI ფარდობითია, ფორმატი კი ამას არ უშვებს; შეივსო საიტის საბაზისო მისამართით: {text}",
        "an IRI is relative, which the format does not allow; resolved against the site's base: {text}",
    ),
    "reading.odd": Words(
        "ენის ნიშანი BCP 47-ს არ შეესაბამება; უცვლელად დარჩა: {text}",
        "a language tag is not one of BCP 47; kept as it is: {text}",
    ),
    "reading.plain": Words(
        "ენის ნიშანი RDF-ში ვერ ჩაიწერება; ტექსტი ენის გარეშე დარჩა: {text}",
        "a language tag cannot be written in RDF; the text was kept without a language: {text}",
    ),
    "reading.left out": Words(
        "IRI ვერ გასწორდა; დებულება გამოტოვებულია: {text}",
        "an IRI cannot be mended; the statement was left out: {text}",
    ),
    "reading.skipped": Words(
        "ფაილი ვერ იკითხება და მთლიანად გამოტოვებულია: {text}",
        "the file cannot be read and was left out whole: {text}",
    ),
    "reading.more": Words("კიდევ ასეთი ადგილები, აქ ჩამოუთვლელი: {text}", "more like these, not listed: {text}"),
}
