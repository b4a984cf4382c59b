// The script of every page: each module makes one behaviour; pages work without any of them.
import "./controls.js";
import "./drafts.js";
import "./jobs.js";
import "./rows.js";
import "./uploads.js";

document.documentElement.classList.add("has-script");
