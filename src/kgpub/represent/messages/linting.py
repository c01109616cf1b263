"""What ``kgpub shapes lint`` and ``kgpub check`` say of shapes: titles of the rules, and messages with their remedy."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

_TITLES: Mapping[str, Words] = {
    "shape-target": Words(
        "ფორმის სამიზნე მონაცემებში ვერაფერს პოულობს", "The target of a shape matches nothing in the data"
    ),
    "shape-target-implicit": Words(
        "ფორმა კლასიცაა, მაგრამ მონაცემებში ამ კლასის არაფერია",
        "A shape that is a class, of which the data has no instance",
    ),
    "shape-message": Words(
        "ფორმას შეტყობინება აკლია საიტის რომელიმე ენაზე", "A shape without a message in a language of the site"
    ),
    "shape-list": Words(
        "პარამეტრის მნიშვნელობა წესიერი სია არ არის", "The value of a parameter is no well-formed list"
    ),
    "shape-datatype": Words(
        "sh:datatype ისეთ რამეს ასახელებს, რაც მონაცემთა ტიპი არ არის ან არავის აღუწერია",
        "sh:datatype names a class, or what no vocabulary knows",
    ),
    "shape-class": Words("sh:class: ასეთ კლასზე არაფერია ცნობილი", "sh:class names a class of which nothing is known"),
    "shape-path": Words(
        "გზის თვისება არც მონაცემებშია და არც ონტოლოგიაში",
        "The property of a path occurs neither in the data nor in an ontology",
    ),
    "shape-path-form": Words(
        "თვისების ფორმას გზა აკლია, ზედმეტი აქვს ან გზა არასწორად წერია",
        "A property shape without a path, with two, or with one that is none",
    ),
    "shape-deactivated": Words("ფორმა გამორთულია", "A shape that is switched off"),
    "shape-range": Words("ქვედა ზღვარი ზედაზე დიდია", "A lower bound above the upper one"),
    "shape-pattern": Words("რეგულარული გამოსახულება არ იკითხება", "A regular expression that cannot be read"),
    "shape-pattern-dialect": Words(
        "რეგულარულ გამოსახულებას XPath და Python სხვადასხვანაირად კითხულობს",
        "A regular expression that XPath and Python read differently",
    ),
    "shape-unreachable": Words(
        "ფორმას არც სამიზნე აქვს და არც სხვა ფორმა იყენებს", "A shape with no target, to which no other shape leads"
    ),
    "shape-value": Words(
        "პარამეტრის მნიშვნელობა სხვა სახისაა ან პარამეტრი თავის ადგილას არ არის",
        "A parameter with a value of the wrong kind, or where it cannot stand",
    ),
    "shape-contradiction": Words(
        "ორი პარამეტრი ერთმანეთს გამორიცხავს", "Two parameters that no value can satisfy together"
    ),
    "shape-twice": Words("თვისების ერთი და იგივე ფორმა ორჯერ წერია", "A property shape that stands twice"),
    "shape-circle": Words("ფორმა საკუთარ თავს უბრუნდება", "A shape that leads back to itself"),
    "shape-severity": Words(
        "sh:severity სამი ცნობილი მნიშვნელობიდან არც ერთია", "sh:severity that is none of the three of SHACL"
    ),
}

_SAID: Mapping[str, Words] = {
    "shape-target": Words(
        "{term} {value}: მონაცემებში ასეთი არაფერია, ამიტომ ფორმა არაფერს ამოწმებს. შეასწორეთ IRI ან წაშალეთ სამიზნე.",
        "{term} {value} matches nothing in the data, so nothing is checked. Mend the IRI, or take the target away.",
    ),
    "shape-target-implicit": Words(
        "{shape} ფორმაცაა და კლასიც, მაგრამ მონაცემებში ამ კლასის არაფერია და ფორმა არაფერს ამოწმებს. "
        "დაამატეთ sh:targetClass ან მოაშორეთ კლასის ტიპი.",
        "{shape} is a shape and a class, but the data has nothing of that class, so that nothing is checked. "
        "Add sh:targetClass, or take the type of class away.",
    ),
    "shape-message": Words(
        "{shape}: შეტყობინებას აკლია ენა: {missing}. დაამატეთ sh:message ამ ენაზე.",
        "{shape} has no message in: {missing}. Add an sh:message in that language.",
    ),
    "shape-list.none": Words(
        "{term} სიას მოითხოვს, აქ კი სია არ არის: {value}. დაწერეთ ფრჩხილებში: ( … )",
        "{term} takes a list, and this is none: {value}. Write it in parentheses: ( … )",
    ),
    "shape-list.open": Words(
        "{term}: სია შუაში წყდება; ყველა წევრს rdf:first და rdf:rest სჭირდება, ბოლოს კი rdf:nil. "
        "დაწერეთ ფრჩხილებში: ( … )",
        "{term}: the list breaks off; every cell needs rdf:first and rdf:rest, and the end is rdf:nil. "
        "Write it in parentheses: ( … )",
    ),
    "shape-list.circle": Words(
        "{term}: სია საკუთარ თავს უბრუნდება და არ მთავრდება. ბოლოს rdf:nil უნდა იდგეს.",
        "{term}: the list leads back into itself and never ends. It must end with rdf:nil.",
    ),
    "shape-list.forked": Words(
        "{term}: სიის ერთ ადგილას ორი წევრი ან ორი გაგრძელებაა. დატოვეთ თითო rdf:first და rdf:rest.",
        "{term}: a cell of the list has two members or two continuations. Leave one rdf:first and one rdf:rest.",
    ),
    "shape-datatype.class": Words(
        "sh:datatype {value}: ეს მონაცემთა ტიპი არ არის. თუ მნიშვნელობა ამ კლასს ეკუთვნის, დაწერეთ sh:class.",
        "sh:datatype {value}: that is no datatype. If values are members of a class, write sh:class.",
    ),
    "shape-datatype.unknown": Words(
        "sh:datatype {value}: ასეთი ტიპი არც ლექსიკონებშია, არც ონტოლოგიაში და არც მონაცემებში. "
        "შეასწორეთ IRI ან აღწერეთ ტიპი ონტოლოგიაში.",
        "sh:datatype {value}: no vocabulary, no ontology and no data has it. Mend the IRI, or describe the datatype.",
    ),
    "shape-class": Words(
        "sh:class {value}: ამ კლასზე არაფერია ცნობილი და მნიშვნელობა მას ვერ დააკმაყოფილებს. "
        "შეასწორეთ IRI ან აღწერეთ კლასი ონტოლოგიაში.",
        "sh:class {value}: nothing is known of it, so that no value can be one. Mend the IRI, or describe the class.",
    ),
    "shape-path": Words(
        "გზა {value}: ეს თვისება არც მონაცემებშია და არც ონტოლოგიაში. შეასწორეთ IRI ან აღწერეთ თვისება.",
        "Path {value}: neither the data nor the ontology has this property. Mend the IRI, or describe the property.",
    ),
    "shape-path-form.none": Words(
        "{shape}: თვისების ფორმას sh:path არ აქვს. დაამატეთ ერთი.",
        "{shape}: a property shape has no sh:path. Add one.",
    ),
    "shape-path-form.several": Words(
        "{shape}: თვისების ფორმას რამდენიმე sh:path აქვს. დატოვეთ ერთი ან გამოიყენეთ sh:alternativePath.",
        "{shape}: a property shape has several sh:path. Leave one, or use sh:alternativePath.",
    ),
    "shape-path-form.node": Words(
        "{shape}: sh:NodeShape-ს sh:path აქვს. ტიპად დაწერეთ sh:PropertyShape ან წაშალეთ გზა.",
        "{shape}: an sh:NodeShape has an sh:path. Make it an sh:PropertyShape, or take the path away.",
    ),
    "shape-path-form.form": Words(
        "{shape}: ეს გზა არ არის: {value}. გზა არის თვისების IRI, სია ( … ) ან კვანძი, "
        "რომელსაც sh:inversePath, sh:alternativePath ან მსგავსი აქვს.",
        "{shape}: this is no path: {value}. A path is the IRI of a property, a list ( … ), or a node with "
        "sh:inversePath, sh:alternativePath or the like.",
    ),
    "shape-deactivated": Words(
        "{shape}: ფორმა გამორთულია (sh:deactivated true) და არაფერს ამოწმებს. თუ აღარ გჭირდებათ, წაშალეთ.",
        "{shape} is switched off (sh:deactivated true) and checks nothing. Take it away if it is no longer needed.",
    ),
    "shape-range": Words(
        "{low} {least} და {term} {most}: ასეთი მნიშვნელობა არ არსებობს. გაუცვალეთ ადგილი ან შეასწორეთ.",
        "{low} {least} and {term} {most}: nothing lies between them. Exchange or mend them.",
    ),
    "shape-pattern": Words(
        "sh:pattern „{value}“ არ იკითხება: {fault}. შეასწორეთ გამოსახულება.",
        "sh:pattern “{value}” cannot be read: {fault}. Mend the expression.",
    ),
    "shape-pattern-dialect": Words(
        "sh:pattern „{value}“: ნაწილს „{part}“ XPath (SHACL-ის ენა) სხვანაირად კითხულობს ან საერთოდ არ იცნობს. "
        "დაწერეთ უფრო მარტივად, მაგალითად სიმბოლოების ჩამონათვალით.",
        "sh:pattern “{value}”: XPath, which SHACL means, reads “{part}” otherwise than Python, or not at all. "
        "Write it in a plainer way, such as a set of characters.",
    ),
    "shape-unreachable": Words(
        "{shape}: არც სამიზნე აქვს და არც სხვა ფორმა იყენებს, ამიტომ არაფერს ამოწმებს. "
        "დაამატეთ სამიზნე ან წაშალეთ ფორმა.",
        "{shape} has no target, and no other shape leads to it, so that it checks nothing. "
        "Add a target, or take the shape away.",
    ),
    "shape-value.count": Words(
        "{term} „{value}“: აქ xsd:integer-ის მთელი რიცხვია საჭირო. დაწერეთ ბრჭყალების გარეშე.",
        "{term} “{value}”: this takes an xsd:integer. Write the number without quotation marks.",
    ),
    "shape-value.switch": Words(
        "{term} „{value}“: აქ true ან false უნდა ეწეროს, ბრჭყალების გარეშე.",
        "{term} “{value}”: this takes true or false, without quotation marks.",
    ),
    "shape-value.iri": Words(
        "{term} „{value}“: აქ IRI უნდა ეწეროს. დაწერეთ ასე: <…> ან prefix:name",
        "{term} “{value}”: this takes an IRI. Write it as <…> or prefix:name.",
    ),
    "shape-value.string": Words(
        "{term} „{value}“: აქ უბრალო ტექსტია საჭირო, ენისა და ტიპის გარეშე. დაწერეთ ბრჭყალებში.",
        "{term} “{value}”: this takes a plain string, without language or type. Write it in quotation marks.",
    ),
    "shape-value.literal": Words(
        "{term} {value}: აქ ლიტერალია საჭირო. დაწერეთ რიცხვი ან თარიღი.",
        "{term} {value}: this takes a literal. Write a number or a date.",
    ),
    "shape-value.shape": Words(
        "{term} „{value}“: აქ ფორმაა საჭირო. დაწერეთ მისი IRI ან [ … ].",
        "{term} “{value}”: this takes a shape. Write its IRI, or [ … ].",
    ),
    "shape-value.kind": Words(
        "{term} {value}: ასეთი სახე არ არსებობს. დაწერეთ ერთ-ერთი: sh:IRI, sh:BlankNode, sh:Literal, "
        "sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral, sh:IRIOrLiteral.",
        "{term} {value}: there is no such kind. Write one of sh:IRI, sh:BlankNode, sh:Literal, "
        "sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral, sh:IRIOrLiteral.",
    ),
    "shape-value.text": Words(
        "{term} {value}: აქ ტექსტია საჭირო. დაწერეთ ბრჭყალებში, სასურველია ენის მითითებით.",
        "{term} {value}: this takes a text. Write it in quotation marks, at best with a language.",
    ),
    "shape-value.several": Words(
        "{shape}: {term} ფორმას მხოლოდ ერთხელ შეიძლება ჰქონდეს, აქ კი {count}-ჯერ წერია. დატოვეთ ერთი.",
        "{shape}: a shape has {term} once at most, and here it stands {count} times. Leave one.",
    ),
    "shape-value.node": Words(
        "{shape}: კვანძის ფორმას {term} ვერ ექნება. გადაიტანეთ თვისების ფორმაში, რომელსაც sh:path აქვს.",
        "{shape}: a node shape cannot have {term}. Move it into a property shape, one with sh:path.",
    ),
    "shape-value.flags": Words(
        "{term} „{value}“: დასაშვებია მხოლოდ s, m, i, x და q. წაშალეთ დანარჩენი.",
        "{term} “{value}”: there are only s, m, i, x and q. Take the others away.",
    ),
    "shape-contradiction": Words(
        "{shape}: {term} {value} და {other} ერთმანეთს გამორიცხავს. დატოვეთ ერთი.",
        "{shape}: no value can satisfy {term} {value} and {other}. Leave one of them.",
    ),
    "shape-twice": Words(
        "{shape}: თვისების იგივე ფორმა უკვე წერია აქ: {first}. წაშალეთ ერთი.",
        "{shape}: the same property shape stands already at {first}. Take one away.",
    ),
    "shape-circle": Words(
        "{shape}: ფორმა საკუთარ თავს უბრუნდება, ბოლოს აქედან: {through}. ასეთი ფორმის მნიშვნელობა SHACL-ში "
        "განსაზღვრული არ არის. გაწყვიტეთ წრე, მაგალითად sh:class-ით.",
        "{shape} leads back to itself, at last from {through}. What that means, SHACL leaves undefined. "
        "Break the circle, for instance with sh:class.",
    ),
    "shape-severity": Words(
        "sh:severity {value}: SHACL იცნობს სამს: sh:Violation, sh:Warning, sh:Info. სხვას kgpub დარღვევად ჩათვლის.",
        "sh:severity {value}: SHACL has three: sh:Violation, sh:Warning, sh:Info. kgpub takes another for a violation.",
    ),
}

MESSAGES: Mapping[str, Words] = {**_SAID, **{f"{rule}.title": words for rule, words in _TITLES.items()}}
