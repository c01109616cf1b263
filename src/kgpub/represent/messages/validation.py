"""What a validation took over from the last one, and why nothing could be kept for the next."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "validation.taken": Words(
        "წინა შემოწმებიდან უცვლელად გადმოტანილი ფორმები: {kept}/{shapes}; მხოლოდ ცვლილებასთან დაკავშირებულ კვანძებზე "
        "შემოწმდა: {near} (კვანძები: {nodes}); მთლიანად შემოწმდა: {whole}. ყველაფრის თავიდან შემოწმება: --full",
        "shapes taken over from the last run: {kept} of {shapes}; validated only at nodes near a change: {near} "
        "(nodes: {nodes}); validated whole: {whole}. To validate from scratch: --full",
    ),
    "validation.large": Words(
        "მონაცემები ან შედეგები იმდენად დიდია, რომ მომდევნო შემოწმებისთვის არ შეინახა",
        "the data or the results are too large to be kept for the next run",
    ),
    "validation.lost": Words(
        "შედეგები მომდევნო შემოწმებისთვის ვერ შეინახა: {reason}",
        "the results could not be kept for the next run: {reason}",
    ),
}
