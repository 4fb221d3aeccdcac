// Buttons that write a date: "take the next working day", "in 2 weeks".
const put = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const written = (day) =>
  [String(day.getDate()).padStart(2, "0"), String(day.getMonth() + 1).padStart(2, "0"), day.getFullYear()].join("/");

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill-day]");
  if (fill) {
    const input = fill.closest("form").querySelector("[name=due_on]");
    put(input, fill.dataset.fillDay);
    input.focus();
    return;
  }
  const add = event.target.closest("[data-add-days]");
  if (!add) return;
  const input = document.getElementById(add.closest("[data-add-days-to]").dataset.addDaysTo);
  const day = new Date();
  day.setDate(day.getDate() + Number(add.dataset.addDays));
  put(input, written(day));
});
