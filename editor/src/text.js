// The editing component itself, with everything that belongs to the text: colours, completion, marks, keys.

import { closeBrackets, closeBracketsKeymap, acceptCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { nextDiagnostic } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "./language.js";
import { theme } from "./theme.js";

// Typing over a selection is done here. Left to the browser, it carries the look of what was selected over to the new
// text as an inline style, which the Content-Security-Policy blocks and reports.
const typingOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || !event.data || empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    const isHandled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert));
    if (!isHandled) view.dispatch(insert());
    return true;
  },
});

/** What every text is edited with; `keys` come first, `extensions` are the page's own. */
export function setup(label, words, keys, extensions) {
  return [
    Prec.high(keymap.of([...keys, { key: "Tab", run: acceptCompletion }, { key: "F8", run: nextDiagnostic }])),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
    history(),
    lineNumbers(),
    highlightSpecialChars(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    closeBrackets(),
    typingOver,
    sparql(),
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, dir: "ltr" }),
    EditorState.phrases.of({
      Completions: words.completions,
      "Control character": words.control,
      "Selection deleted": words.deleted,
    }),
    extensions,
  ];
}
