"""What is said about a query that is wrong, empty or slow: why, and what to do. ``.fix`` names the mended query."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

_USE = Words("ჩანაცვლება: {near}", "Write {near}")

MESSAGES: Mapping[str, Words] = {
    # ---- words, prefixes, names
    "hint.word": Words(
        "SPARQL-ში სიტყვა „{word}“ არ არსებობს. ალბათ იგულისხმება: {near}",
        "SPARQL has no word “{word}”. Perhaps {near} is meant.",
    ),
    "hint.word.fix": _USE,
    "hint.prefix": Words(
        "პრეფიქსი „{prefix}“ უცნობია: არც მოთხოვნაშია გამოცხადებული და არც საიტს აქვს. ალბათ იგულისხმება: {near}",
        "The prefix “{prefix}” is unknown: the query does not declare it, and the site does not have it. Perhaps "
        "{near} is meant.",
    ),
    "hint.prefix.fix": _USE,
    "hint.prefix-declare": Words(
        "პრეფიქსი „{prefix}“ გამოცხადებული არ არის. ჩვეულებრივ მისი მნიშვნელობაა: {namespace}",
        "The prefix “{prefix}” is not declared. It usually stands for {namespace}",
    ),
    "hint.prefix-declare.fix": Words("PREFIX-ის დამატება", "Add the PREFIX"),
    "hint.prefix-unknown": Words(
        "პრეფიქსი „{prefix}“ უცნობია. გამოაცხადეთ მოთხოვნის დასაწყისში (PREFIX {prefix} <…>) ან ჩაწერეთ სრული IRI.",
        "The prefix “{prefix}” is unknown. Declare it at the beginning (PREFIX {prefix} <…>), or write the whole IRI.",
    ),
    "hint.property": Words(
        "ამ მონაცემებში თვისება {term} არ გვხვდება, ამიტომ სამეულს არაფერი შეესაბამება. ყველაზე მსგავსია: {near}",
        "Nothing in this data uses the property {term}, so the triple matches nothing. The most similar one is {near}.",
    ),
    "hint.property.fix": _USE,
    "hint.property-unused": Words(
        "ამ მონაცემებში თვისება {term} არ გვხვდება, ამიტომ სამეულს არაფერი შეესაბამება. მსგავსი თვისებაც არ მოიძებნა.",
        "Nothing in this data uses the property {term}, so the triple matches nothing. No similar one was found.",
    ),
    "hint.class": Words(
        "ამ მონაცემებში ამ კლასის ერთეული არ არის: {term}. ყველაზე მსგავსია: {near}",
        "Nothing in this data belongs to the class {term}. The most similar one is {near}.",
    ),
    "hint.class.fix": _USE,
    "hint.class-unused": Words(
        "ამ მონაცემებში ამ კლასის ერთეული არ არის: {term}. მსგავსი კლასიც არ მოიძებნა.",
        "Nothing in this data belongs to the class {term}. No similar one was found.",
    ),
    # ---- languages
    "hint.language": Words(
        "ეს ტექსტი მონაცემებში მხოლოდ ენის ნიშნით არის: {near}. ენის ნიშნიანი ტექსტი და იგივე ტექსტი უნიშნოდ "
        "სხვადასხვა მნიშვნელობაა.",
        "The data has this text only with a language: {near}. A text with a language and the same text without "
        "one are two different values.",
    ),
    "hint.language.fix": _USE,
    "hint.language-other": Words(
        "ეს ტექსტი მონაცემებში სხვაგვარად არის ჩაწერილი: {near} და არა {text}.",
        "The data has this text otherwise: {near}, not {text}.",
    ),
    "hint.language-other.fix": _USE,
    "hint.language-filter": Words(
        "ტოლობის ნიშანი (=) ტექსტს ენასთან ერთად ადარებს, მონაცემებში კი ამ ტექსტს ენის ნიშანი აქვს: {tags}. "
        "მხოლოდ ასოების შესადარებლად: {near}",
        "The sign = compares a text together with its language, and in the data this one has a language: {tags}. "
        "{near} compares the letters alone.",
    ),
    "hint.language-filter.fix": _USE,
    # ---- variables and groups
    "hint.variable": Words(
        "ცვლადი {variable} მნიშვნელობას ვერსად იღებს: ის არ არის არც სამეულში, არც BIND-სა და VALUES-ში.",
        "The variable {variable} never gets a value: no triple, BIND or VALUES has it.",
    ),
    "hint.variable-near": Words(
        "ცვლადი {variable} მნიშვნელობას ვერსად იღებს. ალბათ იგულისხმება: {near}",
        "The variable {variable} never gets a value. Perhaps {near} is meant.",
    ),
    "hint.variable-near.fix": _USE,
    "hint.scoping-bind": Words(
        "ფიგურულ ფრჩხილებში ჩასმული ჯგუფი ცალკე გამოითვლება და გარეთ მყოფს ვერ ხედავს: ცვლადს {variable} აქ "
        "მნიშვნელობა არ აქვს, ამიტომ BIND ცარიელია. ჩაწერეთ ჯგუფში სამეული, რომელიც ცვლადს მნიშვნელობას აძლევს, "
        "ან გაიტანეთ BIND გარეთ.",
        "A group in braces is evaluated by itself and sees nothing from outside: {variable} has no value here, so"
        " BIND gives nothing. Write the triple that binds it into the group, or take BIND out of it.",
    ),
    "hint.scoping-bind-union": Words(
        "UNION-ის თითოეული შტო ცალკე გამოითვლება და ვერ ხედავს ვერც მეზობელ შტოს, ვერც გარეთ მყოფს: ცვლადს "
        "{variable} ამ შტოში მნიშვნელობა არ აქვს, ამიტომ BIND ცარიელია. გაიმეორეთ შტოში სამეული, რომელიც ცვლადს "
        "მნიშვნელობას აძლევს, ან გადაიტანეთ BIND UNION-ის შემდეგ.",
        "Each branch of UNION is evaluated by itself and sees neither its neighbour nor what stands outside: "
        "{variable} has no value in this branch, so BIND gives nothing. Repeat in the branch the triple that "
        "binds it, or put BIND after the UNION.",
    ),
    "hint.scoping-bind-optional": Words(
        "OPTIONAL-ის ჯგუფი ჯერ ცალკე გამოითვლება და მერე უერთდება დანარჩენს: BIND მასში ვერ ხედავს ცვლადს "
        "{variable} და ცარიელია. გაიმეორეთ ჯგუფში სამეული, რომელიც ცვლადს მნიშვნელობას აძლევს, ან გაიტანეთ BIND "
        "გარეთ.",
        "The group of OPTIONAL is evaluated by itself first and joined after: BIND in it does not see {variable} "
        "and gives nothing. Repeat in the group the triple that binds it, or take BIND out of it.",
    ),
    "hint.scoping-bind-early": Words(
        "BIND მხოლოდ იმას ხედავს, რაც მის წინ დგას იმავე ჯგუფში; ცვლადს {variable} აქ მნიშვნელობა ჯერ არ აქვს. "
        "გადაიტანეთ BIND იმ სამეულის შემდეგ, რომელიც ცვლადს მნიშვნელობას აძლევს.",
        "BIND sees only what stands before it in its group; here {variable} has no value yet. Move BIND behind "
        "the triple that binds it.",
    ),
    "hint.scoping-bind-early.fix": Words("BIND ჯგუფის ბოლოში", "BIND at the end of the group"),
    "hint.scoping-bound": Words(
        "ცვლადს {variable} ამ BIND-მდე უკვე აქვს მნიშვნელობა, BIND კი ახალ ცვლადს უნდა ქმნიდეს. აირჩიეთ სხვა "
        "სახელი; შესადარებლად გამოიყენეთ FILTER.",
        "{variable} already has a value before this BIND, which must make a new variable. Choose another name, or"
        " compare with FILTER.",
    ),
    "hint.scoping-filter": Words(
        "FILTER მხოლოდ თავისი ჯგუფის ცვლადებს ხედავს. ცვლადი {variable} მნიშვნელობას სხვა ჯგუფში იღებს, აქ "
        "ცარიელია და პირობა თითქმის არასოდეს სრულდება. გადაიტანეთ FILTER იმ ჯგუფში, რომელშიც ცვლადს მნიშვნელობა "
        "აქვს.",
        "FILTER sees only the variables of its own group. {variable} gets its value in another; here it has none,"
        " and the condition is hardly ever true. Move FILTER to the group that binds the variable.",
    ),
    "hint.scoping-group": Words(
        "ცვლადი {variable} არც GROUP BY-შია და არც აგრეგატულ ფუნქციაში, ჯგუფში კი მისი რამდენიმე მნიშვნელობა "
        "შეიძლება იყოს. დაამატეთ GROUP BY-ს ან აირჩიეთ ერთი, მაგალითად: SAMPLE({variable}).",
        "{variable} is neither in GROUP BY nor inside an aggregate, and a group may have several values of it. "
        "Add it to GROUP BY, or choose one, for example SAMPLE({variable}).",
    ),
    "hint.scoping-group.fix": Words("GROUP BY-ში დამატება", "Add to GROUP BY"),
    "hint.scoping-minus": Words(
        "ამ MINUS-ს მის წინ მდგომთან საერთო ცვლადი არ აქვს, ამიტომ არაფერს აკლებს. რაც საერთოა, ერთნაირი სახელის "
        "ცვლადით აღნიშნეთ ან გამოიყენეთ FILTER NOT EXISTS.",
        "This MINUS shares no variable with what stands before it, so it takes nothing away. Give what they share"
        " one name, or use FILTER NOT EXISTS.",
    ),
    "hint.scoping-select": Words(
        "ცვლადი {variable} მნიშვნელობას მხოლოდ ისეთ ჯგუფში იღებს, საიდანაც გარეთ არ გადის (ქვემოთხოვნა, MINUS, "
        "EXISTS), ამიტომ აქ ცარიელია. ქვემოთხოვნის შემთხვევაში ჩაწერეთ ცვლადი მის SELECT-ში.",
        "{variable} gets a value only in a group that does not give it out (a sub-select, MINUS or EXISTS), so "
        "here it has none. If that is a sub-select, list the variable in its SELECT.",
    ),
    # ---- slow, with a rewritten query
    "hint.filter-values": Words(
        "ბაზა ჯერ ყველა მნიშვნელობას პოულობს და მერე ადარებს: {variable}. VALUES-ით პირდაპირ ეძებს: პასუხი "
        "იგივეა, დიდ მონაცემებში კი ხშირად ასჯერ ან მეტად სწრაფი.",
        "The engine finds every value first and then compares {variable}. With VALUES it looks up what you want: "
        "the answer is the same, on much data often a hundred times faster or more.",
    ),
    "hint.filter-values.fix": Words("VALUES FILTER-ის ნაცვლად", "VALUES instead of FILTER"),
    "hint.values-last": Words(
        "VALUES აქ ბოლოს დგას და ზღუდავს იმას, რაც უკვე გამოთვლილია. დასაწყისში გადატანით პასუხი იგივეა, დიდ "
        "მონაცემებში კი ხშირად ასჯერ ან მეტად სწრაფი.",
        "VALUES stands last here and restricts what has been worked out already. In the first place the answer is"
        " the same, on much data often a hundred times faster or more.",
    ),
    "hint.values-last.fix": Words("VALUES დასაწყისში", "VALUES first"),
    "hint.exists-split": Words(
        "EXISTS, რომელშიც ორი სამეულია, შეიძლება ყოველი სტრიქონისთვის თავიდან გამოითვალოს. მეორე სამეული საკუთარ "
        "EXISTS-ში ჩასვით: პასუხი იგივეა, ჩვეულებრივ ბევრად სწრაფი.",
        "EXISTS over two triples may be worked out anew for every row. Put the second triple into an EXISTS of "
        "its own: the answer is the same, usually much faster.",
    ),
    "hint.exists-split.fix": Words("EXISTS EXISTS-ში", "EXISTS in EXISTS"),
    "hint.limit-first": Words(
        "ჯერ ყველა ჯგუფი იქმნება და LIMIT მერე ტოვებს რამდენიმეს. ქვემოთხოვნამ ჯერ ერთეულები აარჩიოს, დანარჩენი "
        "მერე დაემატოს. ORDER BY-ის გარეშე არსადაა განსაზღვრული, რომელ ჯგუფებს ტოვებს LIMIT: შეიძლება სხვა "
        "ჯგუფები დარჩეს, მაგრამ თითოეული სწორი და სრული.",
        "All groups are made before LIMIT keeps a few. Let a sub-select choose the things first and gather the "
        "rest after. Without ORDER BY nothing says which groups LIMIT keeps: they may be others, each of them "
        "right and whole.",
    ),
    "hint.limit-first.fix": Words("LIMIT ქვემოთხოვნაში", "LIMIT in a sub-select"),
    "hint.sort-first": Words(
        "ჯერ ყველაფერი ერთდება და ლაგდება, LIMIT კი მერე ჭრის. ქვემოთხოვნამ ჯერ დაალაგოს და მოჭრას, OPTIONAL მერე"
        " დაემატოს. ასეთი პასუხიც ისეთია, როგორსაც მოთხოვნა უშვებს: სხვა შეიძლება იყოს მხოლოდ თანაბარი "
        "სტრიქონების რიგი.",
        "Everything is joined and sorted before LIMIT cuts. Let a sub-select sort and cut first, and add OPTIONAL"
        " after. The query allows that answer as well: only among rows that sort equal may others come first.",
    ),
    "hint.sort-first.fix": Words("დალაგება ქვემოთხოვნაში", "Sort in a sub-select"),
    "hint.path-split": Words(
        "ბაზა ამ გზას ყოველი შესაძლო დასაწყისიდან გადის. ორ ნაბიჯად გაყოფილს ცნობილი ბოლოდან იწყებს: პასუხი "
        "იგივეა, ჩვეულებრივ ბევრად სწრაფი.",
        "The engine walks this path from every possible beginning. In two steps it starts from the known end: the"
        " answer is the same, usually much faster.",
    ),
    "hint.path-split.fix": Words("გზა ორ ნაბიჯად", "The path in two steps"),
    "hint.union-push": Words(
        "UNION-ის შტოები ცალკე გამოითვლება, მათ წინ მდგომი სამეულები კი მერე უერთდება. თუ ამ სამეულებს ცოტა რამ "
        "შეესაბამება, გაიმეორეთ თითოეულ შტოში: პასუხი იგივეა, ხშირად ბევრად სწრაფი.",
        "The branches of UNION are evaluated by themselves, and what stands before is joined after. If that "
        "matches little, repeat it in each branch: the answer is the same, often much faster.",
    ),
    "hint.union-push.fix": Words("სამეულები თითოეულ შტოში", "The triples in each branch"),
    "hint.not-exists": Words(
        "FILTER NOT EXISTS სტრიქონ-სტრიქონ მოწმდება, MINUS კი ერთბაშად გამოითვლება. პასუხი იგივეა; თუ სტრიქონი "
        "ბევრია, MINUS ჩვეულებრივ უფრო სწრაფია, თუ ცოტაა, შეიძლება უფრო ნელი იყოს.",
        "FILTER NOT EXISTS is checked row by row, MINUS is worked out at once. The answer is the same; with many "
        "rows MINUS is usually faster, with few it may be slower.",
    ),
    "hint.not-exists.fix": Words("MINUS NOT EXISTS-ის ნაცვლად", "MINUS instead of NOT EXISTS"),
    # ---- slow, told only
    "hint.path-unbound": Words(
        "ამ გზის ორივე ბოლო ღიაა და ბაზა ყველა წყვილს პოულობს. მიუთითეთ ერთი ბოლო მაინც: IRI-ით, VALUES-ით ან "
        "სამეულით, რომელსაც ცოტა რამ შეესაბამება.",
        "Both ends of this path are open, and the engine finds every pair. Fix one end: by an IRI, by VALUES, or "
        "by a triple that matches little.",
    ),
    "hint.optional-first": Words(
        "OPTIONAL ჯგუფის დასაწყისში სხვას ნიშნავს, ვიდრე სამეულების შემდეგ, და ნელიცაა. თუ მან სამეულები უნდა "
        "შეავსოს, გადაიტანეთ მათ შემდეგ; პასუხი შეიძლება შეიცვალოს.",
        "OPTIONAL at the beginning of a group means something else than after the triples, and it is slow. If it "
        "is to add to the triples, move it behind them; the answer may change.",
    ),
    "hint.offset": Words(
        "OFFSET {offset} ჯერ ამდენ სტრიქონს პოულობს და მერე გამოტოვებს. დაალაგეთ გასაღებით და მოითხოვეთ ის, რაც "
        "ბოლო ნანახს მოსდევს: FILTER(STR(?x) > „ბოლო“) … ORDER BY STR(?x) LIMIT …",
        "OFFSET {offset} finds that many rows and throws them away. Sort by a key and ask for what comes after "
        "the last one you have: FILTER(STR(?x) > “last”) … ORDER BY STR(?x) LIMIT …",
    ),
    "hint.sort-join": Words(
        "დასალაგებლად ცვლადი {variable} საჭირო არ არის, მაგრამ ყველა სტრიქონისთვის იძებნება. თუ ყოველ ერთეულს "
        "ზუსტად ერთი ასეთი მნიშვნელობა აქვს, ქვემოთხოვნაში ჯერ დაალაგეთ და მოჭერით, სამეული მერე დაამატეთ; თუ "
        "არა, პასუხი შეიცვლება.",
        "Sorting does not need {variable}, and yet it is found for every row. If each thing has exactly one such "
        "value, sort and cut in a sub-select first and add the triple after; if not, the answer changes.",
    ),
    "hint.filter-join": Words(
        "ბაზა ყველა წყვილს ადგენს და მერე ადარებს: {one}, {other}. თუ ორივეს ერთი ცვლადი აღნიშნავს, პირდაპირ "
        "იპოვის. ოღონდ ტოლობა (=) მნიშვნელობებს ადარებს (1 = 1.0), საერთო ცვლადი კი ზუსტად ერთსა და იმავეს "
        "მოითხოვს.",
        "The engine makes every pair and then compares {one} with {other}. With one name for both it looks them "
        "up. But = compares values (1 = 1.0), while a shared variable asks for the very same term.",
    ),
    "hint.starts": Words(
        "STRSTARTS-ისთვის ყველა IRI იკითხება: {variable}. თუ ერთი სახის ერთეულებს ეძებთ, კლასით უფრო სწრაფია (?x "
        "a …); პასუხი იგივეა მხოლოდ მაშინ, როცა კლასი ზუსტად ამ IRI-ებს მოიცავს.",
        "For STRSTARTS every IRI of {variable} is read. If you want things of one kind, asking by class (?x a …) "
        "is faster; the answer is the same only if the class covers just these IRIs.",
    ),
    # ---- what cannot be read
    "hint.syntax": Words(
        "აქედან ტექსტი SPARQL-ად ვეღარ იკითხება. მის წინ დგას: {before}",
        "From here on this is not SPARQL. Before it stands: {before}",
    ),
    "hint.syntax-detail": Words("მოთხოვნა ვერ იკითხება: {detail}", "The query cannot be read: {detail}"),
    "hint.syntax-open": Words("„{text}“ აქ იხსნება და არსად იხურება.", "“{text}” is opened here and never closed."),
    "hint.syntax-close": Words("„{text}“ არაფერს ხურავს.", "“{text}” closes nothing."),
    "hint.syntax-word": Words(
        "SPARQL-ში სიტყვა „{text}“ არ არსებობს: სახელს პრეფიქსი აქვს (ex:{text}), ცვლადს – კითხვის ნიშანი (?{text}).",
        "SPARQL has no word “{text}”: a name has a prefix (ex:{text}), a variable a question mark (?{text}).",
    ),
    "hint.syntax-string": Words(
        "აქ დაწყებული ტექსტი არ მთავრდება, ან დახრილი ხაზის (\\) შემდეგ დაუშვებელი ნიშანი დგას.",
        "The string that begins here does not end, or has a wrong character after a backslash (\\).",
    ),
    "hint.syntax-iri": Words(
        "აქ დაწყებული IRI არ მთავრდება, ან ისეთი ნიშანი აქვს, რომელიც IRI-ში არ დაიშვება.",
        "The IRI that begins here does not end, or has a character that no IRI has.",
    ),
    "hint.refused-fetch": Words(
        "„{text}“ აქ არ სრულდება: საიტი სხვა მისამართებიდან არაფერს იღებს.",
        "“{text}” is never done here: the site fetches nothing from elsewhere.",
    ),
    "hint.refused-update": Words(
        "„{text}“ მონაცემებს ცვლის; აქ მხოლოდ კითხვა შეიძლება.",
        "“{text}” changes data; here one can only ask.",
    ),
    "hint.refused": Words("მოთხოვნა არ სრულდება: {detail}", "The query is refused: {detail}"),
    # ---- how long it took
    "hint.timed": Words(
        "ახლახან გაზომილი დრო. თქვენი მოთხოვნა: {query}; გადაწერილი: {fix}.",
        "Measured just now. Your query: {query}; the rewritten one: {fix}.",
    ),
    "hint.timed-whole": Words("{milliseconds} მწმ", "{milliseconds} ms"),
    "hint.timed-refused": Words("ვერ დასრულდა", "did not finish"),
}
