// While a new password is typed: how many characters it lacks, whether both are the same, and a box that shows them.
const state = document.querySelector("[data-password-state]");
const first = document.querySelector("[data-new-password]");
const second = document.querySelector("[data-new-password-again]");

function lacks(text, least) {
  const signs = [...text];
  if (!signs.length) return "";
  if (signs.length < least) return state.dataset.short.replace("{count}", least - signs.length);
  return new Set(signs).size < 5 ? state.dataset.plain : state.dataset.good;
}

function say() {
  state.querySelector("[data-password-first]").textContent = lacks(first.value, Number(first.dataset.newPassword));
  const both = second.value ? (second.value === first.value ? state.dataset.same : state.dataset.differ) : "";
  state.querySelector("[data-password-second]").textContent = both;
}

if (state && first && second) {
  first.addEventListener("input", say);
  second.addEventListener("input", say);
  state.querySelector("[data-password-show]").addEventListener("change", (event) => {
    for (const field of [first, second]) field.type = event.target.checked ? "text" : "password";
  });
}
