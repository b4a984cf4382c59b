// The rich editor of a text: the nodes of narratives.py as a schema, a toolbar, and what is typed given back as nodes.
import { EditorState, EditorView, Fragment, Plugin, Schema, Slice, TextSelection, baseKeymap, chainCommands, history, inputRules, keymap, redo, setBlockType, splitBlockAs, textblockTypeInputRule, toggleMark, undo } from "./vendor/prosemirror.min.js";
import { ask } from "./narrative_sending.js";

const PAUSE = 250; // after the last letter, before the text is written into the form
const DEEPEST = 3;
const LINK = /^(https?:\/\/[^\s/?#]|mailto:[^\s@]+@[^\s@])[^\s"<>\\^`{|}]*$/i;

// ---------------------------------------------------------------- schema

const block = { group: "block", content: "inline*", defining: true };
const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { ...block, parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      ...block,
      attrs: { level: { default: 1 } },
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: level < 3 ? 1 : 2 } })),
      toDOM: (node) => [node.attrs.level === 1 ? "h2" : "h3", 0],
    },
    item: {
      ...block,
      attrs: { ordered: { default: false }, level: { default: 0 } },
      parseDOM: [{ tag: "li", getAttrs: (element) => ({ ordered: element.parentElement?.tagName === "OL" }) }, {
        tag: "div[data-item]",
        getAttrs: (element) => ({ ordered: element.dataset.item === "1", level: Number(element.dataset.level) }),
      }],
      toDOM: (node) => ["div", { class: "writing-item", "data-item": node.attrs.ordered ? "1" : "0", "data-level": node.attrs.level }, 0],
    },
    quote: { ...block, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    figure: {
      group: "block", atom: true, attrs: { chart: { default: "" }, picture: { default: "" }, caption: { default: "" }, alt: { default: "" }, source: { default: "" } },
      parseDOM: [{ tag: "figure[data-figure]", getAttrs: (element) => JSON.parse(element.dataset.figure) }],
      toDOM: (node) => ["figure", { "data-figure": JSON.stringify(node.attrs) }],
    },
    table: {
      group: "block", atom: true, attrs: { caption: { default: "" }, source: { default: "" }, rows: { default: [] } },
      parseDOM: [{ tag: "figure[data-table]", getAttrs: (element) => JSON.parse(element.dataset.table) }],
      toDOM: (node) => ["figure", { "data-table": JSON.stringify(node.attrs) }],
    },
    text: { group: "inline" },
    line: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    note: {
      inline: true, group: "inline", atom: true, marks: "", attrs: { note: { default: "" } },
      parseDOM: [{ tag: "span[data-note]", getAttrs: (element) => ({ note: element.dataset.note }) }],
      toDOM: (node) => ["span", { class: "writing-note", "data-note": node.attrs.note, title: node.attrs.note }, "※"],
    },
    data: {
      inline: true, group: "inline", atom: true, attrs: { key: { default: "" } },
      parseDOM: [{ tag: "span[data-key]", getAttrs: (element) => ({ key: element.dataset.key }) }],
      toDOM: (node) => ["span", { "data-key": node.attrs.key }],
    },
  },
  marks: {
    link: { attrs: { href: {} }, inclusive: false, parseDOM: [{ tag: "a[href]", getAttrs: (element) => LINK.test(element.getAttribute("href")) && { href: element.getAttribute("href") } }], toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer" }, 0] },
    bold: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    italic: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  },
});
const { nodes: kinds, marks } = schema;

// ---------------------------------------------------------------- nodes of narratives.py to the document and back

function inline(parts) {
  const made = [];
  for (const part of parts) {
    const on = ["bold", "italic"].filter((name) => part[name]).map((name) => marks[name].create());
    if ("note" in part) made.push(kinds.note.create({ note: part.note }));
    else if ("data" in part) made.push(kinds.data.create({ key: part.data }, null, on));
    else {
      if (part.link) on.unshift(marks.link.create({ href: part.link }));
      part.text.split("\n").forEach((line, place) => {
        if (place) made.push(kinds.line.create());
        if (line) made.push(schema.text(line, on));
      });
    }
  }
  return made;
}

function node(one) {
  if (one.is === "figure" || one.is === "table") return kinds[one.is].create(one);
  return kinds[one.is].create(one, inline(one.text));
}

const documentOf = (content) => kinds.doc.create(null, content.length ? content.map(node) : [kinds.paragraph.create()]);

function parts(parent) {
  const made = [];
  parent.forEach((child) => {
    const on = {};
    for (const mark of child.marks) {
      if (mark.type === marks.link) on.link = mark.attrs.href;
      else on[mark.type.name] = true;
    }
    if (child.type === kinds.note) made.push({ note: child.attrs.note });
    else if (child.type === kinds.data) { delete on.link; made.push({ data: child.attrs.key, ...on }); }
    else made.push({ text: child.type === kinds.line ? "\n" : child.text, ...on });
  });
  return made;
}

function contentOf(document) {
  const made = [];
  document.forEach((child) => {
    const { type, attrs } = child;
    if (type === kinds.figure) made.push(attrs.chart ? { is: "figure", chart: attrs.chart } : { is: "figure", picture: attrs.picture, caption: attrs.caption, alt: attrs.alt, source: attrs.source });
    else if (type === kinds.table) made.push({ is: "table", ...attrs });
    else made.push({ is: type.name, ...attrs, text: parts(child) });
  });
  return made;
}

// ---------------------------------------------------------------- how the special parts look

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function dataView(known, texts) {
  return (node) => {
    const found = known[node.attrs.key];
    const chip = element("span", { class: found ? "writing-data" : "writing-data is-broken", title: found ? found[0] : node.attrs.key, "data-key": node.attrs.key });
    chip.textContent = found ? found[1] : `${texts.broken}: ${node.attrs.key}`;
    return { dom: chip };
  };
}

function atomView(draw, edit, texts) {
  return (node, view, place) => {
    const button = (title, act) => {
      const made = element("button", { type: "button", class: "button button-small" }, title);
      made.addEventListener("click", () => act(place(), view.state.doc.nodeAt(place())));
      return made;
    };
    const change = button(texts.edit, (at, one) => edit(view, at, one));
    const remove = button(texts.remove, (at, one) => { view.dispatch(view.state.tr.delete(at, at + one.nodeSize)); view.focus(); });
    remove.classList.add("button-quiet");
    const buttons = element("div", { class: "writing-figure-buttons" }, ...(node.attrs.chart ? [] : [change]), remove);
    const dom = element("figure", { class: "writing-figure", contenteditable: "false" }, ...draw(node), buttons);
    return { dom, stopEvent: (event) => buttons.contains(event.target), ignoreMutation: () => true };
  };
}

const drawFigure = (form, charts, texts) => ({ attrs }) => {
  if (attrs.chart) return [element("figcaption", {}, `${texts.chart}: ${charts.get(attrs.chart) ?? attrs.chart}`)];
  const picture = element("img", { src: form.dataset.pictures.replace("00000000-0000-0000-0000-000000000000", attrs.picture), alt: attrs.alt || attrs.caption, loading: "lazy" });
  picture.addEventListener("error", () => picture.replaceWith(element("p", { class: "writing-gone" }, texts.gone)));
  return [picture, element("figcaption", {}, [attrs.caption || texts.untitled, attrs.source].filter(Boolean).join(" · "))];
};

const drawTable = (texts) => ({ attrs }) => {
  const rows = attrs.rows.map((row, number) => element("tr", {}, ...row.map((cell) => element(number ? "td" : "th", {}, cell))));
  const table = element("table", { class: "table" }, element("tbody", {}, ...rows));
  return [element("figcaption", {}, [attrs.caption || texts.untitled, attrs.source].filter(Boolean).join(" · ")), element("div", { class: "table-scroll" }, table)];
};

// ---------------------------------------------------------------- questions

/** Ask for some lines of text: [[name, label, value, isLong]]; the values by name, or null. */
function question(title, fields, texts, judge = () => "") {
  return new Promise((resolve) => {
    const dialog = element("dialog", { class: "dialog" }, element("h2", {}, title));
    const form = element("form", { method: "dialog", class: "stack" });
    for (const [name, label, value, isLong] of fields) {
      const field = element(isLong ? "textarea" : "input", { class: "input", name, id: `ask-${name}`, ...(isLong ? { rows: "8" } : {}) });
      field.value = value ?? "";
      form.append(element("div", { class: "field" }, element("label", { class: "field-label", for: `ask-${name}` }, label), field));
    }
    const problem = element("p", { class: "error-text", role: "alert" });
    const done = element("button", { class: "button button-primary", value: "done" }, texts.done);
    const cancel = element("button", { class: "button", value: "", formnovalidate: "" }, texts.cancel);
    form.append(problem, element("div", { class: "buttons" }, cancel, done));
    const values = () => Object.fromEntries(fields.map(([name]) => [name, form.elements[name].value.trim()]));
    form.addEventListener("submit", (event) => {
      event.stopPropagation();
      if (event.submitter?.value !== "done") return;
      problem.textContent = judge(values());
      if (problem.textContent) event.preventDefault();
    });
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "done" ? values() : null);
      dialog.remove();
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

const figureFields = (attrs, texts) => ["caption", "alt", "source"].map((name) => [name, texts[name], attrs[name]]);
const writtenRows = (rows) => rows.map((row) => row.map((cell) => cell.replaceAll("\n", " ")).join(" | ")).join("\n");
const readRows = (text) => text.split("\n").filter((line) => line.trim()).map((line) => line.replace(/^\s*\|/, "").replace(/\|\s*$/, "").split("|").map((cell) => cell.trim()));

async function editFigure(view, place, node, texts) {
  const found = await question(texts.figure, figureFields(node.attrs, texts), texts);
  if (found) view.dispatch(view.state.tr.setNodeMarkup(place, null, { ...node.attrs, ...found }));
  view.focus();
}

async function editTable(view, place, node, texts) {
  const { attrs } = node ?? { attrs: { caption: "", source: "", rows: [] } };
  const found = await question(texts.table, [["caption", texts.caption, attrs.caption], ["rows", texts.rows, writtenRows(attrs.rows), true], ["source", texts.source, attrs.source]], texts);
  if (found) {
    const rows = readRows(found.rows);
    const width = Math.max(1, ...rows.map((row) => row.length));
    const made = { caption: found.caption, source: found.source, rows: rows.map((row) => [...row, ...Array(width - row.length).fill("")]) };
    if (node) view.dispatch(view.state.tr.setNodeMarkup(place, null, made));
    else if (rows.length) insertBlock(view, kinds.table.create(made));
  }
  view.focus();
}

function insertBlock(view, made) {
  const { $to } = view.state.selection;
  const after = $to.depth ? $to.after(1) : $to.pos;
  const isEmpty = $to.depth && $to.node(1).isTextblock && !$to.node(1).content.size;
  const transaction = isEmpty ? view.state.tr.replaceWith($to.before(1), after, made) : view.state.tr.insert(after, made);
  const end = isEmpty ? $to.before(1) + made.nodeSize : after + made.nodeSize;
  if (end >= transaction.doc.content.size) transaction.insert(end, kinds.paragraph.create());
  view.dispatch(transaction.setSelection(TextSelection.near(transaction.doc.resolve(end))).scrollIntoView());
}

// ---------------------------------------------------------------- commands

const itemHere = (state) => {
  const parent = state.selection.$from.parent;
  return parent.type === kinds.item ? parent : null;
};

function shift(by) {
  return (state, dispatch) => {
    if (!itemHere(state)) return false;
    const transaction = state.tr;
    state.doc.nodesBetween(state.selection.from, state.selection.to, (child, place) => {
      if (child.type !== kinds.item) return child.type === kinds.doc;
      const level = child.attrs.level + by;
      if (level < 0) transaction.setNodeMarkup(place, kinds.paragraph);
      else transaction.setNodeMarkup(place, null, { ...child.attrs, level: Math.min(level, DEEPEST) });
      return false;
    });
    dispatch?.(transaction.scrollIntoView());
    return true;
  };
}

const leaveEmptyItem = (state, dispatch) => {
  const item = itemHere(state);
  return item && !item.content.size ? shift(-1)(state, dispatch) : false;
};
const backAtStart = (state, dispatch) => {
  const { $from, empty } = state.selection;
  return empty && $from.parentOffset === 0 && itemHere(state) ? shift(-1)(state, dispatch) : false;
};
const split = splitBlockAs((parent) => (parent.type === kinds.item ? { type: kinds.item, attrs: parent.attrs } : { type: kinds.paragraph }));
const newLine = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(kinds.line.create()).scrollIntoView());
  return true;
};

function toggleBlock(type, attrs = {}) {
  return (state, dispatch) => {
    const { parent } = state.selection.$from;
    const isOn = parent.type === type && Object.entries(attrs).every(([name, value]) => parent.attrs[name] === value);
    return setBlockType(isOn ? kinds.paragraph : type, isOn ? {} : { ...(parent.type === type ? parent.attrs : {}), ...attrs })(state, dispatch);
  };
}

const link = (texts) => async (view) => {
  const { state } = view;
  const { from, to, empty, $from } = state.selection;
  const old = marks.link.isInSet(empty ? $from.marks() : $from.nodeAfter?.marks ?? []);
  if (empty && !old) {
    const found = await question(texts.link, [["href", texts.link, ""]], texts, ({ href }) => (LINK.test(href) ? "" : texts.wrongLink));
    if (found) view.dispatch(view.state.tr.replaceSelectionWith(schema.text(found.href, [marks.link.create(found)]), false));
  } else {
    const found = await question(texts.link, [["href", texts.link, old?.attrs.href ?? ""]], texts, ({ href }) => (!href || LINK.test(href) ? "" : texts.wrongLink));
    if (found) {
      const [start, end] = empty ? reach($from, old) : [from, to];
      const transaction = view.state.tr.removeMark(start, end, marks.link);
      view.dispatch(found.href ? transaction.addMark(start, end, marks.link.create(found)) : transaction);
    }
  }
  view.focus();
};

/** Where the link around a place begins and ends. */
function reach($place, mark) {
  let [start, end] = [$place.pos, $place.pos];
  $place.parent.forEach((child, offset) => {
    const from = $place.start() + offset;
    if (mark.isInSet(child.marks) && from <= $place.pos && from + child.nodeSize >= $place.pos) [start, end] = [from, from + child.nodeSize];
  });
  return [start, end];
}

const note = (texts) => async (view, place = null, old = null) => {
  const found = await question(texts.note, [["note", texts.note, old?.attrs.note ?? "", true]], texts);
  if (found && old) view.dispatch(found.note ? view.state.tr.setNodeMarkup(place, null, found) : view.state.tr.delete(place, place + 1));
  else if (found?.note) view.dispatch(view.state.tr.replaceSelectionWith(kinds.note.create(found), false));
  view.focus();
};

// ---------------------------------------------------------------- pasting

/** Pasted HTML goes through the server's sanitiser; what is typed meanwhile stays where it is. */
function pasting(form) {
  const waiting = new Set();
  return new Plugin({
    appendTransaction(transactions) {
      for (const one of waiting) for (const { mapping } of transactions) one.place = mapping.map(one.place);
      return null;
    },
    props: {
      transformPastedHTML: (html) => html.replace(/<style[\s\S]*?<\/style>|\s(?:style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""), // a strict policy would complain of each
      handlePaste(view, event, slice) {
        const html = event.clipboardData?.getData("text/html") ?? "";
        const picture = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
        if (!html && picture) {
          ask(form, form.dataset.picture, { picture }).then((answer) => {
            if (answer?.picture) insertBlock(view, kinds.figure.create(answer));
          });
          return true;
        }
        if (!html || html.includes("data-pm-slice")) return false;
        view.dispatch(view.state.tr.deleteSelection());
        const one = { place: view.state.selection.from };
        waiting.add(one);
        ask(form, form.dataset.paste, { html }).then((answer) => {
          waiting.delete(one);
          const pasted = answer?.nodes ? Fragment.from(answer.nodes.map(node)) : slice.content;
          if (!pasted.size) return;
          const isLine = pasted.childCount === 1 && pasted.firstChild.type === kinds.paragraph;
          const opened = pasted.firstChild.isTextblock && pasted.lastChild.isTextblock ? 1 : 0;
          const made = isLine ? new Slice(pasted.firstChild.content, 0, 0) : new Slice(pasted, opened && pasted.firstChild.type === kinds.paragraph ? 1 : 0, opened && pasted.lastChild.type === kinds.paragraph ? 1 : 0);
          view.dispatch(view.state.tr.replace(one.place, one.place, made).scrollIntoView());
        });
        return true;
      },
    },
  });
}

// ---------------------------------------------------------------- the whole

/** Put the editor in place of the textarea; {insertReference, insertNode} put things in at the cursor. */
export function open(form, texts, content) {
  const area = form.elements.text;
  const field = form.elements.nodes;
  const known = JSON.parse(texts.known);
  const charts = new Map([...form.elements.chart.options].map((option) => [option.value, option.textContent]));
  const tools = document.getElementById("tools");
  const linkNow = link(texts);
  const noteNow = note(texts);
  const run = (command) => (view) => { command(view.state, view.dispatch, view); view.focus(); };
  const commands = {
    bold: run(toggleMark(marks.bold)),
    italic: run(toggleMark(marks.italic)),
    link: linkNow,
    note: noteNow,
    heading1: run(toggleBlock(kinds.heading, { level: 1 })),
    heading2: run(toggleBlock(kinds.heading, { level: 2 })),
    bullets: run(toggleBlock(kinds.item, { ordered: false })),
    numbers: run(toggleBlock(kinds.item, { ordered: true })),
    quote: run(toggleBlock(kinds.quote)),
    table: (view) => editTable(view, null, null, texts),
    undo: run(undo),
    redo: run(redo),
  };
  const key = (command) => (_state, _dispatch, view) => { command(view); return true; };
  const state = EditorState.create({
    doc: documentOf(content),
    plugins: [
      inputRules({ rules: [
        textblockTypeInputRule(/^(#{2,3})\s$/, kinds.heading, (found) => ({ level: found[1].length - 1 })),
        textblockTypeInputRule(/^[-*]\s$/, kinds.item, { ordered: false, level: 0 }),
        textblockTypeInputRule(/^1[.)]\s$/, kinds.item, { ordered: true, level: 0 }),
        textblockTypeInputRule(/^>\s$/, kinds.quote),
      ] }),
      keymap({
        "Mod-b": toggleMark(marks.bold), "Mod-i": toggleMark(marks.italic), "Mod-k": key(linkNow),
        "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo,
        "Mod-s": () => { form.requestSubmit(); return true; },
        Tab: shift(1), "Shift-Tab": shift(-1), Backspace: backAtStart, "Shift-Enter": newLine,
        Enter: chainCommands(leaveEmptyItem, split),
      }),
      keymap(baseKeymap),
      history(),
      pasting(form),
    ],
  });

  const host = element("div", { class: "writing-editor" });
  area.closest(".field").before(host);
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    timer = 0;
    field.value = JSON.stringify(contentOf(view.state.doc));
    area.value = "";
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const view = new EditorView(host, {
    state,
    attributes: ({ doc }) => ({
      class: doc.childCount === 1 && doc.firstChild.type === kinds.paragraph && !doc.firstChild.content.size ? "writing-page is-empty" : "writing-page",
      role: "textbox", "aria-multiline": "true", "aria-label": texts.editor, "data-placeholder": texts.placeholder, lang: "id", spellcheck: "true",
    }),
    nodeViews: {
      data: dataView(known, texts),
      figure: atomView(drawFigure(form, charts, texts), (one, place, node) => editFigure(one, place, node, texts), texts),
      table: atomView(drawTable(texts), (one, place, node) => editTable(one, place, node, texts), texts),
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      if (transaction.docChanged) {
        clearTimeout(timer);
        timer = setTimeout(write, PAUSE);
      }
      showState();
    },
    handleClickOn(one, _place, node, inside) {
      if (node.type !== kinds.note) return false;
      noteNow(one, inside, node);
      return true;
    },
  });

  function showState() {
    const { $from, empty, from, to } = view.state.selection;
    const has = (mark) => (empty ? Boolean(mark.isInSet(view.state.storedMarks ?? $from.marks())) : view.state.doc.rangeHasMark(from, to, mark));
    const { type, attrs } = $from.parent;
    const on = {
      bold: has(marks.bold), italic: has(marks.italic), link: has(marks.link),
      heading1: type === kinds.heading && attrs.level === 1, heading2: type === kinds.heading && attrs.level === 2,
      bullets: type === kinds.item && !attrs.ordered, numbers: type === kinds.item && attrs.ordered, quote: type === kinds.quote,
    };
    for (const [name, isOn] of Object.entries(on)) tools.querySelector(`[data-do=${name}]`).setAttribute("aria-pressed", String(isOn));
  }

  tools.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) commands[button.dataset.do](view);
  });
  form.addEventListener("submit", () => { if (timer) write(); }, { capture: true });
  addEventListener("pagehide", () => { if (timer) write(); }, { capture: true });
  // A copy from this device was brought back into the form.
  form.addEventListener("change", (event) => {
    if (event.target !== form) return;
    if (field.value) view.updateState(EditorState.create({ doc: documentOf(JSON.parse(field.value)), plugins: view.state.plugins }));
    else if (area.value) ask(form, form.dataset.paste, { text: area.value }).then((answer) => {
      if (answer?.nodes) view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, documentOf(answer.nodes).content));
    });
  });

  tools.hidden = false;
  area.closest(".field").hidden = true;
  document.getElementById("markup").hidden = true;
  showState();
  return {
    insertReference(key) {
      view.dispatch(view.state.tr.replaceSelectionWith(kinds.data.create({ key }), true).scrollIntoView());
      view.focus();
    },
    insertNode(one) {
      insertBlock(view, node(one));
      view.focus();
    },
  };
}
