"""What ``kgpub push`` and ``kgpub pull`` say, and what ``serve`` says of a snapshot from elsewhere."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "replicas.push.copied": Words(
        "გაიგზავნა და იქ ამოქმედდა გამოცემა: {version}. ახალი ფაილები: {files}; მოცულობა: {size} მბ",
        "sent and in service there: snapshot {version}; new files: {files}, {size} MB",
    ),
    "replicas.push.switched": Words(
        "იქ უკვე ინახებოდა და ახლა მოქმედია გამოცემა: {version}", "was there, and is in service now: snapshot {version}"
    ),
    "replicas.push.nothing": Words(
        "ცვლილება არ არის; იქ უკვე მოქმედია გამოცემა: {version}", "nothing to do; in service there: snapshot {version}"
    ),
    "replicas.pull.copied": Words(
        "ჩამოიტვირთა და ამოქმედდა გამოცემა: {version}. ახალი ფაილები: {files}; მოცულობა: {size} მბ",
        "fetched and in service: snapshot {version}; new files: {files}, {size} MB",
    ),
    "replicas.pull.switched": Words(
        "უკვე ინახებოდა და ახლა მოქმედია გამოცემა: {version}", "was here, and is in service now: snapshot {version}"
    ),
    "replicas.pull.nothing": Words(
        "ცვლილება არ არის; უკვე მოქმედია გამოცემა: {version}", "nothing to do; in service: snapshot {version}"
    ),
    "replicas.stays": Words(
        "ვერ ჩამოიტვირთა; მოქმედი გამოცემა უცვლელია. მიზეზი: {reason}",
        "not fetched; what is in service stays. The reason: {reason}",
    ),
    "replicas.pulled": Words(
        "მოქმედი გამოცემა სხვაგან შეიქმნა და უცვლელად ქვეყნდება: {version}. "
        "აქაური ფაილებისგან ახალს ქმნის ბრძანება: kgpub build",
        "the snapshot in service was made elsewhere and is served as it is: {version}. To make one of the files here: "
        "kgpub build",
    ),
}
