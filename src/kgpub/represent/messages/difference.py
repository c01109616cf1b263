"""What is said of the difference between two datasets."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "diff.title": Words("ცვლილებები მონაცემებში", "Changes in the data"),
    "diff.none": Words("განსხვავება არ არის.", "There is no difference."),
    "diff.things": Words(
        "ერთეულები: დამატებულია {added}, ამოღებულია {removed}, შეცვლილია {changed}",
        "Things: {added} added, {removed} removed, {changed} changed",
    ),
    "diff.statements": Words(
        "დებულებები: დამატებულია {added}, ამოღებულია {removed}", "Statements: {added} added, {removed} removed"
    ),
    "diff.inexact": Words(
        "ზოგი უსახელო კვანძი დროულად ვერ გაირჩა: მათ გამო შეიძლება ისეთი განსხვავებაც ჩანდეს, რომელიც არ არის.",
        "Some blank nodes could not be told apart in time: because of them a difference may be shown that is none.",
    ),
    "diff.unnamed": Words("უსახელო კვანძები", "Blank nodes that nothing leads to"),
    "diff.source": Words("დებულების შესახებ: {statement}", "About the statement: {statement}"),
    "diff.graph": Words("გრაფი: {graph}", "graph: {graph}"),
    "diff.graph.default": Words("ნაგულისხმევი გრაფი", "the default graph"),
    "diff.more": Words("კიდევ {count} დებულება", "{count} more statements"),
    "diff.more.things": Words("კიდევ {count} ერთეული", "{count} more things"),
}
