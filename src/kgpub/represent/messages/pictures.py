"""What timelines, maps and neighbourhood graphs say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "pictures.time": Words("ქრონოლოგია", "Timeline"),
    "pictures.time.more": Words("კიდევ {count} თარიღი აქ არ ჩანს.", "{count} more dates are not shown here."),
    "pictures.time.may": Words(
        "მკრთალი ზოლი მოიცავს ყველა დღეს, რომელიც თარიღში შეიძლება იგულისხმებოდეს.",
        "Pale: the days that a date may mean, where it names no single one.",
    ),
    "pictures.time.yearless": Words(
        "წელი მითითებული არ არის, ამიტომ დროის ღერძზე ვერ თავსდება:",
        "No year is stated, so these have no place on the line:",
    ),
    "pictures.unseen": Words(
        "შეუმოწმებელი კავშირები: {count}; მათ მიღმაც შეიძლება იყოს რამე.",
        "Links that were not looked through: {count}; there may be more behind them.",
    ),
    "pictures.unnamed": Words("უსახელო", "unnamed"),
    "pictures.map": Words("რუკა", "Map"),
    "pictures.map.title": Words("რუკა: {count} ადგილი", "Map: {count} places"),
    "pictures.map.more": Words("კიდევ {count} ადგილი აქ არ ჩანს.", "{count} more places are not shown here."),
    "pictures.graph": Words("კავშირების ქსელი", "Neighbourhood"),
    "pictures.graph.of": Words("კავშირების ქსელი: {name}", "Neighbourhood: {name}"),
    "pictures.graph.hint": Words(
        "ორი ნაბიჯი ყოველი მიმართულებით; სახელი თავის გვერდს ხსნის.",
        "Two steps in every direction; a name leads to its page.",
    ),
    "pictures.graph.hint.open": Words(
        "ორი ნაბიჯი ყოველი მიმართულებით; სახელი თავის გვერდს ხსნის, პლუსი კი აჩენს, კიდევ რა უკავშირდება.",
        "Two steps in every direction; a name leads to its page, a plus shows what else is linked.",
    ),
    "pictures.graph.awaited": Words(
        "ორი ნაბიჯი ყოველი მიმართულებით, სურათად და სიად.",
        "Two steps in every direction, as a picture and as a list.",
    ),
    "pictures.graph.list": Words("იგივე სიად", "The same as a list"),
    "pictures.graph.open": Words("{name}: კიდევ {count} კავშირის ჩვენება", "{name}: show more of {count} other links"),
    "pictures.graph.close": Words("{name}: ნაკლების ჩვენება", "{name}: show less"),
    "pictures.graph.less": Words("ნაკლები", "less"),
    "pictures.graph.more": Words("კიდევ {count}", "{count} more"),
    "pictures.graph.ties": Words("კავშირები მათ შორის", "Links among them"),
    "pictures.graph.none": Words("ამ ერთეულს სხვასთან კავშირი არ აქვს.", "Nothing is linked with this thing."),
    "pictures.graph.page": Words("ცალკე გვერდზე", "On a page of its own"),
    "pictures.graph.failed": Words("ვერ ჩაიტვირთა; სცადეთ კიდევ ერთხელ.", "It could not be loaded; please try again."),
}
