/* Keys in the table of scores: up and down go to the same criterion of the next nominee. Without script Tab does. */
document.addEventListener("keydown", (event) => {
  const field = event.target.closest(".score-cell input");
  if (!field || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const line = field.closest("tr");
  const lines = [...line.parentElement.querySelectorAll(".score-line")];
  const next = lines[lines.indexOf(line) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  const place = [...line.querySelectorAll(".score-cell input")].indexOf(field);
  const other = next.querySelectorAll(".score-cell input")[place];
  other.focus();
  other.select();
});
