// The work list: c takes the call of the row in focus; a list someone has scrolled far into is not swapped away.
import { isTyping } from "../ui/js/dom.js";

const PAGE_ROWS = 50;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const row = document.activeElement?.closest("#care-rows tr");
  const button = row?.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const list = event.target.closest?.("#work-list");
  const byItself = event.target === list && event.detail.requestConfig.triggeringEvent?.type === "live";
  if (byItself && document.querySelectorAll("#care-rows tr").length > PAGE_ROWS) event.preventDefault();
});
