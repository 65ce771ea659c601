// Lines in which somebody types a unit or a person; what is typed stays good without offers.

import { Offers } from "./offers.js";

const BETWEEN = /^(.*[、，,;；\n])?([^、，,;；\n]*)$/s;

export function offerChoices() {
  for (const field of document.querySelectorAll("[data-pick]")) prepare(field);
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const field of event.detail.target.querySelectorAll?.("[data-pick]") ?? []) prepare(field);
  });
}

function prepare(field) {
  if (field.dataset.ready) return;
  field.dataset.ready = "yes";
  const several = field.dataset.pick === "units";
  const input = several ? beside(field) : field;
  input.parentElement.classList.add("picks");
  const took = several ? () => add(field, input) : undefined;
  const kind = several ? "unit" : field.dataset.pick;
  const offers = new Offers(input, { kind, took, free: input.form?.method === "get" });
  const rest = several ? () => add(field, input) : () => send(input.form);
  input.addEventListener("keydown", (event) => press(event, offers, rest));
  if (several) input.addEventListener("change", () => add(field, input));
}

function press(event, offers, rest) {
  if (event.isComposing) return;
  const mine = offers.key(event);
  const enters = event.key === "Enter" && offers.isNeeded();
  if (!mine && !enters) return;
  event.preventDefault();
  event.stopPropagation();
  if (enters) enter(offers, rest);
}

// Where nothing was offered for the words, Enter does what it does in any line.
async function enter(offers, rest) {
  const words = offers.typed();
  const taken = await offers.settle();
  if (!taken && offers.typed() === words) rest();
}

// As browsers do: by the form's first button.
function send(form) {
  form?.requestSubmit([...form.elements].find((one) => one.type === "submit"));
}

// A box of several lines has a line beside it with offers; what is taken there, or only typed, is added to the box.
function beside(field) {
  const line = document.createElement("input");
  line.type = "search";
  line.autocomplete = "off";
  line.className = "adds";
  line.placeholder = field.dataset.hint ?? "";
  line.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
  field.before(line);
  return line;
}

function add(field, line) {
  const words = line.value.trim();
  if (!words) return;
  const [, before = "", last = ""] = BETWEEN.exec(field.value) ?? [];
  const sofar = (before + last).replace(/[、，,;；\s]+$/, "");
  field.value = sofar ? `${sofar}、${words}` : words;
  line.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
