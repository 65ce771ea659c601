// Pages work without any of this; each module makes one thing quicker or safer.

import { watchDialogs } from "./dialogs.js";
import { keepDrafts } from "./drafts.js";
import { guardForms } from "./forms.js";
import { listenToKeys } from "./keyboard.js";
import { offerChoices } from "./pick.js";
import { watchSelection } from "./selection.js";

document.documentElement.classList.add("scripted");

watchDialogs();
keepDrafts();
guardForms();
watchSelection();
offerChoices();
listenToKeys();

// What went wrong is said where it can be read aloud, and the reader is taken there.
document.querySelector("[data-errors]")?.focus();

document.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.statusText));
document.addEventListener("htmx:afterSwap", (event) => {
  const told = event.detail.target.querySelector?.("[data-say]");
  if (told) say(told.dataset.say);
});

function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}
