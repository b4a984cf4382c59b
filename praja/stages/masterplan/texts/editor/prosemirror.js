// What the editor of narratives uses of ProseMirror; bundled into static/masterplan/vendor/prosemirror.min.js.
export { baseKeymap, chainCommands, exitCode, setBlockType, splitBlockAs, toggleMark } from "prosemirror-commands";
export { history, redo, undo } from "prosemirror-history";
export { inputRules, textblockTypeInputRule } from "prosemirror-inputrules";
export { keymap } from "prosemirror-keymap";
export { Fragment, Schema, Slice } from "prosemirror-model";
export { EditorState, NodeSelection, Plugin, TextSelection } from "prosemirror-state";
export { EditorView } from "prosemirror-view";
