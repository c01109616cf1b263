// Texts by chance, but the same ones every time: a small generator with a seed of its own.

export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), of: (list) => list[Math.floor(next() * list.length)] };
}

const PIECES = [
  "SELECT", "where", "optional", "Filter", "bind", "values", "graph", "union", "minus", "not", "exists", "group", "by", "prefix", "construct", "from", "a", "true", "count", "str", "isiri", "undef", "limit",
  "?x", "$y", "?სახელი", "ex:p", "ex:", ":b", "ex:ა.ბ", "_:b1", "<http://x/>", "<>", "1", "-2", "+3.5e1", "'a'", "\"b\\\"\"", "'''l\no'ng'''", "\"\"\"x\"\"\"", "@ka", "@ar--rtl", "^^",
  "{", "}", "(", ")", "[", "]", "{|", "|}", "<<(", ")>>", "<<", ">>", ".", ";", ",", "~", "+", "-", "*", "/", "|", "^", "!", "?", "=", "!=", "<", "<=", ">", "&&", "||", "# note\n", "#\n",
]; // prettier-ignore
const SPACES = ["", " ", "\n", "\n\n", "  \n\n\n ", "\t", "\r\n"];

/** Anything at all that SPARQL's marks and words can be thrown together to. */
export function noise({ below, of }) {
  return Array.from({ length: below(40) }, () => of(PIECES) + of(SPACES)).join("");
}

/** Something that nests as queries do, in white space of any kind. */
export function query(random, depth = 3) {
  const { below, of } = random;
  const gap = () => of([" ", "\n", "  ", "\n\n", " # why\n"]);
  const term = () => of(["?x", "ex:p", "<http://x/>", "'a'@ka", "5", "_:b", "[]", "[ ex:q 1 ; ex:r 2 ]", "(1 2 -3)", "\"x\"^^ex:t"]);
  const path = () => of(["ex:p", "a", "ex:p/ex:q*", "^ex:p|!(ex:q|^ex:r)", "(ex:p/ex:q)+", "?p"]);
  const expression = () => of(["?x > 3 && ! bound(?y)", "regex(str(?x), 'a')", "?x in (1, 2)", "- ?x * 2 - 1", "not exists {?s ?p ?o}", "ex:f(?x)"]);
  const part = () => {
    const kind = depth > 0 ? below(8) : below(3);
    if (kind < 2) return [term(), path(), term(), "."].join(gap());
    if (kind === 2) return [term(), path(), term(), ";", path(), term(), ",", term(), "."].join(gap());
    if (kind === 3) return ["filter", "(", expression(), ")"].join(gap());
    if (kind === 4) return ["bind", "(", expression(), "as", "?z", ")"].join(gap());
    if (kind === 5) return ["values", of(["?v {1 'a'@ka}", "(?a ?b) {(1 2) (undef 3)}"])].join(gap());
    return [of(["optional", "minus", "graph ?g", "filter not exists", ""]), "{", query(random, depth - 1), "}", kind === 7 ? "union { ?s ?p ?o }" : ""].join(gap());
  };
  return Array.from({ length: 1 + below(4) }, part).join(gap());
}
