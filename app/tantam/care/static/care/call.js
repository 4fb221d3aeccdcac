// The call screen: which number is rung, answers that can be taken back, words asked for when they are needed.
const filled = (id, value) => {
  const field = document.getElementById(id);
  if (!field) return;
  field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const rings = event.target.closest("[data-rings]");
  if (rings) {
    const radio = document.getElementById(rings.dataset.rings);
    if (radio && !radio.checked) radio.click();
  }
  const chip = event.target.closest("[data-fill]");
  if (!chip) return;
  for (const pair of chip.dataset.fill.split("|")) {
    const at = pair.indexOf("=");
    filled(pair.slice(0, at), pair.slice(at + 1));
  }
  for (const other of chip.parentElement.querySelectorAll("[data-fill]")) other.setAttribute("aria-pressed", String(other === chip));
});

// “Call” takes the call first: nobody is rung whom a colleague has on the line.
document.addEventListener("htmx:afterRequest", (event) => {
  const ring = event.target.closest?.("a[data-rings]");
  if (ring && event.detail.successful) location.assign(ring.href);
});

// A second press takes an answer back: “not asked” needs no button of its own.
const given = new WeakMap();
const remember = (form) => {
  for (const radio of form.querySelectorAll("input[data-again]")) given.set(radio, radio.checked);
};
document.addEventListener("click", (event) => {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || !radio.matches("input[data-again]")) return;
  if (given.get(radio)) {
    radio.checked = false;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  remember(radio.form);
});

// A worrying answer opens the notes and says why.
const worry = (form) => {
  const words = form.querySelector("#more-words");
  if (!words) return;
  const worried = Boolean(form.querySelector("input[data-worries]:checked"));
  const empty = ![...words.querySelectorAll("textarea, input:not(#spoke_with)")].some((field) => field.value.trim());
  words.querySelector(".t-worry").hidden = !(worried && empty);
  if (worried && empty) words.open = true;
};
const look = () => {
  const form = document.getElementById("call-form");
  if (form) {
    remember(form);
    worry(form);
  }
};
for (const kind of ["change", "input", "draft-restored"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("#call-form");
    if (!form) return;
    if (kind === "draft-restored") remember(form);
    worry(form);
  });
}
document.addEventListener("htmx:load", look);
look();
