// Words not yet sent survive a closed session or a reload: kept in this tab only, by account, and gone on signing out.

const PREFIX = "luoshi-draft:";

export function keepDrafts() {
  forgetSent();
  forgetOthers();
  for (const form of document.querySelectorAll("form[data-keep]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "keep" in form.dataset) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("signOut" in form.dataset) forgetAll();
    else if ("keep" in form.dataset) sessionStorage.setItem(`${PREFIX}sent`, keyOf(form));
  });
}

function account() {
  return document.body.dataset.account;
}

function keyOf(form) {
  return `${PREFIX}${account()}:${location.pathname}:${form.dataset.keep}`;
}

function texts(form) {
  return [...form.querySelectorAll("textarea[name], input[type=text][name]")];
}

function save(form) {
  const words = Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(words));
  } catch {
    // The tab's store is full: the page's own warning on leaving still stands.
  }
}

function restore(form) {
  const kept = sessionStorage.getItem(keyOf(form));
  if (!kept || form.querySelector("[data-errors]")) return;
  const words = JSON.parse(kept);
  let changed = false;
  for (const field of texts(form)) {
    if (words[field.name] && words[field.name] !== field.value) {
      field.value = words[field.name];
      changed = true;
    }
  }
  if (!changed) return;
  form.dataset.changed = "yes";
  const note = document.createElement("p");
  note.className = "help";
  note.setAttribute("role", "status");
  note.textContent = document.body.dataset.kept;
  form.prepend(note);
}

// A form that was sent and is not on the page with errors has arrived.
function forgetSent() {
  const sent = sessionStorage.getItem(`${PREFIX}sent`);
  if (!sent) return;
  sessionStorage.removeItem(`${PREFIX}sent`);
  const back = [...document.querySelectorAll("form[data-keep]")].some(
    (form) => keyOf(form) === sent && form.querySelector("[data-errors]"),
  );
  if (!back && account()) sessionStorage.removeItem(sent);
}

// Another account in the same tab finds nothing of the one before.
function forgetOthers() {
  if (!account()) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${account()}:`)) sessionStorage.removeItem(key);
  }
}

function forgetAll() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
