// Forms: once is enough, nothing is lost by leaving, errors get the focus, passwords can be looked at.
import { icon, make, onArrival } from "./dom.js";
import { say } from "./words.js";

const busy = (form, on) => {
  form.classList.toggle("is-sending", on);
  const button = form.querySelector("[type=submit], button:not([type])");
  button?.classList.toggle("is-busy", on);
  button?.toggleAttribute("aria-busy", on);
};

// Plain forms: the second press of the same form is swallowed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented || form.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  if (form.classList.contains("is-sending")) {
    event.preventDefault();
    return;
  }
  form.classList.remove("is-changed");
  if (form.method === "post") setTimeout(() => busy(form, true), 0);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.is-sending")) busy(form, false);
});

// htmx forms: the same, and the state ends with the answer.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.detail.requestConfig.verb === "get") return;
  if (form.classList.contains("is-sending")) event.preventDefault();
  else busy(form, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  busy(event.target, false);
  if (event.detail.successful && event.detail.xhr.status < 400) event.target.classList.remove("is-changed");
});

// A draft sent by a plain form is forgotten on the next page. On the way over the sign-in page or an error it is
// kept: nothing was saved.
const sent = sessionStorage.getItem("draft-sent");
if (sent && (!document.querySelector("meta[name=sign-in-url]") || document.querySelector(".t-error"))) {
  sessionStorage.setItem("draft-interrupted", sent);
} else if (sent) {
  if (sessionStorage.getItem("draft-interrupted") !== sent) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("draft-sent");
  sessionStorage.removeItem("draft-interrupted");
}

document.addEventListener("input", (event) => event.target.closest?.("form[data-unsaved]")?.classList.add("is-changed"));
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-submit-on-change]");
  if (form && !event.target.matches("[data-no-submit]")) form.requestSubmit();
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved].is-changed")) event.preventDefault();
});

// After a refusal the first thing to mend has the focus; after any other swap what asks for it.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const wrong = target.querySelector?.(".t-form-errors, [aria-invalid=true]");
  (wrong ?? target.querySelector?.("[data-autofocus]"))?.focus();
});
document.querySelector("main .t-form-errors, main [aria-invalid=true]")?.focus();

onArrival(".t-field input[type=password]", (input) => {
  const button = make("button", { type: "button", class: "t-btn is-ghost is-icon is-sm", "aria-label": say("show_password"), "aria-pressed": "false" }, icon("eye"));
  const holder = make("span", { class: "t-password" });
  const focused = document.activeElement === input;
  input.replaceWith(holder);
  holder.append(input, button);
  if (focused) input.focus();
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.setAttribute("aria-label", say(shown ? "hide_password" : "show_password"));
    button.replaceChildren(icon(shown ? "eye-off" : "eye"));
  });
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  import("./toasts.js").then(({ toast }) => toast(say("passkey_failed"), "wait"));
});
