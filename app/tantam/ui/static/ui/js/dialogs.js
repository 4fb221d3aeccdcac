// Native dialogs opened and closed by attributes; nothing here knows what they are about.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("[data-autofocus], .t-dialog-body :is(input:not([type=hidden]), select, textarea)")?.focus();
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
    return;
  }
  // A press on the scrim, which belongs to the dialog element itself.
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && !event.target.querySelector("form[data-unsaved].is-changed")) event.target.close();
  }
});

document.addEventListener("close-dialogs", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});

document.addEventListener("click", (event) => {
  const toggler = event.target.closest("[data-toggle]");
  if (!toggler) return;
  const target = document.getElementById(toggler.dataset.toggle);
  if (!target) return;
  target.hidden = !target.hidden;
  toggler.setAttribute("aria-expanded", String(!target.hidden));
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) history.back();
});
