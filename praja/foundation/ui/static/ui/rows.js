// Adds and takes away rows of a formset: [data-rows] with its <template>, its list and its counter of rows.

function add(box) {
  const total = box.querySelector('[name$="-TOTAL_FORMS"]');
  const most = Number(box.querySelector('[name$="-MAX_NUM_FORMS"]')?.value ?? 1000);
  if (Number(total.value) >= most) return;
  const row = box.querySelector("[data-rows-template]").content.firstElementChild.cloneNode(true);
  const number = total.value;
  for (const part of row.querySelectorAll("*")) {
    for (const attribute of part.attributes) {
      if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", number);
    }
  }
  box.querySelector("[data-rows-list]").append(row);
  total.value = Number(number) + 1;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function takeAway(row) {
  const box = row.closest("[data-rows]");
  const mark = row.querySelector('[name$="-DELETE"]');
  if (mark) mark.checked = true;
  row.hidden = true;
  box.querySelector("[data-rows-add]")?.focus();
  // Autosave listens to changes; a hidden row tells it in the same way.
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-rows-add]");
  if (adder) add(adder.closest("[data-rows]"));
  const remover = event.target.closest("[data-row-remove]");
  if (remover) takeAway(remover.closest("[data-row]"));
});
// Rows that were marked before the page came back stay hidden.
for (const mark of document.querySelectorAll('[data-row] [name$="-DELETE"]:checked')) mark.closest("[data-row]").hidden = true;
