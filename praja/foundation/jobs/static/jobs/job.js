// Follows a job on its page: asks once a second how far it is, and loads the page anew when it has finished.
const page = document.querySelector("[data-job-state]");
const bar = page?.querySelector("progress");
const note = page?.querySelector("[data-job-note]");

async function look() {
  let pause = 1000;
  try {
    const answer = await fetch(page.dataset.jobState, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (state.is_finished) {
        location.reload();
        return;
      }
      if (state.percent !== null) bar.value = state.percent;
      note.textContent = state.note;
    }
  } catch {
    pause = 5000; // the line is down for a moment
  }
  setTimeout(look, document.hidden ? 10000 : pause);
}

if (page) setTimeout(look, 1000);
