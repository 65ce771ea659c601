// A form is sent once, and a page with words not yet sent is not left by accident.

let leaving = false;

export function guardForms() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (isWork(form)) form.dataset.changed = "yes";
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (isWork(form)) {
      leaving = true;
      form.dataset.sent = "yes";
      // After this turn of the loop: a disabled button would not send its own name and value.
      setTimeout(() => lock(form, event.submitter));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && document.querySelector("form[data-changed]")) event.preventDefault();
  });
  // The back button may bring the page back as it was left.
  window.addEventListener("pageshow", () => {
    leaving = false;
    for (const form of document.querySelectorAll("form[data-sent]")) unlock(form);
  });
}

function isWork(form) {
  return form && form.method === "post" && !("quiet" in form.dataset);
}

function lock(form, submitter) {
  for (const button of form.querySelectorAll("button")) {
    if (button.disabled) continue;
    button.disabled = true;
    button.dataset.locked = "yes";
  }
  if (submitter && submitter.tagName === "BUTTON") {
    submitter.dataset.label = submitter.textContent;
    submitter.textContent = document.body.dataset.sending;
  }
  // An answer that is a file leaves the page standing.
  if ("download" in form.dataset) setTimeout(() => unlock(form), 4000);
}

function unlock(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[data-locked]")) {
    button.disabled = false;
    delete button.dataset.locked;
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}
