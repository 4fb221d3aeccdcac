// Short notes in the corner. Each is announced; a pointer or the focus on it keeps it there.
import { icon, make } from "./dom.js";
import { say } from "./words.js";

const corner = () => document.getElementById("t-toasts");

const keepFor = (note, seconds) => {
  let timer;
  const start = () => {
    timer = setTimeout(() => note.remove(), seconds * 1000);
  };
  const stop = () => clearTimeout(timer);
  note.addEventListener("pointerenter", stop);
  note.addEventListener("pointerleave", start);
  note.addEventListener("focusin", stop);
  note.addEventListener("focusout", start);
  start();
};

const dress = (note) => {
  const kind = ["good", "wait", "danger"].find((name) => note.matches(`.is-${name}`)) ?? "info";
  note.prepend(icon(kind));
  const close = make("button", { type: "button", class: "t-btn is-ghost is-icon is-sm", "aria-label": say("close") }, icon("close"));
  close.addEventListener("click", () => note.remove());
  note.append(close);
  // What went wrong stays until it is read; the rest leaves by itself.
  if (!note.matches(".is-danger, .is-wait")) keepFor(note, 6);
};

export const toast = (text, kind = "info") => {
  const note = make("div", { class: `t-toast is-${kind}`, "data-toast": true }, make("span", { class: "t-toast-text" }, text));
  dress(note);
  corner()?.append(note);
  return note;
};

document.addEventListener("toast", ({ detail }) => {
  for (const { text, kind } of detail.items ?? [detail]) toast(text, kind);
});

for (const note of document.querySelectorAll("[data-toast]")) dress(note);

let offline;
window.addEventListener("offline", () => {
  offline ??= toast(say("offline"), "wait");
});
window.addEventListener("online", () => {
  if (!offline) return;
  offline.remove();
  offline = undefined;
  toast(say("online"), "good");
});

document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  await navigator.clipboard?.writeText(copier.dataset.copy);
  toast(say("copied"), "good");
});
