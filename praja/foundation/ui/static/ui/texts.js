// The sentences that scripts say, as the page brings them in its language.

/** The sentence `key` (as in data-draft-saved, here "draftSaved") with its {places} filled. */
export function text(key, places = {}) {
  const sentence = document.getElementById("texts")?.dataset[key] ?? "";
  return Object.entries(places).reduce((said, [place, value]) => said.replace(`{${place}}`, value), sentence);
}

/** A time of day as the page's language writes it: 10.42 or 10:42. */
export function timeOfDay(moment) {
  const pad = (number) => String(number).padStart(2, "0");
  const sign = document.documentElement.lang === "en" ? ":" : ".";
  return `${pad(moment.getHours())}${sign}${pad(moment.getMinutes())}`;
}
