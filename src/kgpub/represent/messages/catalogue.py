"""What the dataset says of itself."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "llms.addresses": Words(
        "ყოველ ერთეულს საკუთარი მისამართი აქვს. მისამართს რომ .ttl, .jsonld ან .nt დაურთოთ, მიიღებთ მის მონაცემებს.",
        "Every entity has an address of its own. Add .ttl, .jsonld or .nt to it to get its data.",
    ),
    "llms.interfaces": Words("ინტერფეისები", "Interfaces"),
    "llms.files": Words("ჩამოსატვირთი ფაილები", "Files to download"),
    "llms.terms": Words("გამოყენების პირობები", "Terms of use"),
    "llms.sparql.text": Words(
        "მოთხოვნები SPARQL 1.1-ის პროტოკოლით: ?query=…", "Queries by the SPARQL 1.1 Protocol: ?query=…"
    ),
    "llms.search.text": Words(
        "ერთეულების ძიება სახელით: ?q=…; პასუხი JSON-ად, თუ Accept ამას ითხოვს.",
        "Finds entities by name: ?q=…; answers in JSON where Accept asks for it.",
    ),
    "llms.void": Words("მონაცემთა აღწერა", "Description of the dataset"),
    "llms.void.text": Words(
        "VoID და DCAT: კლასები, თვისებები, ფაილები; ყოველ რიცხვს თავისი მოთხოვნა ახლავს.",
        "VoID and DCAT: classes, properties, files; every number comes with its query.",
    ),
    "llms.api": Words("ინტერფეისების სია", "List of interfaces"),
    "llms.api.text": Words("RFC 9727: მანქანურად წაკითხვადი სია.", "RFC 9727, for machines."),
    "llms.sitemap": Words("საიტის რუკა", "Site map"),
    "llms.sitemap.text": Words("ყველა გვერდი ყველა ენაზე.", "Every page in every language."),
    "dumps.default": Words("ნაგულისხმევი გრაფი", "Default graph"),
    "dumps.checksums": Words("საკონტროლო ჯამები (SHA-256)", "Checksums (SHA-256)"),
    "dumps.void": Words("VoID და DCAT", "VoID and DCAT"),
    "tables": Words("ცხრილები", "Tables"),
    "tables.lead": Words(
        "კლასის თითო წევრი თითო სტრიქონშია, ყოველ თვისებას და ენას თავისი სვეტი აქვს. CSV-ის სვეტებს "
        "აღწერს CSVW ფაილი. CSV-ში ტექსტი უცვლელია: თუ ის ტოლობის ნიშნით იწყება, ცხრილების პროგრამამ შეიძლება "
        "ფორმულად ჩათვალოს.",
        "A row per member of a class, a column per property and language. The CSVW file says what the columns of the "
        "CSV are. Texts in CSV are as they are: a spreadsheet may take one that begins with an equals sign for a "
        "formula.",
    ),
    "tables.rows": Words("სტრიქონები", "Rows"),
    "tables.files": Words("ფაილები", "Files"),
    "figures": Words("როგორ დავთვალეთ", "How it was counted"),
    "figures.lead": Words(
        "რიცხვები გამოქვეყნებისას ერთხელ არის დათვლილი. ქვემოთ მოცემული მოთხოვნები იმავე რიცხვებს იძლევა; "
        "კლასებისა და თვისებების რიცხვებს თავ-თავისი მოთხოვნა ახლავს მონაცემთა აღწერაში (VoID).",
        "The numbers are counted once, when the data is published. The queries below give them again; each number "
        "of a class or a property comes with a query of its own in the description of the dataset (VoID).",
    ),
    "figures.what": Words("რიცხვები", "Numbers"),
    "figures.where": Words("სად", "Where"),
    "figures.query": Words("მოთხოვნა", "Query"),
    "figures.published": Words(
        "ყველა გამოქვეყნებული გრაფი, შემოწმების წესების გარდა", "All published graphs but the shapes"
    ),
    "figures.dataset": Words("დებულებები, ერთეულები, თვისებები", "Statements, entities, properties"),
    "figures.classes": Words(
        "კლასები და მათი წევრები, ქვეკლასების ჩათვლით",
        "Classes and their members, those of subclasses included",
    ),
    "figures.properties": Words("თვისებები და მათი დებულებები", "Properties and their statements"),
    "figures.graphs": Words("გრაფები და მათი დებულებები", "Graphs and their statements"),
    "figures.default": Words("დებულებები, სუბიექტები, ობიექტები", "Statements, subjects, objects"),
    "figures.named": Words("თითოეული სახელდებული გრაფი", "Each named graph"),
}
"""A message in every language that the interface speaks."""
