// A typed date with a calendar beside it: the text stays dd/mm/yyyy whatever language the browser speaks.
import { icon, make } from "./dom.js";
import { say } from "./words.js";

const toIso = (text) => {
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim()) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text.trim());
  return parts ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : "";
};

export const start = (input) => {
  const calendar = make("input", { type: "date", tabindex: "-1", "aria-hidden": "true", class: "t-day-native" });
  if (input.min) calendar.min = input.min;
  const button = make("button", { type: "button", class: "t-btn is-ghost is-icon t-day-button", "aria-label": say("calendar") }, icon("calendar"));
  const holder = make("span", { class: "t-day" });
  input.replaceWith(holder);
  holder.append(input, calendar, button);
  button.addEventListener("click", () => {
    calendar.value = toIso(input.value);
    calendar.showPicker?.();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    input.value = calendar.value.split("-").reverse().join("/");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  // 21112026 is the fastest way to write a date; it is put right on leaving the field.
  input.addEventListener("blur", () => {
    const iso = toIso(input.value);
    if (iso) input.value = iso.split("-").reverse().join("/");
  });
};
