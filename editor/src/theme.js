// The looks of the editing component, in the site's own colours and fonts. They stand in a constructed style sheet of
// the shadow root that the component lives in: no style element, so the Content-Security-Policy stays as it is.

import { EditorView } from "@codemirror/view";

const wave = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1.5px`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "0.22em",
  paddingBottom: "0",
});
const point = (colour) => ({ "&:after": { borderBottomColor: colour } });
const note = (colour) => ({ borderLeft: `4px solid ${colour}`, padding: "0.45rem 0.75rem", marginLeft: "0", maxWidth: "30rem" });

/** The component's looks. */
export const theme = EditorView.theme({
  "&": { flex: "1 1 auto", minHeight: "0", color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "0.7rem 0", caretColor: "var(--ink)", tabSize: "2" },
  ".cm-line": { padding: "0 0.9rem 0 calc(0.75rem + 3ch)", textIndent: "-3ch" }, // what is wrapped stands further in
  ".cm-content ::selection, .cm-line::selection": { backgroundColor: "var(--code-selected)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--code-faint)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.35rem 0 0.6rem", minWidth: "2.1rem", fontVariantNumeric: "tabular-nums" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selected)", borderRadius: "2px" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--bad)" },
  ".cm-specialChar": { color: "var(--bad)" },

  ".keyword": { color: "var(--code-keyword)", fontWeight: "650" },
  ".function": { color: "var(--code-keyword)" },
  ".variable": { color: "var(--code-variable)", whiteSpace: "nowrap" },
  ".prefix": { color: "var(--code-prefix)" },
  ".iri": { color: "var(--code-iri)" },
  ".string": { color: "var(--code-string)" },
  ".language": { color: "var(--code-string)" },
  ".number": { color: "var(--code-number)" },
  ".comment, .punctuation": { color: "var(--code-faint)" },
  ".broken": { color: "var(--bad)" },

  ".cm-lintRange-error": wave("var(--bad)"),
  ".cm-lintRange-warning": wave("var(--warn)"),
  ".cm-lintRange-info": wave("var(--accent)"),
  ".cm-lintRange-active": { backgroundColor: "var(--code-selected)" },
  ".cm-lintPoint-error": point("var(--bad)"),
  ".cm-lintPoint-warning": point("var(--warn)"),
  ".cm-lintPoint-info": point("var(--accent)"),
  ".cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "0.9375rem", lineHeight: "1.45" },
  ".cm-diagnostic-error": note("var(--bad)"),
  ".cm-diagnostic-warning": note("var(--warn)"),
  ".cm-diagnostic-info": note("var(--accent)"),
  ".cm-diagnosticAction": {
    display: "block",
    margin: "0.35rem 0 0",
    padding: "0.1rem 0.6rem",
    minHeight: "1.9rem",
    border: "1px solid var(--edge)",
    borderRadius: "4px",
    background: "none",
    color: "var(--accent)",
    fontWeight: "600",
  },

  ".cm-tooltip": {
    zIndex: "20",
    color: "var(--ink)",
    backgroundColor: "var(--paper)",
    border: "1px solid var(--edge)",
    borderRadius: "4px",
    boxShadow: "0 0.4rem 1.4rem rgb(0 0 0 / 0.18)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--sans)",
    fontSize: "0.9375rem",
    minWidth: "min(19rem, 92vw)",
    maxWidth: "min(38rem, 94vw)",
    maxHeight: "17.5rem",
    padding: "0.25rem 0",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "baseline",
    gap: "0.7rem",
    padding: "0.28rem 0.75rem 0.28rem 0.5rem",
    lineHeight: "1.45",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--code-selected)",
    color: "var(--ink)",
    boxShadow: "inset 3px 0 0 var(--accent)",
  },
  ".mark": { flex: "none", width: "1.35em", textAlign: "center", fontFamily: "var(--mono)", fontSize: "0.8125rem", color: "var(--code-faint)" },
  ".is-class .mark": { color: "var(--code-number)" },
  ".is-property .mark": { color: "var(--accent)" },
  ".is-variable .mark": { color: "var(--code-variable)" },
  ".is-function .mark, .is-keyword .mark": { color: "var(--code-keyword)" },
  ".cm-completionLabel": { flex: "none", fontFamily: "var(--mono)", maxWidth: "min(24rem, 60vw)", overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".label": { flex: "1 1 auto", minWidth: "0", overflow: "hidden", textOverflow: "ellipsis", color: "var(--soft)" },
  ".uses": { flex: "none", marginLeft: "auto", color: "var(--soft)", fontVariantNumeric: "tabular-nums", fontSize: "0.8125rem" },
  ".cm-tooltip.cm-completionInfo": {
    maxWidth: "17rem",
    margin: "0 0.3rem",
    padding: "0.6rem 0.8rem",
    fontFamily: "var(--sans)",
    fontSize: "0.875rem",
    lineHeight: "1.45",
    whiteSpace: "normal",
  },
  ".cm-completionInfo p": { margin: "0" },
  ".cm-completionInfo .named": { fontWeight: "600" },
  ".cm-completionInfo .named + .named": { fontWeight: "400" },
  ".cm-completionInfo .use": { marginTop: "0.2rem", color: "var(--soft)" },
  "@media (max-width: 60rem)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
});
