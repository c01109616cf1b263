"""What the reports of ``kgpub validate``, ``check`` and ``shapes lint`` say besides their messages."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "severity.error": Words("შეცდომა", "error"),
    "severity.note": Words("შენიშვნა", "note"),
    "log.counted.violation": Words("დარღვევები", "violations"),
    "log.counted.warning": Words("გაფრთხილებები", "warnings"),
    "log.counted.info": Words("ცნობები", "information"),
    "log.counted.error": Words("შეცდომები", "errors"),
    "log.counted.note": Words("შენიშვნები", "notes"),
    "log.more": Words("… და კიდევ {count}", "… and {count} more"),
    "log.fix": Words("ჩასაწერია: {fix}", "write: {fix}"),
    "log.none.shape": Words("უსახელო ფორმა", "a shape without a name"),
    "log.none.file": Words("ფაილი უცნობია", "in no file"),
    "log.none.focus": Words("მთელი საიტი", "the site as a whole"),
    "log.none.rule": Words("წესის გარეშე", "no rule"),
    "log.title": Words("შემოწმების ანგარიში", "Report"),
    "log.conforms": Words("დარღვევა არ არის", "No violations"),
    "log.fails": Words("დარღვევებია", "There are violations"),
    "log.known": Words("ძველი დარღვევები, რომლებიც საწყის სიაშია: {count}", "Known before, in the baseline: {count}"),
    "log.gone": Words("საწყის სიაშია, მაგრამ აღარ გვხვდება: {what}", "In the baseline and gone: {what}"),
    "log.gone.more": Words("საწყის სიიდან კიდევ აღარ გვხვდება: {count}", "Of the baseline, also gone: {count}"),
    "log.language": Words("ენა", "Language"),
    "log.groups": Words("სარჩევი", "Contents"),
    "log.rule": Words("წესი", "Rule"),
    "log.shape": Words("ფორმა", "Shape"),
    "log.about": Words("ერთეული", "Thing"),
    "log.details": Words("თვისება და მნიშვნელობა", "Property and value"),
    "log.instead": Words("ჩასაწერია", "To write"),
    "log.nothing": Words("შენიშვნა არ არის.", "There is nothing to say."),
}
