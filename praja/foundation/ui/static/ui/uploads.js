// Shows how far an upload is: form[data-upload]. Without script the form is sent as ever.
import { text } from "./texts.js";

function show(form, words, percent = null) {
  const state = form.querySelector("[data-upload-state]");
  if (!state) return;
  state.hidden = false;
  state.querySelector("[data-upload-text]").textContent = words;
  const bar = state.querySelector("progress");
  bar.hidden = percent === null && words === text("uploadFailed");
  if (percent === null) bar.removeAttribute("value");
  else bar.value = percent;
}

function finish(form, request) {
  if (request.responseURL && request.responseURL !== form.action) {
    location.assign(request.responseURL);
    return;
  }
  // The same address again: the form with its errors.
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = document.getElementById("content");
  const fresh = page.getElementById("content");
  if (fresh) {
    main.replaceChildren(...fresh.childNodes);
    main.dispatchEvent(new CustomEvent("praja:replaced", { bubbles: true }));
    scrollTo(0, 0);
  } else show(form, text("uploadFailed"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-upload]")) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = total ? Math.floor((loaded / total) * 100) : 0;
    show(form, text("uploading", { percent: `${percent}%` }), percent);
  });
  request.upload.addEventListener("load", () => show(form, text("uploadDone")));
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => {
    delete form.dataset.sending;
    show(form, text("uploadFailed"));
  });
  request.send(new FormData(form, event.submitter));
});
