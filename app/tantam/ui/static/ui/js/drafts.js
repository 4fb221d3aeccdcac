// Keeps what is being typed for as long as this tab lives. Not localStorage: a shared computer must not
// remember a patient after the tab is closed.
import { make } from "./dom.js";
import { say } from "./words.js";

const skip = /^(password|file|hidden|submit|button)$/;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !skip.test(field.type));

const read = (form) => {
  const values = {};
  for (const field of fieldsOf(form)) {
    const chosen =
      field.type === "checkbox" || field.type === "radio"
        ? field.checked && field.value
        : field.multiple
          ? [...field.selectedOptions].map((option) => option.value)
          : field.value;
    if (chosen !== false) (values[field.name] ??= []).push(...[chosen].flat());
  }
  return values;
};

const write = (form, values) => {
  for (const field of fieldsOf(form)) {
    const kept = values[field.name] ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = kept.includes(option.value);
    else if (kept.length) field.value = kept[0];
    field.tomselect?.sync();
  }
};

export const start = (form) => {
  const key = `draft:${form.dataset.draftKey}`;
  const blank = JSON.stringify(read(form));
  const forget = () => sessionStorage.removeItem(key);
  const kept = sessionStorage.getItem(key);

  // A form that came back with errors already holds what was typed.
  if (kept && kept !== blank && !form.querySelector("[aria-invalid=true], .t-form-errors")) {
    write(form, JSON.parse(kept));
    form.dispatchEvent(new Event("draft-restored", { bubbles: true }));
    const discard = make("button", { type: "button", class: "t-btn is-link is-sm" }, say("discard"));
    const note = make("div", { class: "t-form-note", role: "status" }, make("span", {}, say("restored")), discard);
    discard.addEventListener("click", () => {
      forget();
      write(form, JSON.parse(blank));
      note.remove();
    });
    form.prepend(note);
  }

  let timer;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = JSON.stringify(read(form));
      if (now === blank) forget();
      else sessionStorage.setItem(key, now);
    }, 400);
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("reset", forget);
  form.addEventListener("htmx:afterRequest", (event) => {
    // A refusal (422) is swapped in like any answer; what was typed is not saved yet.
    if (event.target === form && event.detail.successful && event.detail.xhr.status < 400) {
      clearTimeout(timer);
      forget();
    }
  });
  // Without htmx the next page is the answer (forms.js): the draft goes, unless the session had ended meanwhile.
  form.addEventListener("submit", () => {
    if (form.matches("[hx-post], [hx-put], [hx-patch]")) return;
    clearTimeout(timer);
    sessionStorage.setItem(key, JSON.stringify(read(form)));
    sessionStorage.setItem("draft-sent", key);
  });
};
