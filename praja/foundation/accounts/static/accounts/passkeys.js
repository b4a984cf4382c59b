// Passkeys: form[data-passkey="sign-in|second|confirm|add"] asks the device when its [data-passkey-ask] is pressed, puts
// the answer into [data-passkey-answer] and sends itself. Without this script every form still has its other way.
import { renewToken } from "../ui/token.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The server's question with bytes where the browser wants bytes. */
function opened(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: key };
}

/** The device's answer as text. */
function closed(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function ask(form) {
  const purpose = form.dataset.passkey;
  renewToken(form);
  const answer = await fetch(form.dataset.question, {
    method: "POST",
    body: new URLSearchParams({ purpose, csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value }),
  });
  if (!answer.ok) throw new Error("no question");
  const options = opened(await answer.json());
  return purpose === "add" ? navigator.credentials.create(options) : navigator.credentials.get(options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-ask]");
  const state = form.querySelector("[data-passkey-state]");
  if (!window.PublicKeyCredential) {
    button.hidden = true;
    state.textContent = state.dataset.absent;
    continue;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    state.textContent = state.dataset.waiting;
    try {
      form.querySelector("[data-passkey-answer]").value = closed(await ask(form));
      form.submit();
    } catch {
      state.textContent = state.dataset.refused;
      button.disabled = false;
    }
  });
}
