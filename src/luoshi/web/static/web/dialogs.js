// A button with data-opens="id" opens the dialog of that id. Escape and focus are the browser's own.

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.opens);
    }
    if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
  });
}
