// What to do when the server says no: sign in again beside the page, or say plainly what happened.
import { make, meta } from "./dom.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

let dialog;
const askToSignIn = () => {
  if (!dialog) {
    const link = make("a", { class: "t-btn is-primary", href: meta("sign-in-url") || "/", target: "_blank", rel: "noopener" }, say("sign_in"));
    const back = make("button", { type: "button", class: "t-btn is-secondary" }, say("carry_on"));
    dialog = make(
      "dialog",
      { class: "t-dialog is-sm", "aria-labelledby": "t-signed-out" },
      make("div", { class: "t-dialog-head" }, make("h2", { id: "t-signed-out" }, say("signed_out"))),
      make("div", { class: "t-dialog-body" }, make("p", {}, say("signed_out_text"))),
      make("div", { class: "t-dialog-foot" }, back, link),
    );
    back.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
};

document.addEventListener("session-expired", askToSignIn);
document.addEventListener("signed-out", askToSignIn);

document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  if (status === 401) askToSignIn();
  else if (status === 403 && /csrf/i.test(detail.xhr.getResponseHeader("HX-Trigger") ?? "")) askToSignIn();
  else if (status === 403) toast(say("forbidden"), "danger");
  else if (status === 404) toast(say("missing"), "danger");
  else if (status === 429) toast(say("too_many"), "wait");
  // A page that is busy, or takes less than was sent, brings its own words; the server in front has none for toasts.
  else if (status === 413 && !/toast/.test(detail.xhr.getResponseHeader("HX-Trigger") ?? "")) toast(say("too_large"), "danger");
  else if (![413, 503].includes(status) || !/toast/.test(detail.xhr.getResponseHeader("HX-Trigger") ?? "")) toast(say("failed"), "danger");
});
document.addEventListener("htmx:sendError", () => toast(say("offline"), "wait"));
document.addEventListener("htmx:timeout", () => toast(say("offline"), "wait"));

// A sign-in page that arrives inside a fragment means the session ended between two presses.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const signIn = meta("sign-in-url");
  if (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === new URL(signIn, location.href).pathname) {
    event.detail.shouldSwap = false;
    askToSignIn();
  }
});

// After signing in elsewhere the session has a new token; the one this page came with would be refused.
const token = () => decodeURIComponent(/(?:^|; )(?:__Host-)?tantam_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "");
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const now = token();
  if (!now || detail.verb === "get") return;
  detail.headers["X-CSRFToken"] = now;
  if (detail.formData.has("csrfmiddlewaretoken")) detail.formData.set("csrfmiddlewaretoken", now);
});
document.addEventListener(
  "submit",
  ({ target }) => {
    const field = target.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  },
  true,
);
