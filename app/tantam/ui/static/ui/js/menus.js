// Menus are <details>: they work without scripts; here they also close, move by arrows and load what they show.

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".t-menu")) return;
    if (!menu.open) return;
    for (const other of document.querySelectorAll(".t-menu[open]")) if (other !== menu) other.open = false;
    menu.dispatchEvent(new CustomEvent("menu-opened"));
  },
  true,
);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".t-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".t-menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = [...menu.querySelectorAll(".t-menu-panel :is(a, button)")].filter((item) => item.offsetParent);
    if (!items.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length].focus();
  }
});

// --- the navigation on small screens ---
const side = document.getElementById("side");
const openSide = () => {
  side.classList.add("is-open");
  (side.querySelector("[aria-current]") ?? side.querySelector("a"))?.focus();
};
const closeSide = () => {
  side.classList.remove("is-open");
  document.querySelector("[data-side-open]:not([hidden])")?.focus();
};
if (side) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-side-open]")) {
      event.preventDefault();
      openSide();
    } else if (event.target.closest("[data-side-close]")) {
      event.preventDefault();
      closeSide();
    }
  });
  side.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("is-open")) closeSide();
    if (event.key !== "Tab" || !side.classList.contains("is-open")) return;
    const stops = [...side.querySelectorAll("a, button")];
    const last = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === last) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  });
}

// --- appearance changes at once; the choice is saved behind it ---
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-preferences] button[name=theme]");
  if (!choice) return;
  event.preventDefault();
  const root = document.documentElement;
  root.dataset.themeChoice = choice.value;
  document.dispatchEvent(new CustomEvent("theme-chosen"));
  for (const button of choice.parentElement.querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(button === choice));
  const data = new FormData(choice.form);
  data.set("theme", choice.value);
  fetch(choice.form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => {});
});
