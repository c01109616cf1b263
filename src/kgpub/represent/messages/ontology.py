"""What the documentation of the ontology and of the shapes says.

A sentence about a constraint is a caption and the term after a colon, so that no label is put into a case.
"""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

_PAGES: Mapping[str, Words] = {
    "ontology": Words("ონტოლოგია", "Ontology"),
    "ontology.lead": Words(
        "კლასები და თვისებები, რომლებითაც მონაცემებია აღწერილი: რას ნიშნავს თითოეული, რამდენჯერ არის გამოყენებული და "
        "რა წესებს ემორჩილება.",
        "The classes and properties that the data is described with: what each means, how often it is used and which "
        "rules it follows.",
    ),
    "ontology.class": Words("კლასი", "class"),
    "ontology.property": Words("თვისება", "property"),
    "ontology.datatype": Words("მონაცემთა ტიპი", "datatype"),
    "ontology.classes": Words("კლასები", "Classes"),
    "ontology.properties": Words("თვისებები", "Properties"),
    "ontology.datatypes": Words("მონაცემთა ტიპები", "Datatypes"),
    "ontology.own": Words("ამ საიტის ტერმინი", "term of this site"),
    "ontology.other": Words("სხვა ლექსიკონის ტერმინი", "term of another vocabulary"),
    "ontology.deprecated": Words("მოძველებული", "deprecated"),
    "ontology.also": Words("აგრეთვე ამ ტერმინის ქვეშ:", "also under:"),
    "ontology.declared": Words("ონტოლოგიები", "Ontologies"),
    "ontology.vocabularies": Words("ლექსიკონები", "Vocabularies"),
    "ontology.vocabulary": Words("სახელთა სივრცე", "Namespace"),
    "ontology.prefix": Words("პრეფიქსი", "Prefix"),
    "ontology.terms": Words("ტერმინები", "Terms"),
    "ontology.whose": Words("წარმომავლობა", "From"),
    "ontology.own.short": Words("ეს საიტი", "this site"),
    "ontology.other.short": Words("სხვა ლექსიკონი", "other vocabulary"),
    "ontology.files": Words("ჩამოტვირთვა", "Download"),
    "ontology.files.ontology": Words("ონტოლოგია, {format}", "Ontology, {format}"),
    "ontology.files.shapes": Words("შემოწმების წესები, {format}", "Shapes, {format}"),
    "ontology.left-out": Words(
        "ტერმინები, რომლებიც აქ არ არის აღწერილი: {count}.", "Terms that are not described here: {count}."
    ),
    "ontology.counts": Words(
        "რიცხვები ნაგულისხმევ გრაფს ეხება: კლასთან წევრების რაოდენობაა (ქვეკლასებისაც), თვისებასთან – დებულებების.",
        "The numbers are of the default graph: for a class its members, those of subclasses included, for a property "
        "its statements.",
    ),
    "ontology.none": Words("აქ არც კლასი არის და არც თვისება.", "There are no classes and no properties here."),
    "ontology.diagram": Words("კლასების დიაგრამა", "Class diagram"),
    "ontology.diagram.open": Words("დიაგრამა ცალკე, სრული ზომით", "The diagram by itself, in full size"),
    "ontology.diagram.alt": Words(
        "კლასების დიაგრამა: {count} კლასი; იგივე სიად ქვემოთაა.",
        "Class diagram: {count} classes; the same as a list follows.",
    ),
    "ontology.diagram.text": Words("იგივე სიად", "The same as a list"),
    "ontology.diagram.note": Words(
        "კლასი თავისი ზემდგომი კლასის მარჯვნივ დგას; ისარი კიდევ ერთ ზემდგომს ასახელებს. წყვეტილი ჩარჩო სხვა "
        "ლექსიკონის კლასს აღნიშნავს.",
        "A class stands to the right of the one above it; an arrow names a further one. A dashed frame marks a class "
        "of another vocabulary.",
    ),
    "ontology.diagram.left-out": Words(
        "კლასები, რომლებიც დიაგრამაში არ ჩანს: {count}.", "Classes that the diagram leaves out: {count}."
    ),
    "ontology.diagram.under": Words("რომლის ქვეშ დგას:", "Under:"),
    "ontology.no-definition": Words("განმარტება მითითებული არ არის.", "No definition is given."),
    "ontology.count.class": Words("წევრები", "Members"),
    "ontology.count.property": Words("დებულებები", "Statements"),
    "ontology.count.where": Words("ნაგულისხმევ გრაფში", "in the default graph"),
    "ontology.count.query": Words("როგორ დავთვალეთ (SPARQL)", "How it was counted (SPARQL)"),
    "ontology.examples": Words("მაგალითები", "Examples"),
    "ontology.page": Words("ყველა დებულება ამ ტერმინზე", "Every statement about this term"),
    "ontology.members": Words("ყველა წევრი", "All members"),
    "llms.ontology.text": Words(
        "კლასები, თვისებები და წესები სიტყვებით; Accept-ის მიხედვით Turtle ან JSON-LD.",
        "Classes, properties and rules in words; in Turtle or JSON-LD where Accept asks for it.",
    ),
    "ontology.told": Words("განმარტება, გამოყენება და წესები სიტყვებით", "Definition, use and rules in words"),
    "ontology.rules": Words("რა წესებს ემორჩილება", "Which rules it follows"),
    "ontology.rules.above": Words("მოქმედებს ზემდგომი კლასის წესებიც:", "The rules of classes above it hold too:"),
    "ontology.rules.more": Words(
        "კიდევ {count} წესი შემოწმების წესების გვერდზეა.", "{count} more are on the page of the shapes."
    ),
    "ontology.rel.above": Words("ზემდგომი", "Above it"),
    "ontology.rel.below": Words("ქვემდგომი", "Below it"),
    "ontology.rel.domain": Words("განსაზღვრის არე", "Domain"),
    "ontology.rel.domainIncludes": Words("ვის ან რას აქვს", "Used with"),
    "ontology.rel.range": Words("მნიშვნელობათა არე", "Range"),
    "ontology.rel.rangeIncludes": Words("რა არის მნიშვნელობა", "Expected values"),
    "ontology.rel.inverseOf": Words("შებრუნებული თვისება", "Inverse of"),
    "ontology.rel.equivalent": Words("ტოლფასია", "Equivalent to"),
    "ontology.rel.exactMatch": Words("ზუსტად ემთხვევა", "Exact match"),
    "ontology.rel.closeMatch": Words("ახლოს დგას", "Close match"),
    "ontology.rel.broadMatch": Words("უფრო ფართოა", "Broader match"),
    "ontology.rel.narrowMatch": Words("უფრო ვიწროა", "Narrower match"),
    "ontology.rel.relatedMatch": Words("უკავშირდება", "Related match"),
    "ontology.rel.disjoint": Words("საერთო წევრი არ აქვს", "Shares nothing with"),
    "ontology.rel.complementOf": Words("საპირისპირო კლასი", "Complement of"),
    "ontology.rel.replacedBy": Words("რით შეიცვალა", "Replaced by"),
    "ontology.rel.seeAlso": Words("იხილეთ აგრეთვე", "See also"),
    "ontology.rel.definedBy": Words("სად არის განსაზღვრული", "Defined by"),
    "ontology.rel.properties": Words("თვისებები", "Properties"),
    "ontology.rel.leading": Words("რომელი თვისების მნიშვნელობაა", "Value of"),
    "ontology.rel.definition": Words("აგებულება", "Made up of"),
    "ontology.type": Words("სახეობა", "Type"),
    "shapes": Words("შემოწმების წესები", "Shapes"),
    "shapes.lead": Words(
        "წესები, რომლებითაც მონაცემები გამოქვეყნებამდე მოწმდება (SHACL), სიტყვებით.",
        "The rules that the data is checked against before it is published (SHACL), in words.",
    ),
    "shapes.none": Words("აქ შემოწმების წესები არ არის.", "There are no shapes here."),
    "shapes.unnamed": Words("წესების უსახელო ნაკრები", "unnamed shape"),
    "shapes.off": Words("გამორთულია", "switched off"),
    "shapes.rules.count": Words("წესები: {count}", "Rules: {count}"),
    "shapes.itself": Words("თავად ერთეული", "The thing itself"),
    "shapes.no-rules": Words("დამატებითი პირობა არ აქვს.", "No further condition."),
    "shapes.more": Words(
        "კიდევ {count} აქ არ ჩანს; ყველაფერი შემოწმების წესების ფაილშია.",
        "{count} more are not shown here; the file of the shapes has all.",
    ),
}

_TOLD: Mapping[str, Words] = {
    "class": Words("თითოეული მნიშვნელობის კლასი: {terms}.", "Class of each value: {terms}."),
    "datatype": Words("თითოეული მნიშვნელობის მონაცემთა ტიპი: {terms}.", "Datatype of each value: {terms}."),
    "nodeKind": Words("თითოეული მნიშვნელობის სახე: {terms}.", "Kind of each value: {terms}."),
    "minCount": Words("მნიშვნელობების რაოდენობა: სულ მცირე {terms}.", "Number of values: at least {terms}."),
    "maxCount": Words("მნიშვნელობების რაოდენობა: არაუმეტეს {terms}.", "Number of values: at most {terms}."),
    "minInclusive": Words("თითოეული მნიშვნელობა: {terms} ან მეტი.", "Each value: {terms} or more."),
    "minExclusive": Words("თითოეული მნიშვნელობა: მეტი, ვიდრე {terms}.", "Each value: more than {terms}."),
    "maxInclusive": Words("თითოეული მნიშვნელობა: {terms} ან ნაკლები.", "Each value: {terms} or less."),
    "maxExclusive": Words("თითოეული მნიშვნელობა: ნაკლები, ვიდრე {terms}.", "Each value: less than {terms}."),
    "minLength": Words(
        "თითოეული მნიშვნელობის სიგრძე სიმბოლოებით: სულ მცირე {terms}.",
        "Length of each value in characters: at least {terms}.",
    ),
    "maxLength": Words(
        "თითოეული მნიშვნელობის სიგრძე სიმბოლოებით: არაუმეტეს {terms}.",
        "Length of each value in characters: at most {terms}.",
    ),
    "pattern": Words("თითოეული მნიშვნელობა ემთხვევა შაბლონს: {terms}.", "Each value matches the pattern: {terms}."),
    "pattern.flags": Words("{terms} (პარამეტრები: {flags})", "{terms} (flags: {flags})"),
    "languageIn": Words("თითოეული ტექსტის ენა ერთ-ერთია: {terms}.", "Language of each text, one of: {terms}."),
    "uniqueLang": Words("თითოეულ ენაზე: არაუმეტეს ერთი მნიშვნელობა.", "At most one value in each language."),
    "equals": Words(
        "მნიშვნელობები იგივეა, რაც ამ თვისებისა: {terms}.", "The values are the same as those of: {terms}."
    ),
    "disjoint": Words("საერთო მნიშვნელობა არ აქვს თვისებასთან: {terms}.", "No value is shared with: {terms}."),
    "lessThan": Words(
        "თითოეული მნიშვნელობა ნაკლებია, ვიდრე ამ თვისებისა: {terms}.", "Each value is less than those of: {terms}."
    ),
    "lessThanOrEquals": Words(
        "თითოეული მნიშვნელობა არ აღემატება ამ თვისებისას: {terms}.", "Each value is at most that of: {terms}."
    ),
    "hasValue": Words("მნიშვნელობებს შორის უნდა იყოს: {terms}.", "Among the values must be: {terms}."),
    "in": Words("თითოეული მნიშვნელობა ერთ-ერთია: {terms}.", "Each value is one of: {terms}."),
    "closed": Words("დასაშვებია მხოლოდ აქ დასახელებული თვისებები.", "Only the properties named here are allowed."),
    "closed.but": Words(
        "დასაშვებია მხოლოდ აქ დასახელებული თვისებები და, მათ გარდა: {terms}.",
        "Only the properties named here are allowed, and besides them: {terms}.",
    ),
    "sparql": Words("მოწმდება მოთხოვნით (SPARQL): {texts}", "A query checks this (SPARQL): {texts}"),
    "sparql.untold": Words(
        "მოწმდება მოთხოვნით (SPARQL); მისი ტექსტი შემოწმების წესების ფაილშია.",
        "A query checks this (SPARQL); its text is in the file of the shapes.",
    ),
    "sparql.off": Words("მოთხოვნა (SPARQL) გამორთულია: {texts}", "A query (SPARQL) that is switched off: {texts}"),
    "not": Words("არ სრულდება: {parts}", "This does not hold: {parts}"),
    "node": Words("თითოეული მნიშვნელობა ასრულებს: {parts}", "Each value keeps to the shape: {parts}"),
    "and": Words("ყველა პირობა სრულდება: {parts}", "All of these hold: {parts}"),
    "or": Words("ერთი პირობა მაინც სრულდება: {parts}", "At least one of these holds: {parts}"),
    "xone": Words("ზუსტად ერთი პირობა სრულდება: {parts}", "Exactly one of these holds: {parts}"),
    "qualifiedMinCount": Words(
        "მნიშვნელობები, რომლებისთვისაც პირობა სრულდება, სულ მცირე {terms}: {parts}",
        "Values for which this holds, at least {terms}: {parts}",
    ),
    "qualifiedMaxCount": Words(
        "მნიშვნელობები, რომლებისთვისაც პირობა სრულდება, არაუმეტეს {terms}: {parts}",
        "Values for which this holds, at most {terms}: {parts}",
    ),
    "qualifiedValueShapesDisjoint": Words(
        "ამ პირობით ჩათვლილი მნიშვნელობა სხვა მსგავსი პირობისთვის აღარ ითვლება.",
        "A value counted here does not count for the other conditions of this kind.",
    ),
    "shape": Words("წესების ნაკრები: {terms}.", "Shape: {terms}."),
    "all.none": Words("პირობა მითითებული არ არის.", "No condition is stated."),
    "other": Words("სხვა პირობა: {pair}.", "Another condition: {pair}."),
    "unknown": Words("უსახელო ({inside})", "unnamed ({inside})"),
    "unnamed": Words("უსახელო", "unnamed"),
    "deeper": Words("… (გაგრძელება ფაილშია)", "… (the file has the rest)"),
    "target.targetClass": Words("ამ კლასის წევრები: {terms}", "Members of the class: {terms}"),
    "target.targetNode": Words("მხოლოდ: {terms}", "Only: {terms}"),
    "target.targetSubjectsOf": Words("ყველაფერი, რასაც აქვს თვისება: {terms}", "Whatever has the property: {terms}"),
    "target.targetObjectsOf": Words(
        "ყველაფერი, რაც არის მნიშვნელობა თვისებისა: {terms}", "Whatever is a value of the property: {terms}"
    ),
    "target.sparql": Words("ის, რასაც მოთხოვნა პოულობს (SPARQL)", "What a query finds (SPARQL)"),
    "target.other": Words("სხვაგვარად მითითებული: {inside}", "Chosen in another way: {inside}"),
    "target.none": Words("მხოლოდ ის, რაზეც წესების სხვა ნაკრები მიუთითებს", "Only where another shape refers to it"),
    "path.inversePath": Words("შებრუნებულად: {inside}", "backwards: {inside}"),
    "path.zeroOrMorePath": Words(
        "{inside} (ნებისმიერი რაოდენობის ნაბიჯი, ან არც ერთი)", "{inside} (any number of steps, or none)"
    ),
    "path.oneOrMorePath": Words("{inside} (ერთი ან მეტი ნაბიჯი)", "{inside} (one step or more)"),
    "path.zeroOrOnePath": Words("{inside} (ერთი ნაბიჯი ან არც ერთი)", "{inside} (one step or none)"),
    "path.alternative": Words("რომელიმე: {inside}", "either of: {inside}"),
    "owl.unionOf": Words("რომელიმე: {inside}", "any of: {inside}"),
    "owl.disjointUnionOf": Words("ურთიერთგამომრიცხავი ნაწილები: {inside}", "disjoint parts: {inside}"),
    "owl.intersectionOf": Words("ყველა ერთად: {inside}", "all of: {inside}"),
    "owl.oneOf": Words("ერთ-ერთი: {inside}", "one of: {inside}"),
    "owl.withRestrictions": Words("შეზღუდული მონაცემთა ტიპი: {inside}", "restricted datatype: {inside}"),
    "owl.complementOf": Words("ყველაფერი, გარდა: {inside}", "everything but: {inside}"),
    "owl.datatypeComplementOf": Words("ყველა მნიშვნელობა, გარდა: {inside}", "every value but: {inside}"),
    "owl.inverseOf": Words("შებრუნებულად: {inside}", "backwards: {inside}"),
    "owl.propertyChainAxiom": Words("თვისებების ჯაჭვი: {steps}", "chain of properties: {steps}"),
    "owl.hasKey": Words("გასაღები: {inside}", "key: {inside}"),
    "owl.someValuesFrom": Words("თვისების ერთი მნიშვნელობა მაინც ({path}): {rest}", "some value of {path}: {rest}"),
    "owl.allValuesFrom": Words("თვისების ყველა მნიშვნელობა ({path}): {rest}", "every value of {path}: {rest}"),
    "owl.hasValue": Words("თვისების მნიშვნელობა ({path}): {rest}", "value of {path}: {rest}"),
    "owl.hasSelf": Words("თვისება საკუთარ თავზე მიუთითებს: {path}", "leads to itself: {path}"),
    "owl.minCardinality": Words("მნიშვნელობები ({path}), სულ მცირე: {rest}", "values of {path}, at least: {rest}"),
    "owl.maxCardinality": Words("მნიშვნელობები ({path}), არაუმეტეს: {rest}", "values of {path}, at most: {rest}"),
    "owl.cardinality": Words("მნიშვნელობები ({path}), ზუსტად: {rest}", "values of {path}, exactly: {rest}"),
    "owl.minQualifiedCardinality": Words(
        "მნიშვნელობები ({path}), სულ მცირე: {rest}", "values of {path}, at least: {rest}"
    ),
    "owl.maxQualifiedCardinality": Words(
        "მნიშვნელობები ({path}), არაუმეტეს: {rest}", "values of {path}, at most: {rest}"
    ),
    "owl.qualifiedCardinality": Words("მნიშვნელობები ({path}), ზუსტად: {rest}", "values of {path}, exactly: {rest}"),
    "more": Words("კიდევ {count}", "{count} more"),
    "then": Words("შემდეგ", "then"),
    "kind.IRI": Words("იდენტიფიკატორი (IRI)", "IRI"),
    "kind.BlankNode": Words("ცარიელი კვანძი", "blank node"),
    "kind.Literal": Words("ლიტერალი", "literal"),
    "kind.BlankNodeOrIRI": Words("ცარიელი კვანძი ან IRI", "blank node or IRI"),
    "kind.BlankNodeOrLiteral": Words("ცარიელი კვანძი ან ლიტერალი", "blank node or literal"),
    "kind.IRIOrLiteral": Words("IRI ან ლიტერალი", "IRI or literal"),
}
"""Phrases by their key: constraints of SHACL Core and SPARQL, targets, paths, class expressions of OWL 2."""

MESSAGES: Mapping[str, Words] = {**_PAGES, **{f"told.{key}": words for key, words in _TOLD.items()}}
"""A message in every language that the interface speaks."""
