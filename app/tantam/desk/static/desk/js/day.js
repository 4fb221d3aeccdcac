// When news arrive while a patient of the day is open, the list is refreshed and that patient stays open.
let open = [];

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "day") open = [...detail.target.querySelectorAll("details[open]")].map((one) => one.id);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  open = [];
});

// A link from the start page opens the patient it names.
const named = document.getElementById(location.hash.slice(1));
if (named?.matches("details")) named.open = true;
