// How the page of a text speaks with the server.
import { renewToken } from "../ui/token.js";

/** POST values with the token of `form`; the answer, or null when there was none. */
export async function send(form, address, values) {
  renewToken(form);
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  try {
    const answer = await fetch(address, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } });
    return answer.redirected ? null : answer;
  } catch {
    return null;
  }
}

/** The same for answers in JSON: {nodes, text}, {picture} or {problems}. */
export async function ask(form, address, values) {
  const answer = await send(form, address, values);
  try {
    return answer && await answer.json();
  } catch {
    return null;
  }
}
