// Selects one can type in. Loaded only where a page has one.
import { say } from "./words.js";

let loading;
const load = () => (loading ??= import("../../vendor/tom-select/tom-select.js").then(() => window.TomSelect));

const escapeText = (text) => {
  const holder = document.createElement("span");
  holder.textContent = text ?? "";
  return holder.innerHTML;
};

export const start = async (select) => {
  const TomSelect = await load();
  if (select.tomselect || !select.isConnected) return;
  const url = select.dataset.pickerUrl;
  const show = (item) => `<div>${escapeText(item.text)}${item.hint ? `<small>${escapeText(item.hint)}</small>` : ""}</div>`;
  const described = select.getAttribute("aria-describedby");
  const picker = new TomSelect(select, {
    create: false,
    maxOptions: 200,
    selectOnTab: true,
    diacritics: true,
    hidePlaceholder: true,
    placeholder: select.dataset.placeholder ?? say("choose"),
    searchField: ["text", "hint"],
    plugins: select.multiple ? ["remove_button"] : select.required ? [] : { clear_button: { title: say("discard") } },
    render: { option: show, no_results: () => `<div class="no-results">${escapeText(say("nothing"))}</div>` },
    ...(url && {
      searchField: [],
      loadThrottle: 150,
      shouldLoad: (query) => query.trim().length > 0,
      load: (query, done) => {
        fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } })
          .then((answer) => (answer.ok ? answer.json() : []))
          .then(done)
          .catch(() => done());
      },
      onType() {
        this.clearOptions();
      },
    }),
  });
  // The select stays for the form alone; people and screen readers meet the text box that took its label.
  select.setAttribute("aria-hidden", "true");
  if (described) picker.control_input.setAttribute("aria-describedby", described);
  if (select.getAttribute("aria-invalid")) picker.control_input.setAttribute("aria-invalid", "true");
};
