"""What the query page says of asking and of answers."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

_RESULTS = "results."

MESSAGES: Mapping[str, Words] = {
    # ---- SPARQL
    "sparql.lead": Words(
        "დაწერეთ SPARQL-ის მოთხოვნა და ნახეთ შედეგი ცხრილად; პროგრამებს იგივე მისამართი პასუხობს.",
        "Write a SPARQL query and see the result as a table; programs use the same address.",
    ),
    "sparql.query": Words("მოთხოვნა", "Query"),
    "sparql.format": Words("პასუხის ფორმატი", "Answer as"),
    "sparql.format.page": Words("ცხრილი ამ გვერდზე", "a table on this page"),
    "sparql.format.rows": Words("სტრიქონები (SELECT, ASK)", "Rows (SELECT, ASK)"),
    "sparql.format.triples": Words("სამეულები (CONSTRUCT, DESCRIBE)", "Triples (CONSTRUCT, DESCRIBE)"),
    "sparql.run": Words("შესრულება", "Run"),
    "sparql.conditions": Words("მოთხოვნას ახლავს", "Asked with"),
    "sparql.conditions.drop": Words("ამ პირობების გარეშე", "Ask without these"),
    "sparql.examples": Words("მაგალითები", "Examples"),
    "sparql.result": Words("შედეგი", "Result"),
    "sparql.rows": Words("სტრიქონები: {count}", "Rows: {count}"),
    "sparql.triples": Words("სამეულები: {count}", "Triples: {count}"),
    "sparql.time": Words("დრო: {count} მწმ", "Time: {count} ms"),
    "sparql.time.first": Words("დრო ამ სტრიქონებამდე: {count} მწმ", "Time to these rows: {count} ms"),
    "sparql.release": Words("გამოცემა", "Release"),
    "sparql.old": Words("პასუხი ძველი გამოცემიდანაა.", "This answer is from an earlier release."),
    "sparql.current": Words("იგივე მოთხოვნა მოქმედ გამოცემაზე", "Ask the current release"),
    "sparql.truncated": Words(
        "ნაჩვენებია მხოლოდ დასაწყისი; სრული პასუხი ჩამოსატვირთ ფაილებშია.",
        "Only the beginning is shown; the downloads have the whole answer.",
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
    "sparql.hints": Words("რჩევები", "Hints"),
    "sparql.endpoint": Words("მისამართი პროგრამებისთვის", "Address for programs"),
    "sparql.terms": Words(
        "პასუხში რიცხვები და თარიღები ნორმალიზებული სახითაა; ერთეულის დოკუმენტი წყაროს ჩანაწერს ზუსტად ინახავს.",
        "Answers normalise numbers and dates; an entity's document keeps them as the source has them.",
    ),
    # ---- what can be done with an answer
    "sparql.downloads": Words("პასუხის ჩამოტვირთვა", "Download the answer"),
    "sparql.text": Words("მოთხოვნის ტექსტი", "the query's text"),
    "sparql.use": Words("ამ მოთხოვნის გამოყენება", "Use this query"),
    "sparql.use.lead": Words(
        "იგივე მოთხოვნა ტერმინალიდან ან პროგრამიდან.", "The same query from a terminal or a program."
    ),
    "sparql.cite": Words("ამ პასუხის ციტირება", "Cite this answer"),
    "sparql.cite.text": Words(
        "{title}. პასუხი SPARQL-ის მოთხოვნაზე. ვერსია {version}. {built}.",
        "{title}. Answer to a SPARQL query. Version {version}. {built}.",
    ),
    "sparql.cite.permalink": Words("მუდმივი მისამართი", "Permalink"),
    "sparql.cite.note": Words(
        "მისამართი მოთხოვნასაც ასახელებს და გამოცემასაც: სანამ ეს გამოცემა ინახება, პასუხი უცვლელია.",
        "The address names both query and release: as long as that release is kept, the answer stays the same.",
    ),
    "sparql.cite.files": Words("ბიბლიოგრაფიისთვის", "For a bibliography"),
    # ---- what the script of the results says
    "results.table": Words("ცხრილი", "Table"),
    "results.chart": Words("დიაგრამა", "Chart"),
    "results.map": Words("რუკა", "Map"),
    "results.graph": Words("გრაფი", "Graph"),
    "results.views": Words("შედეგის სახე", "Show as"),
    "results.filter": Words("სტრიქონების გაფილტვრა", "Filter rows"),
    "results.per-page": Words("სტრიქონები გვერდზე", "Rows per page"),
    "results.all": Words("ყველა", "All"),
    "results.shown": Words("{from}–{to}, სულ {count}", "{from}–{to} of {count}"),
    "results.none": Words("ფილტრს არცერთი სტრიქონი არ შეესაბამება.", "No row matches the filter."),
    "results.pages": Words("ცხრილის გვერდები", "Pages of the table"),
    "results.previous": Words("წინა", "Previous"),
    "results.next": Words("შემდეგი", "Next"),
    "results.sort": Words("დალაგება: {name}", "Sort by {name}"),
    "results.measure": Words("სიდიდე", "Measure"),
    "results.first": Words(
        "ნაჩვენებია პირველი {count}; დანარჩენი ცხრილშია.", "The first {count} are shown; the table has the rest."
    ),
    "results.row": Words("სტრიქონი {count}", "row {count}"),
    "results.in": Words("მიახლოება", "Zoom in"),
    "results.out": Words("დაშორება", "Zoom out"),
    "results.whole": Words("მთლიანად", "Show all"),
    "results.close": Words("დახურვა", "Close"),
    "results.north": Words("ჩ. გ.", "N"),
    "results.south": Words("ს. გ.", "S"),
    "results.east": Words("ა. გ.", "E"),
    "results.west": Words("დ. გ.", "W"),
    "results.here": Words("ამ წერტილში: {count}", "{count} at this place"),
    "results.chart-title": Words("დიაგრამა: {name}", "Chart: {name}"),
    "results.map-title": Words("რუკა. წერტილები: {count}", "Map. Places: {count}"),
    "results.graph-title": Words(
        "გრაფი. კვანძები: {count}, კავშირები: {links}", "Graph. Nodes: {count}, links: {links}"
    ),
    "results.literals": Words("ტექსტები და რიცხვები ცხრილშია.", "Texts and numbers are in the table."),
    "results.nodes": Words(
        "ნაჩვენებია პირველი {count} კვანძი; დანარჩენი ცხრილშია.",
        "The first {count} nodes are shown; the table has the rest.",
    ),
}

RESULTS_KEYS = tuple(key.removeprefix(_RESULTS) for key in MESSAGES if key.startswith(_RESULTS))
"""The names by which the script of the results asks for its words."""
