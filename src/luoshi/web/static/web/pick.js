// While somebody types a unit or a person, offers are fetched; what is typed stays good without them.

const WAIT = 180;
const BETWEEN = /^(.*[、，,;；\n])?([^、，,;；\n]*)$/s;
let lists = 0;

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
  const kind = several ? "unit" : field.dataset.pick;
  const input = several ? beside(field) : field;
  const list = document.createElement("datalist");
  list.id = `offers-${(lists += 1)}`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (several && isOffered(list, input.value)) return add(field, input);
    timer = setTimeout(() => offer(kind, input, list), WAIT);
  });
}

// A box of several lines cannot carry a list of offers: a line beside it can, and adds what is chosen.
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

function isOffered(list, value) {
  return [...list.options].some((option) => option.value === value);
}

function add(field, line) {
  const [, before = "", last = ""] = BETWEEN.exec(field.value) ?? [];
  const sofar = (before + last).replace(/[、，,;；\s]+$/, "");
  field.value = sofar ? `${sofar}、${line.value}` : line.value;
  line.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function offer(kind, input, list) {
  const typed = input.value.trim();
  if (!typed) return;
  try {
    const answer = await fetch(`/pick/${kind}/?q=${encodeURIComponent(typed)}`, { headers: { "X-Luoshi-Poll": "1" } });
    if (!answer.ok || input.value.trim() !== typed) return;
    const { offers } = await answer.json();
    list.replaceChildren(...offers.map((words) => new Option(words, words)));
  } catch {
    // Without an answer there are no offers; typing goes on.
  }
}
