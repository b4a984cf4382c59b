// Nothing typed is lost: form[data-draft-url] saves itself two seconds after the last change, and keeps a copy on this
// device until the server has it. The copy is offered again when the page comes back after a crash or a dead session.
import { text, timeOfDay } from "./texts.js";
import { renewToken } from "./token.js";

const PAUSE = 2000;
const DAYS = 14;
const LARGEST_KEEPALIVE = 60000; // bytes; browsers refuse more
const user = document.body.dataset.user ?? "";
const isSignedOut = "signedOut" in document.body.dataset;

const store = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the server's draft remains */ }
  },
  forget(key) {
    try { localStorage.removeItem(key); } catch { /* forbidden */ }
  },
  keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith("draft:")); } catch { return []; }
  },
};

/** What a person typed, as [name, text] pairs; no token, no file, no password. */
function typed(form) {
  const secret = new Set([...form.querySelectorAll("input[type=password]")].map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && !secret.has(name));
}

function same(one, other) {
  const plain = (pairs) => JSON.stringify(pairs.filter(([name]) => name !== "version"));
  return plain(one) === plain(other);
}

function say(form, words, isWarning = false) {
  for (const state of form.querySelectorAll("[data-draft-state]")) {
    state.textContent = words;
    state.classList.toggle("is-warning", isWarning);
  }
}

function autosave(form) {
  const key = `draft:${user}:${location.pathname}:${form.id}`;
  let before = typed(form);
  let timer = 0;
  let isSaving = false;
  let isDue = false;
  let isLeaving = false;

  const keepCopy = (wasSent = false) => store.write(key, { at: Date.now(), values: typed(form), wasSent });

  async function save() {
    clearTimeout(timer);
    if (isLeaving) return;
    if (isSaving) { isDue = true; return; }
    const values = typed(form);
    if (same(values, before)) return;
    isSaving = true;
    say(form, text("saving"));
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: body(form), credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 401 || answer.status === 403) say(form, text("signedOut"), true);
      else if (!answer.ok) say(form, text("refused"), true);
      else {
        before = values;
        say(form, text("saved", { time: timeOfDay(new Date()) }));
        if (same(typed(form), values)) store.forget(key);
      }
    } catch {
      say(form, text("offline"), true);
    }
    isSaving = false;
    if (isDue) { isDue = false; timer = setTimeout(save, PAUSE); }
  }

  form.addEventListener("input", () => {
    keepCopy();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isLeaving = true;
    clearTimeout(timer);
    keepCopy(true);
  });
  addEventListener("online", save);
  // Back from another tab, perhaps from signing in there.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) save(); });
  // Also called when a phone puts the page away; keepalive lets the request outlive the page.
  const flush = () => {
    if (isLeaving || same(typed(form), before)) return;
    keepCopy();
    before = typed(form);
    const data = new URLSearchParams(body(form));
    if (data.toString().length < LARGEST_KEEPALIVE) {
      fetch(form.dataset.draftUrl, { method: "POST", body: data, keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
  };
  addEventListener("pagehide", flush);
  addEventListener("beforeunload", flush);
  addEventListener("pageshow", () => { isLeaving = false; });

  offer(form, key);
}

/** The form as the server takes it, without files. */
function body(form) {
  renewToken(form);
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
  return data;
}

function offer(form, key) {
  const copy = store.read(key);
  if (!copy) return;
  if (same(copy.values, typed(form)) || Date.now() - copy.at > DAYS * 86400000) {
    store.forget(key);
    return;
  }
  const box = document.createElement("div");
  box.className = "notice tone-warning";
  box.setAttribute("role", "status");
  const inside = document.createElement("div");
  inside.className = "notice-body";
  const words = document.createElement("p");
  words.textContent = text("found", { time: timeOfDay(new Date(copy.at)) });
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const choose = (label, kind, action) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button ${kind}`;
    button.textContent = label;
    button.addEventListener("click", () => { action(); box.remove(); });
    buttons.append(button);
  };
  choose(text("restore"), "button-primary", () => restore(form, copy.values));
  choose(text("discard"), "", () => store.forget(key));
  inside.append(words, buttons);
  box.append(inside);
  form.prepend(box);
}

function restore(form, values) {
  const wanted = new Map();
  for (const [name, value] of values) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  // Rows that were added: make as many as there were.
  for (const [name, [count]] of wanted) {
    const total = name.endsWith("-TOTAL_FORMS") && form.elements[name];
    const add = total && total.closest("[data-rows]")?.querySelector("[data-rows-add]");
    while (add && Number(total.value) < Math.min(Number(count), 200)) {
      const was = total.value;
      add.click();
      if (total.value === was) break;
    }
  }
  for (const field of form.elements) {
    if (!field.name || ["csrfmiddlewaretoken", "version"].includes(field.name) || ["file", "password", "submit", "button"].includes(field.type)) continue;
    const texts = wanted.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = texts.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = texts.includes(option.value);
    else if (texts.length) field.value = texts.shift();
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// A copy of a form that was sent is not needed once another page of the same person came: the server took it.
if (!isSignedOut) {
  const forms = [...document.querySelectorAll("form[data-draft-url]")];
  const here = new Set(forms.map((form) => `draft:${user}:${location.pathname}:${form.id}`));
  for (const key of store.keys()) {
    if (!here.has(key) && key.startsWith(`draft:${user}:`) && store.read(key)?.wasSent) store.forget(key);
  }
  for (const form of forms) autosave(form);
}
