"""What an entity's page says beyond its data."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "statements.other": Words("სხვა დებულებები", "Other statements"),
    "class.browse": Words("წევრების სია: {count}", "List of members: {count}"),
    "properties.more": Words(
        "კიდევ {count} თვისება მონაცემთა ფაილებშია.", "{count} more properties are in the data files."
    ),
    "sections": Words("ამ გვერდზე", "On this page"),
    "image": Words("სურათი", "Image"),
    "figure.least": Words("მინიმუმ {number}", "at least {number}"),
    "figure.least.exclusive": Words("{number}-ზე მეტი", "more than {number}"),
    "figure.most": Words("მაქსიმუმ {number}", "at most {number}"),
    "figure.most.exclusive": Words("{number}-ზე ნაკლები", "fewer than {number}"),
    "text.unfold": Words("სრულად წაკითხვა", "Read on"),
    "source.where": Words("საიდან არის ეს დებულება", "Where this statement comes from"),
    "list.order": Words("თანმიმდევრობით", "In this order"),
    "list.broken": Words("სიას დასასრული არ აქვს.", "The list does not end as lists do."),
    # ---- what validation found
    "remarks": Words("შემოწმების შედეგი", "What validation found"),
    "remarks.more": Words("კიდევ {count} ანგარიშშია.", "{count} more are in the report."),
    "remarks.report": Words("მთელი ანგარიში", "The whole report"),
    # ---- citing and handing on
    "identity": Words("ციტირება და მუდმივი ბმული", "Cite and share"),
    "identity.words": Words("ციტირება", "Cite as"),
    "identity.files": Words("ბიბლიოგრაფიისთვის", "For bibliographies"),
    "identity.link": Words("მუდმივი ბმული", "Permanent link"),
    "identity.qr.alt": Words("QR კოდი მუდმივი ბმულით: {link}", "QR code of the permanent link {link}"),
    # ---- all values of a property
    "graph.held": Words("რას შეიცავს ეს გრაფი", "What this graph holds"),
    "graph.ask": Words("მათი ჩვენება SPARQL-ით", "Show them by SPARQL"),
    "graph.files": Words("ფაილები", "Files"),
    "graph.things": Words("მაგალითად", "For example"),
    "parts": Words("რა არის აღწერილი ამ დოკუმენტში: {count}", "Described in this document: {count}"),
    "parts.more": Words(
        "კიდევ {count}: იპოვით ძიებით; ყველა მონაცემთა ფაილშია.",
        "{count} more: search finds them; the data files hold all.",
    ),
    "values.of": Words("რისი თვისებაა", "Of"),
    # ---- reporting an error
    "report": Words("გვაცნობეთ შეცდომის შესახებ", "Report an error"),
    "report.ask": Words("შეცდომა შენიშნეთ?", "Seen a mistake?"),
    "report.lead": Words(
        "შეამოწმეთ, რას ეხება შეტყობინება, და გახსენით ფორმა ან წერილი: საჭირო ცნობები უკვე შევსებულია.",
        "Check what the report is about, then open the form or the letter: what is needed is filled in already.",
    ),
    "report.iri": Words("რას ეხება", "About"),
    "report.statement": Words("დებულება", "Statement"),
    "report.snapshot": Words("გამოცემა", "Release"),
    "report.write": Words("წერილის დაწყება", "Write the letter"),
    "report.open": Words("ფორმის გახსნა", "Open the form"),
    "report.subject": Words("შეცდომა მონაცემებში: {name}", "Error in the data: {name}"),
    "report.none": Words(
        "ამ საიტს შეტყობინებებისთვის მისამართი მითითებული არ აქვს.", "This site names no address for reports."
    ),
}
