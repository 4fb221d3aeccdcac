// The search in the top bar: htmx fetches, this opens, closes, moves and tells how many there are.
import { onPhone } from "./dom.js";
import { Listbox } from "./listbox.js";
import { say } from "./words.js";

export const start = (form) => {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[data-search-status]");
  const options = new Listbox(input, list, {
    choose: (option) => {
      location.href = option.href;
    },
  });

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) options.activate(null);
  };
  const leave = () => {
    show(false);
    form.classList.remove("is-open");
  };

  input.addEventListener("focus", () => {
    if (onPhone()) form.classList.add("is-open");
    if (list.childElementCount && input.value) show(true);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget) && !form.classList.contains("is-open")) show(false);
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target) && !form.classList.contains("is-open")) show(false);
  });
  form.querySelector(".t-search-close").addEventListener("click", () => {
    leave();
    input.blur();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      leave();
      if (list.hidden && !input.value) input.blur();
    } else if (!list.hidden) options.key(event);
  });
  input.addEventListener("input", () => {
    if (!input.value.trim()) {
      list.replaceChildren();
      show(false);
    }
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (!input.value.trim()) event.preventDefault();
  });
  form.addEventListener("htmx:afterSwap", () => {
    if (!input.value.trim()) return;
    options.adopt();
    const found = options.options;
    show(true);
    // The first is chosen at once: four digits and Enter is the whole front desk's work.
    options.activate(found[0] ?? null);
    status.textContent = found.length ? say("results", { count: found.length }) : say("nothing");
  });
};
