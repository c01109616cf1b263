"""What is said of things that are deprecated, gone, or replaced."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "deprecated": Words("აღარ მოქმედებს", "no longer in use"),
    "deprecated.kept": Words(
        "ეს ტერმინი მოძველებულია. აღწერა ძველი მონაცემების გასაგებად არის დატოვებული; ახალში ნუ გამოიყენებთ.",
        "This is deprecated. Its description stays so that older data can be understood; do not use it in new data.",
    ),
    "deprecated.gone": Words(
        "ეს ერთეული გამოქვეყნებული აღარ არის. აქ ჩამოთვლილია დებულებები, რომლებიც მის შესახებ დარჩა.",
        "This entity is no longer published. What is listed here are the statements about it that remain.",
    ),
    "deprecated.moved": Words(
        "ამ ერთეულს სხვა ცვლის და მისი მისამართიც იქ გადადის. აქ ჩამოთვლილია დებულებები, რომლებიც მის შესახებ დარჩა.",
        "Another entity has taken the place of this one, and its address leads there. What is listed here are the "
        "statements about it that remain.",
    ),
    "deprecated.by": Words("რა ცვლის", "Replaced by"),
    # ---- the page of what is gone
    "gone": Words("ეს ერთეული გამოქვეყნებული აღარ არის", "This entity is no longer published"),
    "gone.text": Words(
        "მონაცემებში მითითებულია, რომ ის ამოღებულია. ამ მისამართის ბმული შეგიძლიათ წაშალოთ ან შეცვალოთ.",
        "The data says that it was withdrawn. A link to this address can be removed or changed.",
    ),
    "gone.since": Words("როდიდან", "Since"),
    "gone.was": Words("რა იყო", "What it was"),
    "gone.about": Words("აღწერა", "Description"),
    "gone.statements": Words("დებულებები, რომლებიც მის შესახებ დარჩა", "The statements about it that remain"),
    "gone.data": Words("იგივე მონაცემებად", "The same as data"),
}
