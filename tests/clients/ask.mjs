// Asks a SELECT query of sources with Comunica and prints each row as a line of JSON: variable → value.
//
//     node ask.mjs QUERY TYPE=ADDRESS...
//
// TYPE is sparql or file, as Comunica names its sources.
import { QueryEngine } from "@comunica/query-sparql";

const [query, ...given] = process.argv.slice(2);
const sources = given.map((source) => {
  const [type, ...address] = source.split("=");
  return { type, value: address.join("=") };
});
const rows = await new QueryEngine().queryBindings(query, { sources });
for await (const row of rows) {
  const cells = [...row].map(([variable, term]) => [variable.value, term.value]);
  console.log(JSON.stringify(Object.fromEntries(cells)));
}
