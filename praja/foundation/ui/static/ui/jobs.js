// Asks for the state of a job until it is done: [data-job-url] gives the same fragment again; [data-job-then] around it
// is the address that shows what came of it, where the page goes by itself.
import { text } from "./texts.js";

const FIRST_WAIT = 700;
const LONGEST_WAIT = 5000;

function watch(box, wait = FIRST_WAIT) {
  setTimeout(async () => {
    if (!box.isConnected) return;
    let next = box;
    try {
      const answer = await fetch(box.dataset.jobUrl, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(".job");
      if (!found) throw new Error("no job");
      box.replaceWith(found);
      next = found;
    } catch {
      const line = box.querySelector(".faint");
      if (line) line.textContent = text("jobLost");
    }
    if (next.dataset.jobUrl) watch(next, Math.min(wait * 1.3, LONGEST_WAIT));
    else if (next.closest("[data-job-then]")) location.replace(next.closest("[data-job-then]").dataset.jobThen);
  }, document.hidden ? LONGEST_WAIT : wait);
}

export function start(part) {
  for (const box of part.querySelectorAll("[data-job-url]")) watch(box);
}

document.addEventListener("htmx:after:swap", (event) => start(event.target));
document.addEventListener("praja:replaced", (event) => start(event.target));
start(document);
