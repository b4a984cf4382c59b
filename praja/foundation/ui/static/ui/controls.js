// Small helps: theme, menus, the sheet on the phone, copying, counting, questions before a step, one sending at a time.
import { text } from "./texts.js";
import { renewToken } from "./token.js";

const root = document.documentElement;

// Theme: as the device → light → dark; a cookie, so that the server already draws the right one.
const THEMES = ["", "light", "dark"];
const THEME_WORDS = { "": "themeSystem", light: "themeLight", dark: "themeDark" };

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
}

function nameTheme(button) {
  const words = text(THEME_WORDS[root.dataset.theme ?? ""]);
  button.title = words;
  const label = button.querySelector(".visually-hidden");
  if (label) label.textContent = words;
}

// Browsers without popover: open and close the sheet by class.
const knowsPopover = "popover" in HTMLElement.prototype;

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(source.innerText);
    label.textContent = text("copied");
  } catch {
    getSelection().selectAllChildren(source);
    label.textContent = text("copyFailed");
  }
  setTimeout(() => { label.textContent = before; }, 2500);
}

// A question before a step that is hard to take back: form[data-confirm="sentence"] or a button with it.
function ask(form, submitter, question) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const words = document.createElement("p");
  words.textContent = question;
  const buttons = document.createElement("form");
  buttons.method = "dialog";
  buttons.className = "buttons";
  for (const [value, label, kind] of [["", text("cancel"), ""], ["yes", submitter?.textContent.trim() || text("confirm"), "button-primary"]]) {
    const button = document.createElement("button");
    button.className = `button ${kind}`;
    button.value = value;
    button.textContent = label;
    buttons.append(button);
  }
  dialog.append(words, buttons);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "yes") {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
    } else submitter?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog") return;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && form.dataset.confirmed !== "yes") {
    event.preventDefault();
    ask(form, event.submitter, question);
    return;
  }
  delete form.dataset.confirmed;
  if (form.dataset.sending === "yes") {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  renewToken(form);
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  // A form that answers with a file leaves the page standing: let it be sent again after a while.
  setTimeout(() => release(form), 8000);
}

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function count(counter) {
  const field = document.getElementById(counter.dataset.counts);
  if (!field) return;
  const left = Number(counter.dataset.most) - [...field.value].length;
  counter.textContent = text(left < 0 ? "over" : "left", { count: Math.abs(left) });
  counter.classList.toggle("is-over", left < 0);
  counter.hidden = left > Number(counter.dataset.most) / 4;
}

// select[data-depends-on="id_dimension"]: only the options whose data-of names the chosen value (the server checks too).
function narrow(select) {
  const chosen = document.getElementById(select.dataset.dependsOn)?.value
    ?? document.querySelector(`[name="${select.dataset.dependsOn}"]:checked`)?.value ?? "";
  for (const option of select.options) {
    const fits = !option.dataset.of || !chosen || option.dataset.of === chosen;
    option.hidden = option.disabled = !fits;
    if (!fits && option.selected) select.value = "";
  }
}

// input[data-narrows="id"]: only the choices whose words hold what is typed; ticked ones stay in sight.
function narrowChoices(search) {
  const wanted = search.value.trim().toLowerCase();
  for (const choice of document.getElementById(search.dataset.narrows)?.querySelectorAll(".choice-card") ?? []) {
    choice.hidden = !choice.textContent.toLowerCase().includes(wanted) && !choice.querySelector(":checked");
  }
}

// input[data-picks="row"]: ticks or clears all boxes of that name in its form; its own tick says whether all are.
function pickAll(box) {
  for (const one of box.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.picks)}"]`)) one.checked = box.checked;
}

function start(part) {
  for (const button of part.querySelectorAll("[data-theme-toggle]")) nameTheme(button);
  for (const counter of part.querySelectorAll("[data-counts]")) count(counter);
  for (const select of part.querySelectorAll("[data-depends-on]")) narrow(select);
  part.querySelector("[data-focus]")?.focus();
  const tab = part.querySelector(".tab[aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetWidth / 3;
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const theme = on("[data-theme-toggle]");
  if (theme) {
    setTheme(THEMES[(THEMES.indexOf(root.dataset.theme ?? "") + 1) % THEMES.length]);
    nameTheme(theme);
  }
  if (on("[data-copy]")) copy(on("[data-copy]"));
  if (on("[data-dialog]")) document.getElementById(on("[data-dialog]").dataset.dialog)?.showModal();
  if (!knowsPopover) {
    const opener = on("[data-opens]");
    const closer = on("[data-closes]");
    if (opener) document.getElementById(opener.dataset.opens).classList.toggle("is-open");
    if (closer) document.getElementById(closer.dataset.closes).classList.remove("is-open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  document.querySelector(".side-navigation.is-open")?.classList.remove("is-open");
});

document.addEventListener("submit", onSubmit);
document.addEventListener("input", (event) => {
  if (event.target.dataset.narrows) narrowChoices(event.target);
  for (const counter of document.querySelectorAll(`[data-counts="${CSS.escape(event.target.id)}"]`)) count(counter);
});
document.addEventListener("change", (event) => {
  if (event.target.dataset.picks) pickAll(event.target);
  for (const select of document.querySelectorAll("[data-depends-on]")) narrow(select);
});
// Back to a page kept by the browser: its forms may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});
document.addEventListener("htmx:after:swap", (event) => start(event.target));
document.addEventListener("praja:replaced", (event) => start(event.target));
start(document);
