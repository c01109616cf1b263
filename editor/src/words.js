// The words of SPARQL 1.2, spelled as the formatter spells them.

const list = (text) => text.trim().split(/\s+/u);

/** Words that a query is built of. */
export const KEYWORDS = list(`
  BASE PREFIX VERSION SELECT CONSTRUCT DESCRIBE ASK DISTINCT REDUCED AS FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC
  LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER EXISTS NOT IN SEPARATOR`);

/** Words of SPARQL Update: coloured, never offered, since the site only answers questions. */
export const UPDATES = list("LOAD INTO CLEAR DROP CREATE ADD MOVE COPY TO INSERT DELETE DATA WITH USING DEFAULT ALL");

/** Functions and aggregates. */
export const FUNCTIONS = list(`
  COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
  STR LANG LANGMATCHES LANGDIR hasLANG hasLANGDIR DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN
  UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE
  TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRLANGDIR STRDT sameTerm isIRI isURI isBLANK
  isLITERAL isNUMERIC REGEX SUBSTR REPLACE TRIPLE SUBJECT PREDICATE OBJECT isTRIPLE`);

const SPELLING = new Map([...KEYWORDS, ...UPDATES, ...FUNCTIONS].map((word) => [word.toUpperCase(), word]));
const CALLED = new Set(FUNCTIONS.map((word) => word.toUpperCase()));

/** The word as SPARQL spells it; itself where it is none of SPARQL's. */
export const spelled = (word) => SPELLING.get(word.toUpperCase()) ?? word;

/** Whether a word is one of SPARQL's. */
export const isKnown = (word) => SPELLING.has(word.toUpperCase());

/** Whether a word names a function or an aggregate. */
export const isFunction = (word) => CALLED.has(word.toUpperCase());
