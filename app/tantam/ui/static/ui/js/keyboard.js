// The keyboard: / search, Ctrl K commands, ? help, g + letter goes, j k Enter in rows, data-key on buttons.
import { icon, isTyping, make } from "./dom.js";
import { say } from "./words.js";

const openDialog = () => document.querySelector("dialog[open]");

const focusSearch = () => {
  const box = document.getElementById("t-search-input");
  box?.focus();
  box?.select();
  return Boolean(box);
};

const rowsOf = () => {
  const list = document.activeElement?.closest("[data-rows]") ?? document.querySelector("main [data-rows]");
  return list ? [...list.querySelectorAll(".row-link")].filter((link) => link.offsetParent) : [];
};

const moveRow = (step) => {
  const rows = rowsOf();
  if (!rows.length) return false;
  const active = document.activeElement?.closest("tr, li, .t-row");
  const at = rows.findIndex((row) => row === document.activeElement || active?.contains(row));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const label = (element) => (element.getAttribute("aria-label") ?? element.textContent).replace(/\s+/g, " ").trim();

const withoutHint = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelector("kbd")?.remove();
  return label(copy);
};

const line = (text, ...keys) =>
  make("div", {}, make("span", {}, text), make("span", {}, ...keys.flatMap((key) => [make("kbd", {}, key), " "])));

export const showShortcuts = () => {
  document.getElementById("t-shortcuts")?.remove();
  const list = make("div", { class: "t-shortcuts" });
  if (document.getElementById("t-search-input")) list.append(line(say("search"), "/"));
  list.append(line(say("palette"), "Ctrl", "K"), line(say("row_next"), "j", "k"), line(say("row_open"), "Enter"), line(say("shortcuts"), "?"));
  for (const link of document.querySelectorAll(".t-side [data-go]")) list.append(line(`${say("go_to")}: ${label(link)}`, "g", link.dataset.go));
  for (const button of document.querySelectorAll("main [data-key]")) list.append(line(withoutHint(button), button.dataset.key));
  const close = make("button", { type: "button", class: "t-btn is-ghost is-icon", "aria-label": say("close"), "data-dialog-close": true }, icon("close"));
  const dialog = make(
    "dialog",
    { class: "t-dialog is-lg", id: "t-shortcuts", "aria-labelledby": "t-shortcuts-title" },
    make("div", { class: "t-dialog-head" }, make("h2", { id: "t-shortcuts-title" }, say("shortcuts")), close),
    make("div", { class: "t-dialog-body", tabindex: "0" }, list),
  );
  document.body.append(dialog);
  dialog.showModal();
};

const openPalette = () => {
  const dialog = document.getElementById("t-palette");
  if (!dialog) return false;
  import("./palette.js").then((palette) => palette.open(dialog));
  return true;
};

let going = false;
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openPalette()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const dialog = openDialog();
  const scope = dialog ?? document.querySelector("main") ?? document;
  if (going && !dialog) {
    going = false;
    const link = document.querySelector(`.t-side [data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  const button = event.key.length === 1 ? scope.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`) : null;
  if (button) {
    event.preventDefault();
    button.focus();
    button.click();
    return;
  }
  if (dialog) return;
  const handled =
    (event.key === "/" && focusSearch()) ||
    (event.key === "?" && (showShortcuts(), true)) ||
    (event.key === "j" && moveRow(1)) ||
    (event.key === "k" && moveRow(-1)) ||
    (/^Arrow(Down|Up)$/.test(event.key) && document.activeElement?.matches(".row-link") && moveRow(event.key === "ArrowDown" ? 1 : -1)) ||
    (event.key === "g" && ((going = true), setTimeout(() => (going = false), 1200), true));
  if (handled) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) showShortcuts();
});
