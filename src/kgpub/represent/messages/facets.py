"""What faceted lists, comparisons and pages of documents say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    # ---- a class, narrowed down
    "facets.filters": Words("ფილტრები", "Filters"),
    "facets.filters.chosen": Words("ფილტრები. არჩეულია: {count}", "Filters: {count} chosen"),
    "facets.rule": Words(
        "ერთ ფილტრში მონიშნულთაგან ერთიც საკმარისია; სხვადასხვა ფილტრი ერთდროულად მოქმედებს.",
        "Within one filter, any of the marked choices is enough; different filters must all fit.",
    ),
    "facets.apply": Words("ჩვენება", "Show"),
    "facets.chosen": Words("არჩეული", "Chosen"),
    "facets.drop": Words("ამ ფილტრის მოხსნა", "Remove this filter"),
    "facets.clear": Words("ყველა ფილტრის მოხსნა", "Clear all filters"),
    "facets.more": Words("კიდევ: {count}", "{count} more"),
    "facets.none": Words("ყველა ამ ფილტრს ერთად არაფერი შეესაბამება.", "Nothing fits all these filters at once."),
    "facets.no-filters": Words(
        "ამ სიას ფილტრები არ აქვს: მის წევრებს საერთო, განმეორებადი მნიშვნელობები არ აქვთ.",
        "This list has no filters: its members share no values that repeat.",
    ),
    "facets.found": Words("ნაპოვნია: {count} / {all}", "{count} of {all}"),
    "facets.below": Words("ქვეკლასების წევრების ჩათვლით.", "Members of its subclasses are included."),
    "facets.results": Words("სია", "List"),
    "facets.to-results": Words("სიაზე გადასვლა", "Go to the list"),
    "facets.sparql": Words("იგივე SPARQL-ით", "The same in SPARQL"),
    "facets.sparql.lead": Words(
        "ეს მოთხოვნა ზუსტად იმავე სიას პოულობს. რიცხვები ფილტრებთან ასეთივე მოთხოვნების პასუხია.",
        "This query finds exactly this list. The numbers beside the filters are what these queries answer.",
    ),
    "facets.sparql.open": Words("რედაქტორში გახსნა", "Open in the editor"),
    "facets.sparql.counts": Words("რიცხვები ფილტრების მიხედვით", "The numbers of each filter"),
    "facets.download": Words("სიის ჩამოტვირთვა", "Download this list"),
    # ---- things side by side
    "compare": Words("შედარება", "Compare"),
    "compare.with": Words("შედარება სხვასთან", "Compare with another"),
    "compare.choose": Words("რას შევადაროთ?", "Compare with what?"),
    "compare.chosen": Words("შედარებაში უკვე არის", "In the comparison already"),
    "compare.back": Words("შედარებაზე დაბრუნება", "Back to the comparison"),
    "compare.find": Words("მოძებნეთ სახელით", "Find one by its name"),
    "compare.found": Words("ნაპოვნია", "Found"),
    "compare.alike": Words("იმავე კლასიდან", "Of the same class"),
    "compare.add": Words("კიდევ ერთის დამატება", "Add another"),
    "compare.pick": Words("შესადარებლად მონიშნეთ ორიდან ოთხამდე", "Mark two to four to compare them"),
    "compare.mark": Words("შედარებისთვის მონიშვნა", "Mark to compare"),
    "compare.marked": Words("მონიშნულია: {count}", "{count} marked"),
    "compare.title": Words("შედარება: {names}", "Compare: {names}"),
    "compare.property": Words("თვისება", "Property"),
    "compare.same": Words("ერთნაირია", "the same"),
    "compare.differs": Words("განსხვავდება", "differs"),
    "compare.partly": Words("ნაწილობრივ ემთხვევა", "partly the same"),
    "compare.missing": Words("ზოგს არ აქვს", "not stated for all"),
    "compare.absent": Words("მითითებული არ არის", "not stated"),
    "compare.summary": Words("თვისებები: {all}. განსხვავდება: {different}", "{different} of {all} properties differ"),
    "compare.drop": Words("ამ სვეტის მოხსნა", "Remove this column"),
    "compare.dropped": Words("შედარებიდან მოხსნა: {name}", "Remove from the comparison: {name}"),
    # ---- a document, sentence by sentence
    "document.title": Words("რა არის აღებული დოკუმენტიდან: {name}", "What was taken from: {name}"),
    "document.lead": Words(
        "დოკუმენტის ციტატები სტრიქონების მიხედვით და მათგან აღებული დებულებები.",
        "Each quoted passage of the document, line by line, with the statements taken from it.",
    ),
    "document.count": Words("დებულებები: {count}", "Statements: {count}"),
    "document.ways": Words("აღებული დებულებები: {count}", "Statements taken from it: {count}"),
    "document.about": Words("დოკუმენტის აღწერა", "About this document"),
    "document.link": Words("რა არის აღებული ამ დოკუმენტიდან", "Everything taken from this document"),
    "document.line": Words("სტრიქონი {line}", "Line {line}"),
    "document.no-line": Words("სტრიქონი მითითებული არ არის", "No line given"),
    "document.graphs": Words("ამ დოკუმენტზე დაფუძნებული გრაფები", "Graphs drawn from this document"),
    "document.none": Words(
        "ამ დოკუმენტის სტრიქონებზე ცალკეული დებულებები არ მიუთითებს.",
        "No single statements point to passages of this document.",
    ),
}
