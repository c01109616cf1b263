"""What the home page, the pages about the site itself, the footer and dates say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    # ---- dates: year, month and day in a language's own order
    "date.full": Words("{year} წლის {day} {month}", "{day} {month} {year}"),
    "date.month": Words("{year} წლის {month}", "{month} {year}"),
    "date.bce": Words("ძვ. წ. {date}", "{date} BCE"),
    "date.year": Words("{year} წელი", "{year}"),
    "date.day-month": Words("{day} {month}", "{day} {month}"),
    # ---- numbers of things: the forms of a language's plural, by their CLDR names
    "many.entities": Words("other: {count} ერთეული", "one: {count} entity | other: {count} entities"),
    # ---- the foot of every page
    "foot.site": Words("საიტის შესახებ", "About this site"),
    "foot.data-licence": Words("მონაცემების ლიცენზია", "Licence of the data"),
    "foot.quotes-licence": Words("ციტატების გამოყენების პირობები", "Terms of the quoted words"),
    "accessibility": Words("ხელმისაწვდომობა", "Accessibility"),
    "privacy": Words("კონფიდენციალურობა", "Privacy"),
    # ---- home
    "home.open": Words("ღია მონაცემები", "Open data"),
    "home.ask": Words("ჰკითხეთ მონაცემებს", "Ask the data"),
    "home.saved": Words(
        "მზა კითხვები, რომელთა შეცვლაც შეიძლება.", "Questions that are ready, and can be changed to your own."
    ),
    "home.address": Words("მუდმივი მისამართები", "Permanent addresses"),
    "home.release": Words("გამოცემა", "Release"),
    # ---- accessibility statement
    "accessibility.lead": Words(
        "ამ საიტით სარგებლობა ყველას უნდა შეეძლოს: კლავიატურით, ეკრანის წამკითხველით, გადიდებული ტექსტით.",
        "Everybody is to be able to use this site: by keyboard, with a screen reader, with enlarged text.",
    ),
    "accessibility.goal": Words("რას ვესწრაფვით", "What we aim for"),
    "accessibility.goal.text": Words(
        "საიტი იქმნება WCAG 2.2-ის AA დონის მოთხოვნების მიხედვით. ეს საკუთარი შემოწმების შედეგია; "
        "დამოუკიდებელი აუდიტი არ ჩატარებულა.",
        "The site is built to meet WCAG 2.2 at level AA. That is our own assessment; no independent audit "
        "has been made.",
    ),
    "accessibility.ways": Words("რა მუშაობს", "What works"),
    "accessibility.keyboard": Words(
        "ყველაფერი კლავიატურითაც კეთდება; ფოკუსი მუდამ ჩანს, პირველი ბმული კი მთავარ შინაარსზე გადაგიყვანთ.",
        "Everything can be done by keyboard; the focus is always visible, and the first link leads to the content.",
    ),
    "accessibility.zoom": Words(
        "ტექსტის 200 %-მდე გადიდებისას შინაარსი არ იკარგება და გვერდის განზე გადაწევა საჭირო არ არის; ფართო "
        "ცხრილები თავის ჩარჩოში გადაიწევა.",
        "Text can be enlarged to 200 % without loss and without scrolling sideways; wide tables scroll in their place.",
    ),
    "accessibility.scripts": Words(
        "გვერდები JavaScript-ის გარეშეც მუშაობს: კითხვის შედეგი ცხრილად რჩება, გრაფი და რუკა მხოლოდ დამატებაა.",
        "Pages work without JavaScript: answers stay tables, graphs and maps only add to them.",
    ),
    "accessibility.looks": Words(
        "ღია ან მუქ ფერებს თქვენი სისტემის პარამეტრი ირჩევს; თუ იქ მოძრაობა შეზღუდულია, საიტზეც არაფერი მოძრაობს.",
        "Light and dark colours follow the setting of your system, and so does reduced motion.",
    ),
    "accessibility.languages": Words(
        "ყოველ ტექსტს ენა აქვს მითითებული, ამიტომ ეკრანის წამკითხველი სწორ ხმას ირჩევს.",
        "Every text is marked with its language, so that a screen reader chooses the right voice.",
    ),
    "accessibility.limits": Words("რა არის შეზღუდული", "Known limits"),
    "accessibility.limits.text": Words(
        "გრაფის ნახატი და რუკა მხოლოდ თვალით აღიქმება; იგივე შინაარსი ცხრილადაც არის. ციტატები ისეა, როგორც წყაროშია, "
        "და ყოველთვის თარგმნილი არ არის.",
        "The drawing of a graph and the map are for the eye; the same content is there as a table. "
        "Quotations stand as in their source and are not always translated.",
    ),
    "accessibility.trouble": Words("თუ რამე გიშლით ხელს", "If something is in your way"),
    "accessibility.trouble.text": Words(
        "მოგვწერეთ, რომელ გვერდზე რა ვერ გააკეთეთ და რით სარგებლობთ.",
        "Write to us: which page, what you could not do, and what you use.",
    ),
    "accessibility.nobody": Words(
        "საიტს საკონტაქტო მისამართი მითითებული არ აქვს.", "This site states no address to write to."
    ),
    # ---- privacy notice
    "privacy.lead": Words(
        "რა ინახება თქვენი სტუმრობისას, სად და რისთვის.", "What is kept when you visit, where, and what for."
    ),
    "privacy.cookies": Words("ქუქი-ფაილები და გარე სერვისები", "Cookies and other services"),
    "privacy.cookies.text": Words(
        "საიტი ქუქი-ფაილებს არ იყენებს და სტუმრებს თვალს არ ადევნებს. გვერდები სხვა სერვერიდან არაფერს ტვირთავს: "
        "შრიფტები, სკრიპტები და რუკა აქვეა.",
        "The site sets no cookies and does not track visitors. Pages load nothing from other servers: fonts, "
        "scripts and map are all here.",
    ),
    "privacy.log": Words("სერვერის ჟურნალი", "The server's log"),
    "privacy.log.kept": Words(
        "ყოველი მოთხოვნისას ჟურნალში იწერება: დრო, თქვენი IP მისამართი, მეთოდი, გვერდის მისამართი, პასუხის კოდი, "
        "ზომა და ხანგრძლივობა. საძიებო სიტყვები მისამართის ნაწილია, ასევე ის, რასაც საძიებო ველში წერთ, როცა "
        "ვარიანტები გამოდის.",
        "Of every request the log notes the time, your IP address, the method, the address of the page, the status, "
        "size and duration of the answer. What you search for is part of the address, and so is what you type in the "
        "search field while suggestions are shown.",
    ),
    "privacy.log.queries": Words(
        "SPARQL-ის მოთხოვნის ტექსტი ჟურნალში არ იწერება, მხოლოდ მისი ჰეში.",
        "The text of a SPARQL query is not written to the log, only a hash of it.",
    ),
    "privacy.log.none": Words("ეს საიტი მოთხოვნების ჟურნალს არ წერს.", "This site keeps no log of requests."),
    "privacy.log.operator": Words(
        "ჟურნალის შენახვის ვადას განსაზღვრავს ის, ვინც სერვერს მართავს. მის წინ შეიძლება სხვა სერვერიც იდგეს "
        "საკუთარი ჟურნალით.",
        "How long the log is kept is for whoever runs the server to say. Another server with a log of its own "
        "may stand in front.",
    ),
    "privacy.limits": Words("მოთხოვნების ლიმიტი", "Limits on queries"),
    "privacy.limits.text": Words(
        "SPARQL-ის მოთხოვნების შესრულებისას სერვერი თქვენს IP მისამართს (IPv6-ის შემთხვევაში ქსელს) მეხსიერებაში "
        "ინახავს, რომ ერთმა სტუმარმა ყველა ადგილი არ დაიკავოს. შესრულების შემდეგ ის იშლება.",
        "While SPARQL queries run, the server holds your IP address (of IPv6, the network) in memory, so that one "
        "visitor cannot take every place. It goes when they end.",
    ),
    "privacy.storage": Words("რა ინახება თქვენს ბრაუზერში", "What your browser keeps"),
    "privacy.storage.text": Words(
        "მოთხოვნების რედაქტორი თქვენს ბრაუზერში (localStorage) ინახავს: გახსნილ და ადრე დასმულ მოთხოვნებს, "
        "ცხრილის სტრიქონების რაოდენობას. ეს სერვერს არ ეგზავნება; წაშლა ბრაუზერის პარამეტრებიდან შეიძლება.",
        "The query editor keeps in your browser (localStorage) the queries that are open and those asked before, and "
        "the number of rows per table. None of it is sent to the server; your browser's settings can delete it.",
    ),
    "privacy.links": Words("გარე ბმულები", "Links to elsewhere"),
    "privacy.links.text": Words(
        "გარე ბმულზე გადასვლისას სხვა საიტი იგებს, რომელი საიტიდან მიხვედით, მაგრამ არა იმას, რომელი გვერდიდან.",
        "When you follow a link to elsewhere, the other site learns which site you come from, but not which page.",
    ),
    "privacy.persons": Words("პირები მონაცემებში", "Persons in the data"),
    "privacy.persons.text": Words(
        "თუ მონაცემები თქვენ გეხებათ და მათი შესწორება ან წაშლა გსურთ, მოგვწერეთ.",
        "If the data concerns you and you want it corrected or removed, write to us.",
    ),
}
