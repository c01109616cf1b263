"""What the query page says of asking and of answers."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    # ---- SPARQL
    "sparql.lead": Words(
        "დაწერეთ SPARQL-ის მოთხოვნა და ნახეთ შედეგი ცხრილად; პროგრამებს იგივე მისამართი პასუხობს.",
        "Write a SPARQL query and see the result as a table; programs use the same address.",
    ),
    "sparql.query": Words("მოთხოვნა", "Query"),
    "sparql.format": Words("პასუხის ფორმატი", "Answer as"),
    "sparql.format.page": Words("ცხრილი ამ გვერდზე", "a table on this page"),
    "sparql.run": Words("შესრულება", "Run"),
    "sparql.examples": Words("მაგალითები", "Examples"),
    "sparql.result": Words("შედეგი", "Result"),
    "sparql.rows": Words("სტრიქონები: {count}", "Rows: {count}"),
    "sparql.truncated": Words(
        "ნაჩვენებია მხოლოდ დასაწყისი. სრული პასუხი აირჩიეთ სხვა ფორმატით.",
        "Only the beginning is shown. Choose another format for the whole answer.",
    ),
    "sparql.none": Words("მოთხოვნას არცერთი სტრიქონი არ შეესაბამება.", "No row answers the query."),
    "sparql.true": Words("ჭეშმარიტია", "true"),
    "sparql.false": Words("მცდარია", "false"),
    "sparql.unbound": Words("მნიშვნელობა არ არის", "no value"),
    "sparql.subject": Words("სუბიექტი", "Subject"),
    "sparql.predicate": Words("პრედიკატი", "Predicate"),
    "sparql.object": Words("ობიექტი", "Object"),
    "sparql.error": Words("მოთხოვნა ვერ შესრულდა", "The query could not be answered"),
    "sparql.place": Words("სტრიქონი {line}, სვეტი {column}", "Line {line}, column {column}"),
    "sparql.endpoint": Words("მისამართი პროგრამებისთვის", "Address for programs"),
    "sparql.terms": Words(
        "პასუხში რიცხვები და თარიღები ნორმალიზებული სახითაა; ერთეულის დოკუმენტი წყაროს ჩანაწერს ზუსტად ინახავს.",
        "Answers normalise numbers and dates; an entity's document keeps them as the source has them.",
    ),
}
