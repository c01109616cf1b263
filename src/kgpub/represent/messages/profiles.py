"""What the lists of profiles say."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {
    "profiles": Words("პროფილები", "Profiles"),
    "profiles.lead": Words(
        "ამ მონაცემების მიღება სხვადასხვა შინაარსითა და ფორმატით შეიძლება.",
        "This data can be had with more or less in it, and in several formats.",
    ),
    "profiles.about": Words(
        "პროფილი განსაზღვრავს, რა შედის მონაცემებში; ფორმატი – როგორ არის ისინი ჩაწერილი. პროგრამა პროფილს "
        "Accept-Profile სათაურით ან _profile პარამეტრით ირჩევს.",
        "A profile says what stands in the data, a format how it is written. Programs choose a profile with the header "
        "Accept-Profile or the parameter _profile.",
    ),
    "profiles.more": Words("ეს სია პროგრამებისთვის", "This list for programs"),
    "profiles.description": Words("აღწერა", "Description"),
    "profiles.description.text": Words(
        "რას ამბობს მონაცემები ერთეულზე: თვისებები და მათი მნიშვნელობები.",
        "What the data says of the thing: properties and their values.",
    ),
    "profiles.symmetric": Words("აღწერა ორივე მიმართულებით", "Description both ways"),
    "profiles.symmetric.text": Words(
        "აღწერა და, ამასთან, ყველაფერი, რაც ამ ერთეულზე მიუთითებს. გრძელი სია გვერდებად იყოფა.",
        "The description, and all that points to the thing. A long list comes in pages.",
    ),
    "profiles.labels": Words("მხოლოდ სახელები", "Names only"),
    "profiles.labels.text": Words(
        "ერთეულისა და აღწერაში ნახსენები ყველა ერთეულისა და თვისების სახელები, ყველა ენაზე.",
        "The names of the thing, and of every thing and property that its description mentions, in every language.",
    ),
    "profiles.schema": Words("schema.org ლექსიკონი", "Vocabulary of schema.org"),
    "profiles.schema.text": Words(
        "ერთეულის აღწერა იმ სიტყვებით, რომლებსაც საძიებო სისტემები კითხულობს.",
        "The thing in the words that search engines read.",
    ),
    "problem.no-such-profile": Words("ასეთი პროფილი არ არის", "There is no such profile"),
    "problem.no-such-profile.text": Words(
        "მისამართში მითითებული პროფილი ამ საიტს არ აქვს. არსებული პროფილები ქვემოთ არის ჩამოთვლილი.",
        "This site does not have the profile that the address asks for. Those that it has are listed below.",
    ),
}
"""A message in every language that the interface speaks."""
