"""Random shapes and data as nobody should write them: several values of a constraint, circles, odd literals and paths."""

import re

from shapes_fuzz import BOUNDS, KINDS, PATTERNS, PREFIXES, QUERIES, RDF_TYPE, TARGETS, TYPES, Source
from shapes_fuzz import LITERALS as PLAIN

LITERALS = (
    '" 1 "^^xsd:integer', '"1."^^xsd:decimal', '"+1.0"^^xsd:decimal', '".5"^^xsd:decimal', '"0.1000001"^^xsd:decimal', '"1e400"^^xsd:double',
    '"1e-400"^^xsd:double', '"-INF"^^xsd:float', '"0.1"^^xsd:float', '"-0.0"^^xsd:double', "123456789012345678901234567890", "999999999999999",
    '"99999999999999999999.9999999"^^xsd:decimal', '"1"^^xsd:nonNegativeInteger', '"-1"^^xsd:nonNegativeInteger', '"256"^^xsd:unsignedByte',
    '"a"^^xsd:string', '"a b"^^xsd:token', '" a "^^xsd:normalizedString', '"TRUE"^^xsd:boolean', '"0"^^xsd:boolean', '""^^xsd:boolean',
    '"0000-01-01"^^xsd:date', '"-0044-03-15"^^xsd:date', '"12020-01-01"^^xsd:date', '"2020-1-1"^^xsd:date', '"2020-06-01+14:00"^^xsd:date',
    '"2020-06-01T00:00:00+04:00"^^xsd:dateTime', '"2020-06-01"^^xsd:dateTime', '"2020-06-01T00:00"^^xsd:dateTime', '"2020-06-01T23:59:60"^^xsd:dateTime',
    '"2020-06-01T12:00:00.123456789"^^xsd:dateTime', '"20200601"^^xsd:date', '"2020-W10-1"^^xsd:date', '"24:00:00"^^xsd:time', '"P1Y"^^xsd:yearMonthDuration',
    '"PT36H"^^xsd:dayTimeDuration', '"--02-30"^^xsd:gMonthDay', '"0g"^^xsd:hexBinary', '"AA=="^^xsd:base64Binary', '"<b>"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML>',
    '"a"@en-us', '"a"@EN-us', '"b"@x-own', '"a"@ka-Latn', '""@en', '"\\u001c"', '"a\\u0085"', '"\\u200b"', '"\\U0001F600"', '"e\\u0301"', '"a\\r\\n"', '"\\u0661"',
    '"2020-06-01T00:00:00"', '"1"', '"true"', '"http://example.org/n1"', '"x"^^<urn:x-kgpub:ill-formed:http://www.w3.org/2001/XMLSchema#integer>',
    '"5"^^xsd:positiveInteger', '"0"^^xsd:negativeInteger', '"٣"^^xsd:integer', '"1_000"^^xsd:integer', '"1"^^xsd:long', '"nan"^^xsd:double', '"Infinity"^^xsd:double',
    '"1"^^rdfs:Literal', '"x"^^<relative>', '"0x1"^^xsd:integer', '"1,5"^^xsd:decimal', '"99999999999999999999"^^xsd:long',
)  # fmt: skip
WILD_PATTERNS = (
    *PATTERNS, '"a{,2}b"', '"^$"', '"\\\\s"', '"[^\\\\s]"', '"\\\\bA"', '"(?i)A"', '"^[\\\\w.-]+$"', '"\\\\p{L}"', '"a+?"', '"(?:a|b)*"', '"[[a]"', '"\\\\u10e5"', '""',
    '"a|"', '"x{0}"', '"[a-]"', '"[]a]"', '"^a\\n?$"', '"(?P<n>a)(?P=n)"', '"\\\\x41"', '"\\\\."', '"\\\\$"', '"[+*]"', '"a.b"', '"^.{1,2}$"', '"[^a]"', '"\\\\D"',
)  # fmt: skip
WILD_BOUNDS = (
    *BOUNDS, '"01"^^xsd:integer', '"1.0"^^xsd:float', '"P1Y"^^xsd:duration', '"x"^^ex:own', '"a"', "ex:n1", '"12:00:00"^^xsd:time', "1.50", '"2020-06-01Z"^^xsd:date',
    '"x"^^xsd:integer', '"0"^^xsd:boolean', '"2020"^^xsd:gYear', '"999999999999"^^xsd:integer',
)  # fmt: skip
WILD_TYPES = (
    *TYPES, "xsd:float", "xsd:nonNegativeInteger", "xsd:unsignedByte", "xsd:token", "xsd:normalizedString", "xsd:hexBinary", "xsd:base64Binary", "xsd:anyURI", "xsd:gYear",
    "xsd:gMonthDay", "xsd:dayTimeDuration", "xsd:yearMonthDuration", "xsd:long", "xsd:positiveInteger", "rdfs:Resource", "ex:A", "xsd:anySimpleType", "<relative>",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString>", '"xsd:string"', "rdfs:Datatype",
)  # fmt: skip
RANGES = (
    '"ka"',
    '"en"',
    '"EN-gb"',
    '"*"',
    '""',
    '"en-us"',
    '"x"',
    '"en-"',
    '"e"',
    '"*-us"',
    '"ka-latn"',
    '"en"@en',
    "1",
    "ex:en",
)
LENGTHS = ("0", "1", "2", '"1"^^xsd:int', "1.0", '"x"', '"2"')
REFUSED = ("ex:n1", '"x"^^xsd:integer', '"xsd:string"', '"A"', '"[[a]"', '"x{0}+"', '"\\\\p{L}"', "_:b0")
NAMED = ("ex:S0", "ex:S1", "ex:P", "ex:A", "ex:S1", "ex:Nothing")
CLASSES = ("ex:A", "ex:B", "ex:C", "ex:D", "ex:E", "ex:Loop", "ex:S0", "rdfs:Resource", "rdfs:Class", '"A"', "_:b0")
WILD_QUERIES = (
    *QUERIES,
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER(!isLiteral(?value)) }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER(?path != ex:p) }",
    "SELECT DISTINCT $this WHERE { $this ex:p ?a , ?b . FILTER(?a != ?b) }",
    "SELECT $this WHERE { $this ex:p ?a ; ex:q ?b . FILTER(sameTerm(?a, ?b)) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?v } }",
    "SELECT $this WHERE { FILTER EXISTS { $this ex:p ?v . FILTER(?v > 1) } FILTER NOT EXISTS { $this ex:r ?o . ?o ex:r $this } }",
    "SELECT $this WHERE { $this ex:p ?v BIND(DATATYPE(?v) AS ?d) FILTER(?d = xsd:string) }",
    "SELECT $this WHERE { $this (ex:r|^ex:r)+ ?o . ?o ex:p ?v FILTER(?v IN (1, 2, \"a\")) }",
    "SELECT $this WHERE { { SELECT $this (MAX(?v) AS ?m) WHERE { $this ex:p ?v } GROUP BY $this } FILTER(?m > 1) }",
    "SELECT $this ?value WHERE { VALUES ?value { 1 \"a\" ex:n1 } $this ?any ?value }",
    "SELECT $this ?value WHERE { $this ex:p ?value MINUS { $this ex:q ?value } }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(?nothing = ?v) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(!(?nothing = ?v)) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(?v) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(!?v) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(COALESCE(?v < 2, true)) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(IF(isIRI(?v), ?v = ex:n1, STRLEN(?v) > 1)) }",
    "SELECT $this WHERE { $this ex:p ?v , ?w . FILTER(?v <= ?w && ?v >= ?w && !sameTerm(?v, ?w)) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(?v = \"a\" || ?v = \"a\"@en || ?v = 1.0) }",
    "SELECT $this WHERE { $this ex:q ?v . FILTER(LANG(?v) = \"EN\" || LANGMATCHES(LANG(?v), \"en\")) }",
    "SELECT $this WHERE { $this ex:q ?v . FILTER(STRENDS(STR(?v), \"\") && STRLEN(LANG(?v)) < 3) }",
    "SELECT $this WHERE { $this a/rdfs:subClassOf* ex:A . FILTER NOT EXISTS { $this ex:q [] } }",
    "SELECT ?this WHERE { ?this ex:r? ?o . ?o a ex:B }",
    "SELECT $this WHERE { $this ex:r _:o . _:o ex:r _:p . FILTER NOT EXISTS { $this ex:p 1 } }",
    "SELECT $this WHERE { $this !(ex:p|ex:q) ?v . FILTER(isIRI(?v)) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(-?v < 0) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER(?v / 2 > 0.5) }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER REGEX(?v, \"A\", \"i\") }",
    "ASK { $this ex:p ?v }",
    "SELECT $this WHERE { $this ex:p }",
)  # fmt: skip
WILD_TARGETS = (
    *TARGETS,
    "SELECT ?this WHERE { ?this ex:p ?v } ORDER BY ?this LIMIT 2",
    "SELECT ?this WHERE { { ?this ex:p ?v } MINUS { ?this ex:q ?w } }",
    "SELECT ?this WHERE { ?this ?p ?v . FILTER(?p = ex:p || ?v = 1) }",
    "SELECT (?v AS ?this) WHERE { ex:n1 ?p ?v }",
    "SELECT ?this WHERE { VALUES ?this { ex:n1 ex:n2 1 } }",
    "SELECT ?this WHERE { ?any (ex:p|ex:q) ?this . FILTER(isLiteral(?this)) }",
)  # fmt: skip
_NAN = re.compile(r'(?<!["\w])NaN(?!["\w])')
COMPONENTS = """
ex:Own a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
 sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes ex:prefixes ; sh:ask "ASK { FILTER(STRLEN(STR($value)) <= $most) }" ] .
"""


class Wild(Source):
    """A source of what the plain one does not write; ``broken`` ones write what pySHACL refuses, too."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.broken = self.random.random() < 0.2

    def sound(self, texts: tuple[str, ...], refused: tuple[str, ...]) -> str:
        """One of the texts, and of those that are refused only if this source is broken."""
        return self.one(texts if self.broken else [text for text in texts if text not in refused])

    def blank(self) -> tuple[str, ...]:
        """A blank node as a value, which pySHACL cannot always write down."""
        return ("_:b0",) if self.broken else ()

    def data(self) -> str:
        more = [f"ex:n{self.random.randint(0, 7)} ex:{self.one('pqrs')} {self.one(LITERALS)} ." for _ in range(12)]
        odd = ("ex:A rdfs:subClassOf ex:C .", "ex:Loop rdfs:subClassOf ex:Loop2 . ex:Loop2 rdfs:subClassOf ex:Loop . ex:n1 a ex:Loop2 .",
               'ex:n2 a "A" .', "_:b0 rdfs:subClassOf ex:A . ex:n3 a _:b0 .", 'ex:B rdfs:subClassOf "A" .', "ex:n4 a ex:n4 .", "ex:S0 rdfs:subClassOf ex:A . ex:n5 a ex:S0 .",
               "ex:n1 ex:r ex:n1 .", "ex:n1 ex:r ex:n2 . ex:n2 ex:r ex:n3 . ex:n3 ex:r ex:n1 .", "ex:p ex:p ex:p .", "ex:n6 ex:p ( 1 2 ex:n1 ) .", "[] ex:q [ ex:r [] ] .",
               "ex:n7 a rdfs:Resource .", "ex:n1 a rdfs:Class .")  # fmt: skip
        return "\n".join([super().data(), *more, *self.some(odd, 5)])

    def literal(self) -> str:
        return self.one(LITERALS) if self.random.random() < 0.4 else super().literal()

    def path(self, depth: int = 0) -> str:
        if self.random.random() < 0.75 or depth > 2:
            return super().path(depth)
        one, other, third = (self.path(depth + 1) for _ in range(3))
        return self.one((f"( {one} {other} {third} )", f"[ sh:inversePath ( {one} {other} ) ]", f"[ sh:zeroOrMorePath ( {one} {other} ) ]",
            f"[ sh:alternativePath ( {one} [ sh:zeroOrOnePath {other} ] {third} ) ]", f"[ sh:inversePath [ sh:oneOrMorePath {one} ] ]", f"[ sh:oneOrMorePath [ sh:zeroOrMorePath {one} ] ]",
            f"[ sh:inversePath [ sh:inversePath {one} ] ]", f"[ sh:alternativePath ( {one} {one} ) ]", f"( {one} {one} )", RDF_TYPE, f"( {RDF_TYPE} [ sh:zeroOrMorePath rdfs:subClassOf ] )"))  # fmt: skip

    def value_constraint(self, depth: int) -> str:
        if self.random.random() < 0.5:
            return super().value_constraint(depth)
        kinds = (
            lambda: f"sh:class {self.sound(CLASSES, REFUSED)} , {self.sound(CLASSES, REFUSED)}",
            lambda: f"sh:datatype {self.sound(WILD_TYPES, REFUSED)}",
            lambda: (
                f"sh:{self.one(('minInclusive', 'maxInclusive', 'minExclusive', 'maxExclusive'))} {self.sound(WILD_BOUNDS, REFUSED)}"
            ),
            lambda: f"sh:pattern {self.sound(WILD_PATTERNS, REFUSED)}" + self.one(("", "", ' ; sh:flags "i"', ' ; sh:flags "x"')),
            lambda: f"sh:pattern {' , '.join(self.some(PATTERNS, 2))}",
            lambda: f"sh:languageIn ( {' '.join(self.some(RANGES if self.broken else RANGES[:11], 3))} )",
            lambda: f"sh:in ( {' '.join(self.some([*LITERALS, *PLAIN[:24], 'ex:n1', *self.blank()], 6))} )",
            lambda: f"sh:hasValue {' , '.join(self.some([*LITERALS, 'ex:n1', 'ex:n2', *self.blank()], 2))}",
            lambda: f"sh:{self.one(('equals', 'disjoint'))} {' , '.join(self.some(('ex:p', 'ex:q', 'ex:r'), 2))}",
            lambda: f"sh:{self.one(('minLength', 'maxLength'))} {self.sound(LENGTHS, LENGTHS[3:])}",
            lambda: f"sh:nodeKind {self.sound((*KINDS, 'sh:Anything'), ('sh:Anything',))}",
            lambda: f"sh:node {self.sound(NAMED, ('ex:Nothing', 'ex:P'))}",
            lambda: f"sh:not {self.named()}",
            lambda: f"sh:{self.one(('and', 'or', 'xone'))} ( {self.named()} {self.nested(max(depth, 1))} )",
            lambda: f"sh:{self.one(('and', 'or', 'xone'))} ( {self.nested(max(depth, 1))} )",
            lambda: f"sh:property {self.sound(('ex:P', 'ex:S0'), ('ex:S0',))}",
            lambda: f"sh:closed {self.sound(('true', 'false', '1'), ('1',))}",
            lambda: f"ex:most {self.one(('1', '2', '3'))}",
        )  # fmt: skip
        return self.random.choice(kinds)()

    def named(self) -> str:
        """A shape by its name: it may lead back to where it is used, or be none."""
        return self.sound(NAMED, ("ex:Nothing",))

    def constraints(self, depth: int, *, is_property: bool) -> str:
        found = super().constraints(depth, is_property=is_property)
        if is_property and self.random.random() < 0.15:
            shape = self.one((self.named(), self.nested(max(depth, 1))))
            found += (
                f" ; sh:qualifiedValueShape {shape} ; sh:qualifiedMinCount 1"
                if "sh:qualifiedValueShape" not in found
                else ""
            )
        if depth == 0 and self.random.random() < 0.2 and "sh:sparql" not in found:
            text = self.sound(
                WILD_QUERIES,
                tuple(
                    text
                    for text in WILD_QUERIES
                    if text[:3] == "ASK" or "MINUS" in text or "VALUES" in text or text[-1] != "}"
                ),
            ).replace("\\", "\\\\")
            found += f' ; sh:sparql [ sh:prefixes ex:prefixes ; sh:message "{{?value}} {{$this}}" ; sh:select """{text} """ ]'
        odd = ("sh:severity ex:Own", "sh:severity sh:Info", 'sh:deactivated "1"^^xsd:boolean', "sh:deactivated false", 'sh:message "m"@ka , "n"@en',
               'sh:message "{?value}"', "sh:group ex:g ; sh:order 1", "sh:minCount 5", "sh:maxCount 5")  # fmt: skip
        if self.random.random() < 0.15:
            extra = self.one(odd if is_property else odd[:6])
            found += f" ; {extra}" if extra.split()[0] not in found else ""
        return found

    def targets(self) -> str:
        kinds = ("sh:targetClass ex:A , ex:Loop", "sh:targetClass ex:C", "sh:targetClass _:b0", "sh:targetSubjectsOf ex:r , rdfs:subClassOf", f"sh:targetObjectsOf {RDF_TYPE}",
            f'sh:targetNode {self.one((*LITERALS, *PLAIN[:26]))} , _:b0 , ex:n3', "sh:targetClass rdfs:Resource", "sh:targetObjectsOf ex:p , ex:q",
            f'sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:prefixes ; sh:select """{self.one(WILD_TARGETS)}""" ]')  # fmt: skip
        texts = [
            *self.some(kinds, 2),
            *(super().targets().split(" ; sh:target")[0:1] if self.random.random() < 0.5 else []),
        ]
        return " ; ".join({text.split()[0]: text for text in texts if text.count("[") == text.count("]")}.values())

    def shapes_text(self) -> str:
        prefixes = ('[ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] , '
                    '[ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ]')  # fmt: skip
        lines = [
            super().shapes_text(),
            f"ex:prefixes sh:declare {prefixes} .",
            COMPONENTS if self.random.random() < 0.2 else "",
        ]
        if self.random.random() < 0.4:
            kind = self.one(("rdfs:Class", "<http://www.w3.org/2002/07/owl#Class>"))
            lines.append(f"ex:A a {kind} , sh:NodeShape ; {self.constraints(0, is_property=False)} .")
        if "ex:P a sh:PropertyShape" not in lines[0] and self.random.random() < 0.8:
            lines.append(f"ex:P a sh:PropertyShape ; sh:path {self.path()} ; {self.constraints(0, is_property=True)} .")
        return _NAN.sub('"NaN"^^xsd:double', "\n".join(lines))


__all__ = ["PREFIXES", "Wild"]
