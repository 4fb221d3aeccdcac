// The one script of every page. What a page does not use is not loaded.
import { onArrival } from "./dom.js";
import "./dialogs.js";
import "./forms.js";
import "./keyboard.js";
import "./menus.js";
import "./session.js";
import "./toasts.js";

const later = [
  ["form[data-search]", () => import("./search.js")],
  ["form[data-draft-key]", () => import("./drafts.js")],
  ["select[data-picker]", () => import("./pickers.js")],
  ["[data-chart]", () => import("./charts.js")],
  ["[data-countdown]", () => import("./countdown.js")],
  ["[data-day]", () => import("./days.js")],
  ["meta[name=live-url]", () => import("./live.js")],
];
for (const [selector, load] of later) {
  onArrival(selector, (element) => {
    load().then((module) => module.start(element));
  });
}

document.addEventListener("htmx:beforeProcessNode", ({ target }) => {
  if (target.dataset?.liveRefresh && !target.hasAttribute("hx-trigger")) target.setAttribute("hx-trigger", "live");
});

document.documentElement.dataset.ready = "";
