// Brings the board of the hall up to date every few seconds; keeps the last state and says so when the line drops.
import { timeOfDay } from "../ui/texts.js";

const WAIT = 3000;
const LONGEST_WAIT = 15000;
const TIME_LIMIT = 8000;

const live = document.querySelector("[data-board-url]");
const line = document.querySelector("[data-board-line]");
let etag = live?.dataset.boardEtag ?? "";
let seen = new Date();

function say(key, moment = new Date()) {
  line.textContent = line.dataset[key].replace("{time}", timeOfDay(moment));
  line.classList.toggle("is-lost", key !== "live");
}

function signedPlaces() {
  return new Set([...live.querySelectorAll(".has-signed")].map((place) => place.dataset.place));
}

function show(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-board-state]");
  if (!found) throw new Error("no board");
  const before = signedPlaces();
  live.replaceChildren(found);
  for (const place of live.querySelectorAll(".has-signed")) {
    if (!before.has(place.dataset.place)) place.classList.add("is-new");
  }
  const count = live.querySelector(".board-count");
  document.title = `${count?.textContent.trim().replace(/\s+/g, " ") ?? ""} · Praja`;
}

async function ask(wait) {
  let next = WAIT;
  try {
    const answer = await fetch(live.dataset.boardUrl, {
      headers: { "If-None-Match": etag, "HX-Request": "true" },
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
    if (answer.redirected || [401, 403, 404].includes(answer.status)) {
      say("ended");
      return;
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      etag = answer.headers.get("ETag") ?? "";
    }
    seen = new Date();
    say("live", seen);
  } catch {
    say("lost", seen);
    next = Math.min(wait * 1.5, LONGEST_WAIT);
  }
  setTimeout(() => ask(next), next);
}

if (live && line) {
  say("live");
  setTimeout(() => ask(WAIT), WAIT);
  window.addEventListener("offline", () => say("lost", seen));
}
