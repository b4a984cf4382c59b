// The page of a text: who is here, putting things in at the cursor, pasted HTML as signs; then the rich editor, when it has come.
import { ask, send } from "./narrative_sending.js";

const form = document.querySelector("form[data-writing]");
const texts = document.getElementById("writing-texts").dataset;
const area = form.elements.text;
const PING = 20000;
let editor = null;

function say(problem) {
  const place = document.getElementById("put-problem");
  place.textContent = problem;
  place.hidden = !problem;
}

// ---------------------------------------------------------------- who is here

async function ping() {
  if (document.hidden) return;
  const answer = await send(form, form.dataset.here, { version: form.elements.version.value });
  if (answer?.ok) document.getElementById("people").innerHTML = await answer.text();
}
ping();
setInterval(ping, PING);
document.addEventListener("visibilitychange", ping);

// ---------------------------------------------------------------- the text with signs

function typeIn(words) {
  area.focus();
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

area.addEventListener("paste", async (event) => {
  const html = event.clipboardData?.getData("text/html");
  if (!html) return;
  const plain = event.clipboardData.getData("text/plain");
  event.preventDefault();
  const answer = await ask(form, form.dataset.paste, { html });
  typeIn(answer?.text ?? plain);
});

const put = {
  reference: async () => {
    const key = form.elements.reference.value;
    if (editor) editor.insertReference(key);
    else typeIn(`{{ ${key} }}`);
  },
  chart: async () => {
    const chart = form.elements.chart.value;
    if (!chart) return;
    if (editor) editor.insertNode({ is: "figure", chart });
    else typeIn(`\n\n![](grafik:${chart})\n\n`);
  },
  picture: async () => {
    const file = form.elements.picture.files[0];
    if (!file) return;
    const answer = await ask(form, form.dataset.picture, { picture: file });
    if (!answer?.picture) {
      say(answer?.problems?.join(" ") ?? texts.failed);
      return;
    }
    const node = { is: "figure", picture: answer.picture };
    for (const name of ["caption", "alt", "source"]) node[name] = form.elements[`picture_${name}`].value;
    if (editor) editor.insertNode(node);
    else typeIn(`\n\n![${["caption", "alt", "source"].map((name) => node[name].replace(/([\\[\]|])/g, "\\$1")).join(" | ")}](gambar:${node.picture})\n\n`);
    for (const name of ["picture", "picture_caption", "picture_alt", "picture_source"]) form.elements[name].value = "";
  },
};

document.getElementById("put").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-put]");
  if (!button) return;
  event.preventDefault();
  say("");
  button.setAttribute("aria-busy", "true");
  await put[button.dataset.put]();
  button.removeAttribute("aria-busy");
});

// ---------------------------------------------------------------- the editor

async function begin() {
  const { open } = await import("./narrative_editor.js");
  let nodes = texts.nodes;
  if (area.value !== area.defaultValue || !nodes) { // typed before the editor had come, or what cannot be read as nodes
    const answer = await ask(form, form.dataset.paste, { text: area.value });
    if (!answer?.nodes) return;
    nodes = JSON.stringify(answer.nodes);
  }
  editor = open(form, texts, JSON.parse(nodes));
}

if (!("plain" in form.dataset)) {
  if ("requestIdleCallback" in window) requestIdleCallback(() => begin(), { timeout: 1500 });
  else setTimeout(begin, 200);
}
