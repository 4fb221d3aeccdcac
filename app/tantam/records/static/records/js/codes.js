// ICD-10 codes offered while a diagnosis is typed, in the code box or in the words. Nothing has to be chosen.
import { onArrival } from "../../ui/js/dom.js";
import { Listbox } from "../../ui/js/listbox.js";

onArrival("[data-code-row]", (row) => {
  const list = row.querySelector("[role=listbox]");
  const code = row.querySelector("[name$=-code]");
  const text = row.querySelector("[name$=-text]");
  let timer;
  let asked = 0;

  const show = (open) => {
    list.hidden = !open;
    for (const input of [code, text]) input.setAttribute("aria-expanded", String(open));
  };

  for (const input of [code, text]) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    const options = new Listbox(input, list, {
      choose: (option) => {
        code.value = option.dataset.code;
        text.value = option.dataset.text;
        show(false);
        text.focus();
      },
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && document.activeElement === input) options.choose(option);
    });
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (input.value.trim().length < 2) {
        show(false);
        return;
      }
      const mine = ++asked;
      timer = setTimeout(async () => {
        const answer = await fetch(`${list.dataset.codes}?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
        // What was asked before is of no use any more.
        if (!answer.ok || mine !== asked || document.activeElement !== input) return;
        list.innerHTML = await answer.text();
        show(true);
      }, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "Escape") {
        event.stopPropagation();
        show(false);
      } else options.key(event);
    });
    input.addEventListener("blur", () => {
      asked += 1;
      show(false);
    });
  }
});
