// "/" search · j k rows · Enter open · x select · a the row's common act · ? help. Never while somebody is typing.

import { openDialog } from "./dialogs.js";

let at = -1;

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = KEYS[event.key];
    if (act && act(event)) event.preventDefault();
  });
}

const KEYS = {
  "/": () => focus(document.getElementById("search-box")),
  "?": () => (openDialog("keys"), true),
  j: () => move(1),
  k: () => move(-1),
  x: () => click("input[type=checkbox]"),
  a: () => click("[data-common]"),
  Enter: (event) => event.target === document.body && click("a[data-open]"),
};

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]");
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  all[at]?.classList.remove("at");
  at = Math.max(0, Math.min(all.length - 1, at + step));
  const row = all[at];
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  document.activeElement?.blur();
  const link = row.querySelector("a[data-open]");
  const live = document.getElementById("live");
  if (live && link) live.textContent = link.textContent;
  return true;
}

function click(selector) {
  const found = rows()[at]?.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function focus(field) {
  field?.focus();
  field?.select();
  return Boolean(field);
}
