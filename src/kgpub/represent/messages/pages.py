"""What every page, entity, list, search result and report says."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    # ---- every page
    "skip": Words("მთავარ შინაარსზე გადასვლა", "Skip to the content"),
    "nav": Words("საიტის ნავიგაცია", "Site"),
    "home": Words("მთავარი", "Home"),
    "classes": Words("კლასები", "Classes"),
    "data": Words("მონაცემების შესახებ", "About the data"),
    "sparql": Words("SPARQL", "SPARQL"),
    "language": Words("ენა", "Language"),
    "breadcrumb": Words("მდებარეობა საიტზე", "Breadcrumb"),
    "search": Words("ძიება", "Search"),
    "search.hint": Words("სახელი, აბრევიატურა ან სიტყვა", "A name, an abbreviation or a word"),
    "publisher": Words("გამომცემელი", "Publisher"),
    "licence": Words("ლიცენზია", "Licence"),
    "contact": Words("საკონტაქტო მისამართი", "Contact"),
    "made-with": Words("გამოქვეყნებულია kgpub-ით", "Published with kgpub"),
    "more": Words("ყველას ნახვა: {count}", "Show all {count}"),
    "more.below": Words("ყველას ნახვა, ქვეკლასების ჩათვლით: {count}", "Show all {count}, subclasses included"),
    "yes": Words("დიახ", "yes"),
    "no": Words("არა", "no"),
    # ---- an entity
    "iri": Words("მუდმივი მისამართი (IRI)", "Permanent identifier (IRI)"),
    "iri.original": Words("თავდაპირველი მისამართი", "Address at its source"),
    "copy": Words("კოპირება", "Copy"),
    "copied": Words("დაკოპირდა", "Copied"),
    "type": Words("ტიპი", "Type"),
    "statements": Words("დებულებები", "Statements"),
    "names": Words("სახელები და აღწერა", "Names and description"),
    "incoming": Words("რა უკავშირდება", "What links here"),
    "members": Words("კლასის წევრები", "Members of this class"),
    "formats": Words("მონაცემები", "Data"),
    "empty": Words(
        "ამ IRI-ის შესახებ საკუთარი დებულებები აქ არ არის; ჩანს მხოლოდ ის, რაც მას უკავშირდება.",
        "Nothing is stated about this IRI itself; only what links to it is shown.",
    ),
    "values.more": Words(
        "კიდევ {count}; სრული სია მონაცემთა ფაილებშია.", "{count} more; the data files have them all."
    ),
    "nested.cut": Words("გაგრძელება მონაცემთა ფაილებშია.", "The data files have the rest."),
    "text.cut": Words(
        "ტექსტი შემოკლებულია; სრულად მონაცემთა ფაილებშია.", "Shortened here; the data files have it whole."
    ),
    "triple": Words("დებულება დებულების შესახებ", "a statement about a statement"),
    "external": Words("გარე ბმული", "external link"),
    # ---- where a statement comes from
    "source": Words("წყარო", "Source"),
    "source.document": Words("დოკუმენტი", "Document"),
    "source.line": Words("სტრიქონი", "Line"),
    "source.line.short": Words("სტრ. {line}", "line {line}"),
    "source.quote": Words("ციტატა", "Quoted words"),
    "source.translation": Words("ჩვენი თარგმანი", "Our translation"),
    "source.status": Words("სტატუსი", "Status"),
    "source.modality": Words("მოდალობა", "Modality"),
    "source.confidence": Words("სანდოობა", "Confidence"),
    "source.evidence": Words("მტკიცებულება", "Evidence"),
    "source.note": Words("შენიშვნა", "Note"),
    "source.graph": Words("გრაფი", "Graph"),
    "source.more": Words("კიდევ {count} წყარო მონაცემთა ფაილებშია.", "{count} more sources are in the data files."),
    # ---- home
    "home.figures": Words("მონაცემები რიცხვებში", "In figures"),
    "count.triples": Words("დებულებები", "Statements"),
    "count.entities": Words("ერთეულები", "Entities"),
    "count.classes": Words("კლასები", "Classes"),
    "count.graphs": Words("გრაფები", "Graphs"),
    "home.search": Words("რას ეძებთ?", "What are you looking for?"),
    "home.browse": Words("დათვალიერება კლასების მიხედვით", "Browse by class"),
    "home.other": Words("სხვა კლასები", "Other classes"),
    "home.all-classes": Words("ყველა კლასი: {count}", "All classes: {count}"),
    "home.all-thesauri": Words("ყველა თეზაურუსი", "All thesauri"),
    "home.machines": Words("მკვლევრებისა და დეველოპერებისთვის", "For researchers and developers"),
    "home.sparql": Words(
        "დასვით კითხვა SPARQL 1.1-ით, ამ საიტიდან ან პროგრამიდან.",
        "Ask in SPARQL 1.1, from the page or from a program.",
    ),
    "home.download": Words("ჩამოტვირთვა", "Downloads"),
    "home.download.lead": Words("მთელი გრაფი ერთ ფაილად.", "The whole graph as one file."),
    "home.ontology": Words("ონტოლოგია", "Ontology"),
    "home.ontology.lead": Words(
        "კლასები და თვისებები, რომლებითაც მონაცემებია აღწერილი.",
        "The classes and properties that describe the data.",
    ),
    "home.data.lead": Words(
        "წყაროები, შემოწმების შედეგი, ლიცენზია და ციტირება.", "Sources, validation, licence and how to cite."
    ),
    "home.addresses": Words(
        "ყოველ ერთეულს მუდმივი მისამართი აქვს, რომელიც გვერდად და მონაცემებად იხსნება.",
        "Every entity has a permanent address that opens as a page and as data.",
    ),
    # ---- classes and lists
    "classes.lead": Words(
        "კლასები წევრების რაოდენობის მიხედვით; ქვეკლასების წევრებიც ითვლება.",
        "Classes by their number of members; those of subclasses are counted too.",
    ),
    "classes.name": Words("კლასი", "Class"),
    "classes.modelling": Words("აღწერის საშუალებები", "What the data is described by"),
    "classes.count": Words("წევრები", "Members"),
    "list.count": Words("სულ: {count}", "{count} in all"),
    "list.below": Words(
        "აქ მხოლოდ ის არის, რაც უშუალოდ ამ კლასს ეკუთვნის. ქვეკლასების წევრების ჩათვლით: {count}",
        "Only what is stated to be of this class itself. With the members of its subclasses: {count}",
    ),
    "list.about": Words("კლასის აღწერა", "About this class"),
    "list.hub": Words("აღწერის ნახვა", "See its description"),
    "list.pages": Words("გვერდები", "Pages"),
    "list.page": Words("გვერდი {page} / {pages}", "Page {page} of {pages}"),
    "list.previous": Words("წინა", "Previous"),
    "list.next": Words("შემდეგი", "Next"),
    # ---- about the data
    "data.lead": Words(
        "საიდან მოდის მონაცემები, რას შეიცავს და როგორ შემოწმდა.",
        "Where the data comes from, what it holds, and how it was checked.",
    ),
    "data.snapshot": Words("გამოცემა", "Release"),
    "data.version": Words("ვერსია", "Version"),
    "foot.as-of": Words(
        "დებულებები მონაცემთა წყაროდან პირდაპირ იკითხება. რიცხვები, სიები და ძიება მიახლოებითია: ისინი ბოლო "
        "განახლებისას დაითვალა.",
        "Statements are read from the data's own endpoint. Counts, lists and search are approximate: they were made at "
        "the last refresh.",
    ),
    "foot.as-of.when": Words("როდის განახლდა", "When that was"),
    "data.built": Words("შექმნის დრო", "Built"),
    "data.graphs": Words("გრაფები", "Graphs"),
    "data.graphs.lead": Words(
        "ყოველი გრაფი მონაცემების ნაწილია საკუთარი წყაროთი.",
        "Each graph is a part of the data with its own source.",
    ),
    "data.graph": Words("გრაფი", "Graph"),
    "data.sources": Words("წყარო", "Source"),
    "data.properties": Words("თვისებები", "Properties"),
    "data.properties.lead": Words("ყველაზე ხშირი თვისებები.", "The most used properties."),
    "data.property": Words("თვისება", "Property"),
    "data.validation": Words("შემოწმება", "Validation"),
    "data.conforms": Words("მონაცემები ყველა წესს აკმაყოფილებს.", "The data keeps to all its shapes."),
    "data.unchecked": Words(
        "არ შემოწმებულა: საიტს წესები (SHACL) არ აქვს.", "Not checked: the site has no shapes (SHACL)."
    ),
    "data.violated": Words("მონაცემები ყველა წესს არ აკმაყოფილებს.", "The data does not keep to all its shapes."),
    "data.findings": Words("შენიშვნები: {count}", "Findings: {count}"),
    "data.findings.more": Words(
        "ნაჩვენებია პირველი {count}; სრული ანგარიში: kgpub validate.",
        "The first {count} are shown; kgpub validate gives them all.",
    ),
    "data.severity": Words("სიმძიმე", "Severity"),
    "data.focus": Words("რას ეხება", "About"),
    "data.message": Words("შეტყობინება", "Message"),
    "data.place": Words("ადგილი", "Place"),
    "severity.violation": Words("დარღვევა", "violation"),
    "severity.warning": Words("გაფრთხილება", "warning"),
    "severity.info": Words("ცნობა", "information"),
    "data.use": Words("გამოყენება", "Use"),
    "data.cite": Words("ციტირება", "How to cite"),
    "data.no-licence": Words("ლიცენზია მითითებული არ არის.", "No licence is stated."),
    "data.cite.text": Words(
        "{title}. ვერსია {version}. {built}. {address}", "{title}. Version {version}. {built}. {address}"
    ),
    # ---- refusals: a heading and what the reader can do, per kind of error
    "problem.detail": Words("ზუსტი მიზეზი (ინგლისურად)", "The exact reason"),
    "problem.suggestions": Words("ხომ არ გულისხმობდით?", "Did you mean?"),
    "problem.ways": Words("რა შეიძლება გააკეთოთ", "Where to go from here"),
    "problem.not-found": Words("გვერდი ვერ მოიძებნა", "Page not found"),
    "problem.not-found.text": Words(
        "ამ მისამართზე არაფერია ან მონაცემები მის შესახებ არაფერს ამბობს. შეამოწმეთ მისამართი ან მოძებნეთ სახელით.",
        "Nothing is at this address, or the data says nothing about it. Check the address, or search by name.",
    ),
    "problem.bad-iri": Words("მისამართი არასწორადაა ჩაწერილი", "The address is not well formed"),
    "problem.bad-iri.text": Words(
        "მისამართში ისეთი სიმბოლოა, რომელიც IRI-ში არ დაიშვება. გადაამოწმეთ ბმული.",
        "The address contains a character that may not stand in an IRI. Check the link.",
    ),
    "problem.bad-request": Words("მოთხოვნა გაუგებარია", "The request cannot be understood"),
    "problem.bad-request.text": Words(
        "მისამართს რაღაც აკლია ან მნიშვნელობა არასწორია. დაბრუნდით წინა გვერდზე და სცადეთ ხელახლა.",
        "The address lacks something, or a value in it is wrong. Go back and try again.",
    ),
    "problem.bad-query": Words("SPARQL-ის მოთხოვნა ვერ იკითხება", "The SPARQL query cannot be read"),
    "problem.bad-query.text": Words(
        "მოთხოვნაში სინტაქსური შეცდომაა. ქვემოთ წერია, რა იყო მოსალოდნელი.",
        "The query has a syntax error. What was expected is said below.",
    ),
    "problem.query-refused": Words("ასეთი მოთხოვნა აქ არ სრულდება", "This query is not answered here"),
    "problem.query-refused.text": Words(
        "მონაცემების შეცვლა და სხვა სერვერებისთვის მიმართვა (SERVICE) აქ გამორიცხულია.",
        "Changing the data and asking other servers (SERVICE) are ruled out here.",
    ),
    "problem.method-not-allowed": Words("ეს მეთოდი აქ არ გამოიყენება", "This method is not used here"),
    "problem.method-not-allowed.text": Words(
        "ამ მისამართის წაკითხვა შეიძლება, შეცვლა არა.", "This address can be read, not changed."
    ),
    "problem.unsupported-media-type": Words("მოთხოვნის ფორმატი უცნობია", "The request is in an unknown format"),
    "problem.unsupported-media-type.text": Words(
        "ამ ტიპის მონაცემების წაკითხვა აქ შეუძლებელია.", "What was sent is of a type that cannot be read here."
    ),
    "problem.too-long": Words("მოთხოვნა ძალიან გრძელია", "The request is too long"),
    "problem.too-long.text": Words("შეამოკლეთ მოთხოვნა და სცადეთ ხელახლა.", "Shorten the request and try again."),
    "problem.not-acceptable": Words("ასეთ ფორმატში არ არის", "Not available in that format"),
    "problem.not-acceptable.text": Words(
        "მოთხოვნილ ფორმატში პასუხის გაცემა შეუძლებელია; მიზეზი ქვემოთაა.",
        "It cannot be had in the format asked for; the reason is below.",
    ),
    "problem.gone": Words("აღარ ინახება", "No longer kept"),
    "problem.gone.text": Words(
        "ეს გამოცემა წაშლილია; მოქმედი გამოცემა ხელმისაწვდომია.",
        "This release was removed; the current one is available.",
    ),
    "problem.unavailable": Words("მონაცემები დროებით მიუწვდომელია", "The data is unavailable for the moment"),
    "problem.unavailable.text": Words("სცადეთ რამდენიმე წამში.", "Try again in a few seconds."),
    "problem.internal-error": Words("შეცდომა ჩვენს მხარეს", "Something went wrong on our side"),
    "problem.internal-error.text": Words(
        "შეცდომა ჩაიწერა. სცადეთ მოგვიანებით ან მოგვწერეთ.",
        "The error was recorded. Try again later, or write to us.",
    ),
    "problem.upstream-failed": Words(
        "მონაცემთა წყარო, რომელსაც ეს საიტი ეყრდნობა, ახლა არ პასუხობს",
        "The endpoint behind this site does not answer as it should",
    ),
    "problem.upstream-failed.text": Words(
        "ეს არ ნიშნავს, რომ ჩანაწერი არ არსებობს: წყაროს ვეღარ ვეკითხებით. სცადეთ მოგვიანებით.",
        "This does not mean that there is no such record: the endpoint cannot be asked. Try again later.",
    ),
    "problem.upstream-timeout": Words(
        "მონაცემთა წყარომ, რომელსაც ეს საიტი ეყრდნობა, დროულად ვერ უპასუხა",
        "The endpoint behind this site did not answer in time",
    ),
    "problem.upstream-timeout.text": Words(
        "ეს არ ნიშნავს, რომ ჩანაწერი არ არსებობს. სცადეთ რამდენიმე წამში.",
        "This does not mean that there is no such record. Try again in a few seconds.",
    ),
    "problem.timeout": Words("მოთხოვნის დრო ამოიწურა", "The query ran out of time"),
    "problem.timeout.text": Words(
        "პასუხი დადგენილ დროში ვერ მომზადდა და არაფერი გამოგზავნილა. სცადეთ უფრო ვიწრო მოთხოვნა ან დაამატეთ LIMIT.",
        "The answer was not ready in time and nothing of it was sent. Ask for less, or add a LIMIT.",
    ),
    "problem.too-heavy": Words("მოთხოვნა მეტისმეტად მძიმეა", "The query is too heavy"),
    "problem.too-heavy.text": Words(
        "მოთხოვნას იმაზე მეტი მეხსიერება დასჭირდა, ვიდრე დაშვებულია; ის ხელახლა აღარ შესრულდება. დაყავით ნაწილებად.",
        "The query needed more memory than one may take and is not run again. Ask in smaller parts.",
    ),
    "problem.busy": Words("სერვერი დაკავებულია", "The server is busy"),
    "problem.busy.text": Words(
        "ამჟამად მეტისმეტად ბევრი მოთხოვნა სრულდება. სცადეთ რამდენიმე წამში.",
        "Too many queries are under way at the moment. Try again in a few seconds.",
    ),
    "problem.too-many-requests": Words("ძალიან ბევრი მოთხოვნა ერთად", "Too many queries at once"),
    "problem.too-many-requests.text": Words(
        "თქვენგან უკვე რამდენიმე მოთხოვნა სრულდება. დაელოდეთ მათ პასუხს და შემდეგ სცადეთ.",
        "Several of your queries are under way already. Wait for their answers, then try again.",
    ),
    "problem.unauthorized": Words("გასაღები უცნობია", "The key is not known"),
    "problem.unauthorized.text": Words(
        "გამოგზავნილი API გასაღები აქ არ მოქმედებს. შეამოწმეთ ის ან სცადეთ გასაღების გარეშე.",
        "The API key that was sent is not valid here. Check it, or ask without one.",
    ),
}
