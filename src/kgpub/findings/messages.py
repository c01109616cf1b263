"""What a constraint says when its shape has no ``sh:message``, in both languages.

An inserted label is never inflected: every Georgian text is built so that the label stands in the nominative.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import SH, Literal
from rdflib.term import Node

from kgpub.model import Labels


@dataclass(frozen=True)
class Facts:
    """What a text is filled with, written out in its language.

    ``value`` is the offending term and ``kind`` what sort of term it is; ``tag`` is its language, ``wanted`` the
    constraint's parameter, ``other`` the qualified value shape.
    """

    value: str = ""
    kind: str = ""
    tag: str = ""
    wanted: str = ""
    other: str = ""
    path: str = ""
    shape: str = ""
    component: str = ""


def generic(parameter: str, facts: Mapping[str, Facts]) -> Labels:
    """The text for a parameter of SHACL Core (section 4) in each language of ``facts``."""
    texts = _TEXTS.get(parameter, _ANY)
    return {language: texts[language].format_map(vars(known)) for language, known in facts.items()}


def parameter_of(component: Node) -> str:
    """The parameter of a Core component: ``minCount`` of ``sh:MinCountConstraintComponent``."""
    name = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    return {"SPARQL": "sparql"}.get(name, name[:1].lower() + name[1:])


def language_of(text: str, templates: Iterable[Node]) -> str:
    """The language of the template that a text was made of; pySHACL drops it where ``{?var}`` is filled in."""
    for template in templates:
        parts = re.split(r"\{[?$]\w+\}", str(template))
        if isinstance(template, Literal) and re.fullmatch("(?s:.*)".join(map(re.escape, parts)), text):
            return template.language or ""
    return ""


LANGUAGES = ("ka", "en")

_ANY: Labels = {
    "ka": "შეზღუდვა დაცული არ არის: {component}.",
    "en": "The constraint {component} is not met.",
}
_CONDITION: Labels = {
    "ka": "ფორმის პირობა არ სრულდება: {shape}.",
    "en": "The condition of the shape {shape} is not met.",
}
_SHAPE: Labels = {
    "ka": "{value} არ აკმაყოფილებს ფორმას: {wanted}.",
    "en": "{value} does not conform to the shape: {wanted}.",
}

_TEXTS: Mapping[str, Labels] = {
    "class": {
        "ka": "{value} არ ეკუთვნის კლასს: {wanted}.",
        "en": "{value} is not an instance of {wanted}.",
    },
    "datatype": {
        "ka": "მოსალოდნელია სწორად ჩაწერილი ლიტერალი, რომლის ტიპია {wanted}; მითითებულია {value} ({kind}).",
        "en": "Expected a well-formed literal of datatype {wanted}; found {value} ({kind}).",
    },
    "nodeKind": {
        "ka": "მნიშვნელობა სხვა სახისაა: {value} ({kind}); მოსალოდნელია {wanted}.",
        "en": "The value is of another kind: {value} ({kind}); expected: {wanted}.",
    },
    "minCount": {
        "ka": "მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე {wanted}.",
        "en": "Too few values; at least {wanted} required.",
    },
    "maxCount": {
        "ka": "მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია {wanted}.",
        "en": "Too many values; at most {wanted} allowed.",
    },
    "minExclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს მეტი, ვიდრე {wanted}.",
        "en": "{value} is not allowed: the value must be greater than {wanted}.",
    },
    "minInclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს {wanted} ან მეტი.",
        "en": "{value} is not allowed: the value must be {wanted} or greater.",
    },
    "maxExclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს ნაკლები, ვიდრე {wanted}.",
        "en": "{value} is not allowed: the value must be less than {wanted}.",
    },
    "maxInclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს {wanted} ან ნაკლები.",
        "en": "{value} is not allowed: the value must be {wanted} or less.",
    },
    "minLength": {
        "ka": "{value} მეტისმეტად მოკლეა; სიმბოლოთა უმცირესი რაოდენობაა {wanted}.",
        "en": "{value} is too short; minimum length: {wanted}.",
    },
    "maxLength": {
        "ka": "{value} მეტისმეტად გრძელია; სიმბოლოთა უდიდესი რაოდენობაა {wanted}.",
        "en": "{value} is too long; maximum length: {wanted}.",
    },
    "pattern": {
        "ka": "{value} არ შეესაბამება ნიმუშს: {wanted}.",
        "en": "{value} does not match the pattern {wanted}.",
    },
    "languageIn": {
        "ka": "მითითებული ენა დაუშვებელია: {value} ({tag}); დასაშვებია {wanted}.",
        "en": "This language is not allowed: {value} ({tag}); allowed: {wanted}.",
    },
    "uniqueLang": {
        "ka": "ერთსა და იმავე ენაზე ერთზე მეტი მნიშვნელობაა მითითებული.",
        "en": "More than one value is given in the same language.",
    },
    "equals": {
        "ka": "{value} განსხვავდება: მნიშვნელობები უნდა ემთხვეოდეს ამ თვისების მნიშვნელობებს: {wanted}.",
        "en": "{value} differs: the values must be the same as those of {wanted}.",
    },
    "disjoint": {
        "ka": "{value} ამ თვისების მნიშვნელობაცაა: {wanted}; საერთო მნიშვნელობა დაუშვებელია.",
        "en": "{value} is also a value of {wanted}; the two may not share a value.",
    },
    "lessThan": {
        "ka": "{value} უნდა იყოს ნაკლები, ვიდრე ამ თვისების მნიშვნელობა: {wanted}.",
        "en": "{value} must be less than the value of {wanted}.",
    },
    "lessThanOrEquals": {
        "ka": "{value} არ უნდა აღემატებოდეს ამ თვისების მნიშვნელობას: {wanted}.",
        "en": "{value} must not be greater than the value of {wanted}.",
    },
    "not": {
        "ka": "{value} აკმაყოფილებს აკრძალულ ფორმას: {wanted}.",
        "en": "{value} conforms to a forbidden shape: {wanted}.",
    },
    "and": {
        "ka": "{value} ერთდროულად არ აკმაყოფილებს ყველა ამ ფორმას: {wanted}.",
        "en": "{value} does not conform to all of these shapes: {wanted}.",
    },
    "or": {
        "ka": "{value} ვერც ერთ ამ ფორმას ვერ აკმაყოფილებს: {wanted}.",
        "en": "{value} conforms to none of these shapes: {wanted}.",
    },
    "xone": {
        "ka": "{value} ამ ფორმათაგან ზუსტად ერთს უნდა აკმაყოფილებდეს: {wanted}.",
        "en": "{value} must conform to exactly one of these shapes: {wanted}.",
    },
    "node": _SHAPE,
    "property": _SHAPE,
    "qualifiedMinCount": {
        "ka": "ფორმის შესაბამის მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე {wanted}; ფორმა: {other}.",
        "en": "Too few values conform to the shape; at least {wanted} required; shape: {other}.",
    },
    "qualifiedMaxCount": {
        "ka": "ფორმის შესაბამის მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია {wanted}; ფორმა: {other}.",
        "en": "Too many values conform to the shape; at most {wanted} allowed; shape: {other}.",
    },
    "closed": {
        "ka": "თვისება {path} აქ დაუშვებელია, რადგან ფორმა დახურულია; მითითებულია {value}.",
        "en": "The property {path} is not allowed here, as the shape is closed; found {value}.",
    },
    "hasValue": {
        "ka": "აკლია სავალდებულო მნიშვნელობა: {wanted}.",
        "en": "A required value is missing: {wanted}.",
    },
    "in": {
        "ka": "{value} არ არის დასაშვებ მნიშვნელობათა შორის: {wanted}.",
        "en": "{value} is not among the allowed values: {wanted}.",
    },
    "sparql": _CONDITION,
    "expression": _CONDITION,
}
