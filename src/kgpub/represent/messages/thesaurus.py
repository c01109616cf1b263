"""What the pages of thesauri say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "thesaurus": Words("თეზაურუსები", "Thesauri"),
    "thesaurus.lead": Words(
        "ცნებათა სქემები: თითოეულის ცნებები ხის სახითაც არის ნაჩვენები და ანბანურადაც.",
        "Concept schemes; the concepts of each are shown as a tree and in alphabetical order.",
    ),
    "thesaurus.none": Words("ამ მონაცემებში თეზაურუსი არ არის.", "There is no thesaurus in this data."),
    "thesaurus.rest": Words("ცნებები სქემის გარეშე", "Concepts in no scheme"),
    "thesaurus.concepts": Words("ცნებები: {count}", "Concepts: {count}"),
    "thesaurus.tops": Words("უმაღლესი ცნებები: {count}", "Top concepts: {count}"),
    "thesaurus.narrower": Words("უფრო ვიწრო ცნებები: {count}", "Narrower concepts: {count}"),
    "thesaurus.narrower.none": Words("უფრო ვიწრო ცნება აქ არ არის.", "There is no narrower concept here."),
    "thesaurus.broader": Words("უფრო ფართო ცნებები", "Broader concepts"),
    "thesaurus.schemes": Words("სქემა", "Scheme"),
    "thesaurus.all": Words("ყველა: {count}", "all {count}"),
    "thesaurus.tree": Words("ხე", "Tree"),
    "thesaurus.alphabet": Words("ანბანური სია", "Alphabetical list"),
    "thesaurus.letters": Words("საწყისი ასოები", "First letters"),
    "thesaurus.signs": Words("ციფრები და სხვა ნიშნები", "Figures and other signs"),
    "thesaurus.languages": Words("სახელების ენა", "Language of the names"),
    "thesaurus.language": Words("ენა მითითებული არ არის", "no language stated"),
    "thesaurus.page": Words("სრული აღწერა", "Full description"),
    "thesaurus.place": Words("თეზაურუსი", "Thesaurus"),
    "thesaurus.place.open": Words("ხის ნახვა", "See the tree"),
}
