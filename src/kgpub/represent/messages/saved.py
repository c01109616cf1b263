"""What the pages of saved queries say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    # ---- the gallery
    "saved": Words("შენახული მოთხოვნები", "Saved queries"),
    "saved.lead": Words(
        "მზა კითხვები ამ გრაფისთვის: წაიკითხეთ მოთხოვნა, შეცვალეთ პარამეტრები და პასუხი სასურველი ფორმატით წაიღეთ.",
        "Ready-made questions to this graph: read the query, set its parameters, take the answer in any format.",
    ),
    "saved.course": Words("SPARQL ნაბიჯ-ნაბიჯ", "SPARQL, one question at a time"),
    "saved.course.lead": Words(
        "თითოეული მოთხოვნა SPARQL-ის თითო საშუალებას აჩვენებს, მარტივიდან რთულისკენ.",
        "Each query shows one thing that SPARQL can do, from the plain to the intricate.",
    ),
    "saved.others": Words("სხვა მოთხოვნები", "Other queries"),
    "saved.empty": Words("ამ საიტზე შენახული მოთხოვნები არ არის.", "This site has no saved queries."),
    "saved.json": Words("ეს სია პროგრამებისთვის", "This list for programs"),
    "saved.lesson": Words("რას აჩვენებს", "Shows"),
    "saved.parameters": Words("პარამეტრები", "Parameters"),
    # ---- one query
    "saved.form": Words("კითხვა", "Your question"),
    "saved.run": Words("პასუხის ნახვა", "Show the answer"),
    "saved.any": Words("ნებისმიერი", "any"),
    "saved.choose": Words("აირჩიეთ", "choose"),
    "saved.optional": Words("არასავალდებულო", "optional"),
    "saved.required": Words("სავალდებულო", "required"),
    "saved.find": Words("ერთეულის პოვნა", "Find one"),
    "saved.answer": Words("პასუხი", "Answer"),
    "saved.first": Words(
        "ნაჩვენებია მხოლოდ დასაწყისი; სრული პასუხი ფაილებშია.", "Only the beginning is shown; the files have it all."
    ),
    "saved.missing": Words("პასუხისთვის მიუთითეთ: {names}", "For an answer, give: {names}"),
    "saved.error": Words("ამ კითხვას პასუხი ვერ გაეცა", "This could not be answered"),
    "saved.text": Words("მოთხოვნა", "The query"),
    "saved.open": Words("გახსნა SPARQL-ის გვერდზე", "Open in the SPARQL page"),
    "saved.file": Words("ფაილი (.rq)", "File (.rq)"),
    "saved.address": Words("მისამართი პროგრამებისთვის", "Address for programs"),
    "saved.address.lead": Words(
        "ფორმატს მისამართის დაბოლოება განსაზღვრავს. თუ ერთ პარამეტრს რამდენიმე მნიშვნელობას მისცემთ, "
        "პასუხები ერთად დაბრუნდება.",
        "The ending chooses the format. Several values of one parameter bring their answers together.",
    ),
    "saved.name": Words("სახელი", "Name"),
    "saved.type": Words("ტიპი", "Type"),
    "saved.default": Words("ნაგულისხმევი", "Default"),
    "saved.description": Words("აღწერა", "Description"),
    "saved.class": Words("კლასი", "Class"),
    "saved.course.way": Words("მოთხოვნების თანმიმდევრობა", "The queries in order"),
    "saved.previous": Words("წინა", "Previous"),
    "saved.next": Words("შემდეგი", "Next"),
    # ---- types of parameters
    "saved.type.iri": Words("მისამართი (IRI)", "an IRI"),
    "saved.type.string": Words("ტექსტი", "text"),
    "saved.type.langString": Words("ტექსტი და მისი ენა: text@en", "text and its language: text@en"),
    "saved.type.language": Words("ენის კოდი", "a language tag"),
    "saved.type.boolean": Words("დიახ ან არა", "yes or no"),
    "saved.type.integer": Words("მთელი რიცხვი", "a whole number"),
    "saved.type.decimal": Words("რიცხვი", "a number"),
    "saved.type.double": Words("რიცხვი", "a number"),
    "saved.type.date": Words("თარიღი: 2021-11-26", "a date: 2021-11-26"),
    "saved.type.dateTime": Words("თარიღი და დრო: 2021-11-26T10:00:00", "a date and time: 2021-11-26T10:00:00"),
    "saved.type.gYear": Words("წელი: 2021", "a year: 2021"),
    "saved.type.gYearMonth": Words("წელი და თვე: 2021-11", "a year and month: 2021-11"),
}
"""A message in every language that the interface speaks."""
