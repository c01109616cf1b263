"""What the query editor says: the page hands these words to its script as JSON.

``{count}``, ``{line}``, ``{column}``, ``{seconds}``, ``{name}``, ``{year}`` and ``{day}`` are put in by the script.
"""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

_PREFIX = "editor."

MESSAGES: Mapping[str, Words] = {
    # ---- queries side by side
    "editor.tabs": Words("მოთხოვნები", "Queries"),
    "editor.new": Words("ახალი მოთხოვნა", "New query"),
    "editor.close": Words("მოთხოვნის დახურვა", "Close this query"),
    "editor.rename": Words("სახელის შეცვლა", "Rename this query"),
    "editor.name": Words("მოთხოვნის სახელი", "Name of the query"),
    "editor.closed": Words("დაიხურა: {name}", "Closed: {name}"),
    "editor.reopen": Words("დაბრუნება", "Bring back"),
    # ---- what can be done with the text
    "editor.format": Words("დალაგება", "Tidy"),
    "editor.unformatted": Words(
        "ვერ დალაგდა: ჯერ გასასწორებელია შეცდომა, სტრიქონი {line}.",
        "Not tidied: mend the mistake in line {line} first.",
    ),
    "editor.history": Words("ისტორია", "History"),
    "editor.never": Words("ჯერ არცერთი მოთხოვნა არ შესრულებულა.", "No query has been run yet."),
    "editor.forget": Words("ისტორიის გასუფთავება", "Clear the history"),
    "editor.months": Words(
        "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
        "January February March April May June July August September October November December",
    ),  # browsers do not all know the Georgian ones
    "editor.day": Words("{year} წლის {day}", "{day} {year}"),
    "editor.link": Words("ბმულის კოპირება", "Copy link"),
    "editor.copied": Words("ბმული დაკოპირდა", "Link copied"),
    "editor.address": Words("ამ მოთხოვნის მისამართი", "Address of this query"),
    "editor.long": Words("მოთხოვნა ბმულისთვის მეტისმეტად გრძელია.", "The query is too long for a link."),
    # ---- running
    "editor.cancel": Words("შეწყვეტა · {seconds} წმ", "Cancel · {seconds} s"),
    "editor.running": Words("სრულდება…", "Running…"),
    "editor.answered": Words("პასუხის დრო: {seconds} წმ", "Answered in {seconds} s"),
    "editor.refused": Words("მოთხოვნა ვერ შესრულდა.", "The query could not be answered."),
    "editor.cancelled": Words("შესრულება შეწყდა.", "Cancelled."),
    "editor.unreachable": Words("სერვერი არ პასუხობს. სცადეთ ხელახლა.", "The server does not answer. Try again."),
    # ---- mistakes
    "editor.problems": Words("შენიშვნები: {count}", "Remarks: {count}"),
    "editor.place": Words("სტრიქონი {line}, სვეტი {column}", "Line {line}, column {column}"),
    "editor.error": Words("შეცდომა", "Error"),
    "editor.warning": Words("გაფრთხილება", "Warning"),
    "editor.info": Words("ცნობა", "Note"),
    # ---- completion
    "editor.completions": Words("შესაძლო გაგრძელებები", "Completions"),
    "editor.class": Words("კლასი", "Class"),
    "editor.property": Words("თვისება", "Property"),
    "editor.members": Words("წევრები: {count}", "Members: {count}"),
    "editor.statements": Words("დებულებები: {count}", "Statements: {count}"),
    # ---- the keyboard
    "editor.keys": Words("კლავიატურა", "Keyboard"),
    "editor.keys.run": Words("შესრულება", "Run"),
    "editor.keys.cancel": Words("შეწყვეტა", "Cancel"),
    "editor.keys.complete": Words("გაგრძელების შეთავაზება", "Suggest how to go on"),
    "editor.keys.format": Words("ტექსტის დალაგება", "Tidy the text"),
    "editor.keys.comment": Words("სტრიქონის კომენტარად ქცევა", "Comment a line in or out"),
    "editor.keys.problem": Words("შემდეგი შენიშვნა", "Next remark"),
    "editor.keys.leave": Words("რედაქტორიდან გასვლა", "Leave the editor"),
    "editor.keys.tab": Words("ჩანართზე: სახელის შეცვლა, დახურვა", "On a query’s tab: rename, close"),
    # ---- what the editing component says to those who listen
    "editor.control": Words("მმართველი სიმბოლო", "Control character"),
    "editor.deleted": Words("მონიშნული წაიშალა", "Selection deleted"),
}

EDITOR_KEYS = tuple(key.removeprefix(_PREFIX) for key in MESSAGES)
"""The names by which the script asks for its words: ``say("editor." + key)`` is the word for each."""
