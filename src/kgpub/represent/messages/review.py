"""What ``kgpub check`` says: the title of each rule (``.title``), and its message with the values it names."""

from collections.abc import Mapping

from kgpub.represent.messages import linting
from kgpub.represent.messages.words import Words

_TITLES: Mapping[str, Words] = {
    "shacl-violation": Words("მონაცემები SHACL-ის ფორმას არღვევს", "The data violates a SHACL shape"),
    "shacl-warning": Words("SHACL-ის წესის გაფრთხილება", "A SHACL shape warns"),
    "shacl-info": Words("SHACL-ის წესის შენიშვნა", "A SHACL shape remarks"),
    "link-dangling": Words(
        "ბმული საიტის შიგნით ისეთ რამეზე, რაზეც არაფერია ნათქვამი",
        "A link inside the site to something of which nothing is said",
    ),
    "page-unreachable": Words(
        "არც ერთი სია და არც ერთი გვერდი არ მიუთითებს: კლასი არ აქვს და ბმულებიც არ არის",
        "No list and no page leads there: no class, no incoming link",
    ),
    "translation-label": Words(
        "სახელი საიტის ერთ ენაზე არის, მეორეზე – არა", "A name in one language of the site and not in another"
    ),
    "translation-description": Words(
        "აღწერა საიტის ერთ ენაზე არის, მეორეზე – არა",
        "A description in one language of the site and not in another",
    ),
    "translation-foreign": Words(
        "იგივე სხვისი IRI-სთვის, თითო ფაილში ერთხელ", "The same for IRIs of others, once per file"
    ),
    "term-misspelt": Words(
        "ტერმინი ლექსიკონში არ არის, მაგრამ ძალიან ჰგავს სხვას",
        "A term that its vocabulary does not have, and that is very like another",
    ),
    "term-undefined": Words("ტერმინი, რომელიც ლექსიკონში არ არის", "A term that its vocabulary does not have"),
    "term-doubtful": Words(
        "ტერმინი, რომელიც ლექსიკონის ჩვენთვის ცნობილ სიაში არ არის და სხვას ჰგავს",
        "A term that our list of a growing vocabulary does not have, and that is very like another",
    ),
    "namespace-wrong": Words(
        "ცნობილი სახელთა სივრცე შეცდომით: სქემა, ჰოსტი, # ან /",
        "A well-known namespace miswritten: scheme, host, # or /",
    ),
    "namespace-other": Words(
        "სახელთა სივრცის ძველი ან სხვა ფორმა", "A form of a namespace that is old, or not the one used here"
    ),
    "label-spaces": Words("სახელში ზედმეტი ან უჩვეულო ჰარებია", "Odd blanks in a name"),
    "label-invisible": Words("სახელში უხილავი სიმბოლოებია", "Invisible characters in a name"),
    "label-scripts": Words("სიტყვაში სხვადასხვა დამწერლობის ასოებია", "Letters of several scripts in one word"),
    "same-form": Words(
        "owl:sameAs-ის მნიშვნელობა IRI არ არის ან არსად მიდის", "The value of owl:sameAs is no IRI, or leads nowhere"
    ),
    "same-authority": Words(
        "ცნობილი წყაროს იდენტიფიკატორი სხვა ფორმით, ვიდრე თვითონ წყარო წერს",
        "An identifier of a well-known authority, not as that authority writes it",
    ),
    "same-evidence": Words("owl:sameAs საფუძვლის გარეშე", "owl:sameAs without evidence"),
    "licence": Words("kgpub.toml-ში ლიცენზია მითითებული არ არის", "kgpub.toml names no licence"),
    "publisher": Words("kgpub.toml-ში გამომცემელი მითითებული არ არის", "kgpub.toml names no publisher"),
    "graph-provenance": Words(
        "არსად წერია, საიდან არის გრაფის მონაცემები", "Nothing says where the data of a graph comes from"
    ),
    "base-temporary": Words(
        "ბაზა დროებითია: localhost, მაგალითის დომენი ან IP მისამართი",
        "The base is temporary: localhost, a domain for examples, or a bare address",
    ),
    "id-space": Words("იდენტიფიკატორში ჰარია", "A blank in an identifier"),
    "id-technology": Words(
        "იდენტიფიკატორში ტექნოლოგიის სახელია, როგორიცაა .php", "An identifier names a technology, such as .php"
    ),
    "id-date": Words("იდენტიფიკატორის მისამართში თარიღია", "A date in the path of an identifier"),
    "id-twin": Words(
        "ორი IRI მხოლოდ რეგისტრით ან კოდირებით განსხვავდება", "Two IRIs that differ in case or percent-encoding only"
    ),
}

_SAID: Mapping[str, Words] = {
    "link-dangling": Words(
        "ბმული მიდის აქ: {iri}, მაგრამ საიტზე ამის შესახებ არაფერია ნათქვამი.",
        "A link leads to {iri}, of which the site says nothing.",
    ),
    "link-dangling.near": Words(
        "ბმული მიდის აქ: {iri}, მაგრამ საიტზე ამის შესახებ არაფერია ნათქვამი. ალბათ იგულისხმება: {near}",
        "A link leads to {iri}, of which the site says nothing. Perhaps {near} is meant.",
    ),
    "page-unreachable": Words(
        "{iri}: კლასი არ აქვს და სხვა გვერდებიდან ბმულიც არ არის; ამ გვერდს მხოლოდ ძიება და საიტის რუკა იპოვის.",
        "{iri} has no class, and no other thing links to it: only search and the site map lead to its page.",
    ),
    "translation-label.label": Words(
        "{iri}: სახელი არის ({present}), მაგრამ აკლია ენა: {missing}",
        "{iri} has a name ({present}), but none in: {missing}",
    ),
    "translation-description.description": Words(
        "{iri}: აღწერა არის ({present}), მაგრამ აკლია ენა: {missing}",
        "{iri} has a description ({present}), but none in: {missing}",
    ),
    "translation-foreign.label": Words(
        "{file}: ზოგი გარე IRI-ს სახელს აკლია ენა: {missing}. პირველია: {iri}",
        "{file} names things of others without a name in: {missing}. The first is {iri}",
    ),
    "translation-foreign.description": Words(
        "{file}: ზოგი გარე IRI-ს აღწერას აკლია ენა: {missing}. პირველია: {iri}",
        "{file} describes things of others without a description in: {missing}. The first is {iri}",
    ),
    "term-misspelt": Words(
        "{term}: ასეთი ტერმინი არ არსებობს. ალბათ იგულისხმება: {near}",
        "There is no term {term}. Perhaps {near} is meant.",
    ),
    "term-undefined": Words(
        "{term}: ასეთი ტერმინი ლექსიკონში {namespace} არ არის.", "The vocabulary {namespace} has no term {term}."
    ),
    "term-undefined.near": Words(
        "{term}: ასეთი ტერმინი ლექსიკონში {namespace} არ არის. ყველაზე მსგავსია: {near}",
        "The vocabulary {namespace} has no term {term}. The nearest is {near}.",
    ),
    "term-doubtful": Words(
        "{term}: ჩვენს სიაში ასეთი ტერმინი არ არის; შესაძლოა ახალი იყოს, შესაძლოა შეცდომა. მსგავსია: {near}",
        "Our list of {namespace} does not have {term}: it may be new, or a slip for {near}.",
    ),
    "namespace-wrong": Words(
        "სახელთა სივრცე შეცდომითაა დაწერილი: {wrong}. სწორია: {right}. მაგალითი: {example}",
        "The namespace {wrong} is not the one meant, which is {right}. For instance: {example}",
    ),
    "namespace-other": Words(
        "სახელთა სივრცე {wrong} სხვა ფორმაა; kgpub ელის ამას: {right}. მაგალითი: {example}",
        "The namespace {wrong} is another form of {right}, which kgpub looks for. For instance: {example}",
    ),
    "label-spaces": Words(
        "სახელში ზედმეტი ან უჩვეულო ჰარებია: „{text}“", "A name with blanks too many, or odd ones: “{text}”"
    ),
    "label-spaces.empty": Words("სახელი ცარიელია: „{text}“", "A name with nothing but blanks: “{text}”"),
    "label-invisible": Words(
        "სახელში უხილავი სიმბოლოებია ({found}): „{text}“", "A name with invisible characters ({found}): “{text}”"
    ),
    "label-scripts": Words(
        "ერთ სიტყვაში სხვადასხვა დამწერლობის ასოებია: {found}", "One word with letters of several scripts: {found}"
    ),
    "label-scripts.mended": Words(
        "ერთ სიტყვაში სხვადასხვა დამწერლობის ასოებია: {found}. ასე იქნება: „{mended}“",
        "One word with letters of several scripts: {found}. In one script: “{mended}”",
    ),
    "same-form.literal": Words(
        "owl:sameAs უნდა იყოს IRI, აქ კი ტექსტია: „{value}“", "owl:sameAs takes an IRI, and this is a text: “{value}”"
    ),
    "same-form.blank": Words(
        "owl:sameAs უნდა იყოს IRI, აქ კი უსახელო კვანძია: {value}",
        "owl:sameAs takes an IRI, and this has none: {value}",
    ),
    "same-form.relative": Words(
        "იგივეობის ბმული საიტის შიგნით რჩება და არაფერზე მიუთითებს: {value}. ალბათ სრული IRI უნდა ეწეროს.",
        "This link of identity stays inside the site and leads to nothing: {value}. Perhaps a whole IRI was meant.",
    ),
    "same-authority": Words(
        "იდენტიფიკატორის ფორმა სხვაა: {value}. წყარო თვითონ ასე წერს: {right}",
        "Another form of an identifier: {value}. Its authority writes {right}",
    ),
    "same-evidence": Words(
        "{iri} owl:sameAs {value}: არც დებულებას და არც გრაფს წყარო არ აქვს.",
        "{iri} owl:sameAs {value}: neither the statement nor its graph has a source.",
    ),
    "licence": Words(
        "ლიცენზია მითითებული არ არის (licence): მკითხველმა არ იცის, რა შეუძლია ამ მონაცემებით.",
        "There is no licence: readers do not know what they may do with the data.",
    ),
    "publisher": Words(
        "გამომცემელი მითითებული არ არის (publisher): მკითხველმა არ იცის, ვინ აგებს პასუხს.",
        "There is no publisher: readers do not know who answers for the data.",
    ),
    "graph-provenance": Words(
        "გრაფი {graph} ({file}): წყარო, ავტორი ან გამომცემელი მითითებული არ არის, არც მისი დებულებებისა.",
        "Graph {graph} ({file}): neither source nor creator nor publisher is given for it or for its statements.",
    ),
    "base-temporary": Words(
        "ბაზა {base} დროებითია: ეს მისამართები ვერავის მიიყვანს საიტამდე.",
        "The base {base} is temporary: its addresses will lead nobody to the site.",
    ),
    "id-space": Words("იდენტიფიკატორში ჰარია: {iri}", "A blank in an identifier: {iri}"),
    "id-technology": Words(
        "იდენტიფიკატორი ტექნოლოგიას ასახელებს ({found}), რომელიც შეიცვლება: {iri}",
        "An identifier names a technology ({found}) that will change: {iri}",
    ),
    "id-date": Words(
        "იდენტიფიკატორის მისამართში თარიღია ({found}): {iri}. კარგია, თუ ეს შექმნის თარიღია და აღარ შეიცვლება.",
        "A date in the path of an identifier ({found}): {iri}. That is well if it is the day of creation, "
        "and nothing that may change.",
    ),
    "id-twin": Words(
        "{iri} და {found} მხოლოდ რეგისტრით ან კოდირებით განსხვავდება.",
        "{iri} and {found} differ in case or percent-encoding only.",
    ),
    "more": Words("(კიდევ {count} ადგილას)", "(and in {count} more places)"),
    "left-off": Words("წესი {rule}: კიდევ {count}", "Rule {rule}: {count} more"),
    "none": Words("შენიშვნები არ არის", "nothing to remark"),
}

MESSAGES: Mapping[str, Words] = {
    **_SAID,
    **{f"{rule}.title": words for rule, words in _TITLES.items()},
    **linting.MESSAGES,
}
