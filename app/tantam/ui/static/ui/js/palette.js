// Ctrl K: every place, every “+” and command of this member, and patients, from one box.
import { foldAccents, make } from "./dom.js";
import { Listbox } from "./listbox.js";
import { say } from "./words.js";

let listbox;
let entries = [];
let timer;
let asked = 0;

const collect = () => {
  const places = [...document.querySelectorAll(".t-side .t-nav-link")];
  const commands = [...(document.getElementById("t-commands")?.content.querySelectorAll("a") ?? [])];
  const seen = new Set();
  return [...places, ...commands]
    .filter((link) => !seen.has(link.textContent) && seen.add(link.textContent))
    .map((link) => ({ text: link.textContent.trim(), href: link.href, icon: link.querySelector("svg"), key: link.dataset.go }));
};

const optionFor = (entry) =>
  make(
    "a",
    { role: "option", class: "t-option", href: entry.href, "aria-selected": "false", tabindex: "-1" },
    ...(entry.icon ? [entry.icon.cloneNode(true)] : []),
    make("span", { class: "t-option-title" }, entry.text),
    ...(entry.key ? [make("span", { class: "t-option-hint", "aria-hidden": "true" }, `g ${entry.key}`)] : []),
  );

const fill = (dialog, input) => {
  const list = dialog.querySelector("[role=listbox]");
  const wanted = foldAccents(input.value.trim());
  const fitting = entries.filter((entry) => foldAccents(entry.text).includes(wanted));
  list.replaceChildren(...fitting.map(optionFor));
  listbox.activate(listbox.options[0]);
  clearTimeout(timer);
  const url = input.dataset.searchUrl;
  if (!url || wanted.length < 2) return;
  timer = setTimeout(async () => {
    const turn = (asked += 1);
    const answer = await fetch(`${url}?q=${encodeURIComponent(input.value.trim())}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || turn !== asked || answer.redirected) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    for (const option of holder.content.querySelectorAll("a[role=option]")) {
      option.id = `palette-${option.id}`;
      list.append(option);
    }
    listbox.adopt();
    if (!list.childElementCount) list.append(make("div", { role: "option", "aria-disabled": "true", class: "t-option-none" }, say("nothing")));
    if (!listbox.active) listbox.activate(listbox.options[0]);
  }, 150);
};

export const open = (dialog) => {
  if (dialog.open) {
    dialog.close();
    return;
  }
  const input = dialog.querySelector("input");
  if (!listbox) {
    listbox = new Listbox(input, dialog.querySelector("[role=listbox]"), { choose: (option) => (location.href = option.href) });
    input.addEventListener("input", () => fill(dialog, input));
    input.addEventListener("keydown", (event) => {
      if (!event.isComposing) listbox.key(event);
    });
  }
  entries = collect();
  input.value = "";
  fill(dialog, input);
  dialog.showModal();
  input.focus();
};
