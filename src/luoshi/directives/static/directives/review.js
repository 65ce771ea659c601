// The page of a review. Everything here can also be done on plain pages; this makes it quick.

import { ActDialog } from "./dialog.js";
import { Editor } from "./editor.js";
import { Rows, isLive, seenOf } from "./rows.js";
import { Source } from "./source.js";
import { Wire } from "./wire.js";

const root = document.getElementById("review");
const words = Object.fromEntries(
  [...document.querySelectorAll("#words [data-word]")].map((one) => [one.dataset.word, one.textContent]),
);
const list = document.getElementById("rows");
const told = document.getElementById("told");
const net = document.getElementById("net");
const narrow = window.matchMedia("(max-width: 820px)");

const wire = new Wire(root, { onAnswer: take, onNet: showNet });
const rows = new Rows(list, { onCurrent: showCurrent });
const source = new Source(document.getElementById("text"), { onSentence });
const editor = new Editor({ base: wire.base, words, save: saveField });
const dialog = new ActDialog({ wire, words, onDone: afterDialog, onGo: go });

// What the server says.

function take(answer, mine) {
  const known = new Set(rows.all().map((row) => row.dataset.c));
  for (const { uid, html } of answer.rows ?? []) putRow(uid, html, !mine && known.has(uid));
  for (const uid of answer.gone ?? []) {
    if (editor.now?.uid === uid) editor.shut();
    rows.take(uid);
  }
  if (answer.rows || answer.gone) source.learn(rows.all());
  for (const [index, label] of Object.entries(answer.labels ?? {})) source.label(Number(index), label);
  if (answer.coverage) document.getElementById("coverage").innerHTML = answer.coverage;
  if ("live" in answer) for (const one of document.querySelectorAll("[data-live]")) one.textContent = answer.live;
  if (answer.told?.length) say(answer.told.join(" "));
  if (rows.here) source.mark(numbers(rows.here), false);
  count();
}

function putRow(uid, html, byOthers) {
  const editing = editor.now?.uid === uid;
  const old = rows.row(uid);
  if (editing && !old) return;
  if (editing) {
    // The fields that are being typed move into the new row before the old one goes.
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const row = template.content.firstElementChild;
    if (!row.querySelector(`[data-f="${editor.now.name}"]`)) return;
    old.after(row);
    row.querySelector(".c-tick").checked = old.querySelector(".c-tick").checked;
    editor.moveTo(row);
    old.remove();
    if (uid === rows.current) {
      row.classList.add("at");
      rows.dress(row);
    }
    row.classList.toggle("changed", byOthers);
    return;
  }
  const { row } = rows.put(uid, html);
  if (byOthers && uid !== rows.current) row.classList.add("changed");
}

function showNet(kind) {
  net.hidden = !kind;
  net.textContent = kind ? words[kind] : "";
}

function say(sentence) {
  told.textContent = sentence;
}

function count() {
  for (const [name, number] of Object.entries(rows.counts())) {
    const place = document.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = String(number);
  }
  const ticked = rows.ticked().length;
  document.getElementById("ticked").hidden = ticked === 0;
  document.querySelector("[data-ticked-count]").textContent = `${words.ticked} ${ticked}`;
  document.getElementById("nothing").hidden = rows.visible().length > 0 || !rows.all().length;
}

// Looking.

function numbers(row) {
  return row.dataset.n.split(" ").filter(Boolean).map(Number);
}

function showCurrent(row, scroll) {
  source.mark(numbers(row), scroll && !narrow.matches);
}

function go(uid) {
  const row = rows.row(uid);
  if (!row) return;
  showSource(false);
  if (row.offsetParent === null) show("all");
  rows.select(row);
}

function onSentence(index, uid) {
  if (uid) go(uid);
  else dialog.open(`${wire.base}sentences/${index}/`);
}

function showSource(open) {
  root.classList.toggle("with-source", open);
  if (open && rows.here) source.mark(numbers(rows.here), true);
}

function show(which) {
  list.dataset.show = which;
  for (const tab of document.querySelectorAll("a[data-show]")) mark(tab, tab.dataset.show === which);
  remember("show", which);
  count();
}

function order(how) {
  rows.order(how);
  for (const tab of document.querySelectorAll("a[data-order]")) mark(tab, tab.dataset.order === how);
  remember("order", how);
}

function mark(tab, on) {
  if (on) tab.setAttribute("aria-current", "true");
  else tab.removeAttribute("aria-current");
}

function remember(name, value) {
  const address = new URL(location.href);
  address.searchParams.set(name, value);
  address.hash = "";
  history.replaceState(null, "", address);
}

// Acts.

function address(row, act) {
  return `${wire.base}clauses/${row.dataset.c}/${act}/`;
}

function act(chosen, name, more = []) {
  const [first, ...others] = chosen;
  first.classList.add("waiting");
  const data = [...others.map((row) => ["with", row.dataset.c]), ...more];
  wire.act(address(first, name), data, {
    seen: seenOf(chosen),
    done: () => rows.row(first.dataset.c)?.classList.remove("waiting"),
    refused: (sentence) => {
      rows.row(first.dataset.c)?.classList.remove("waiting");
      say(sentence);
    },
  });
}

function check() {
  const row = rows.here;
  if (!row) return rows.step(1);
  if (row.classList.contains("st-open") && !row.classList.contains("waiting")) act([row], "check");
  if (!rows.onward()) say(words.last);
  return true;
}

function saveField(uid, name, value) {
  const row = rows.row(uid);
  wire.act(address(row, "edit"), [[name, value]], {
    seen: seenOf([row]),
    done: () => {
      editor.saved(uid, name);
      rows.row(uid)?.classList.remove("waiting");
    },
    refused: (sentence) => {
      rows.row(uid)?.classList.remove("waiting");
      if (!editor.refused(uid, name, value, sentence)) say(sentence);
    },
  });
}

function edit(name) {
  const row = rows.here;
  if (!row || !isLive(row)) return false;
  const first = row.classList.contains("no-lead") ? "lead" : row.classList.contains("no-due") ? "due" : "title";
  editor.open(row, name ?? first);
  return true;
}

function merge() {
  const ticked = rows.ticked();
  const row = rows.here;
  if (ticked.length > 1) {
    const first = ticked.includes(row) ? row : rows.inText().find((one) => ticked.includes(one));
    act([first, ...ticked.filter((one) => one !== first)], "merge");
    untick();
    rows.select(first);
  } else if (row && isLive(row)) {
    const next = rows.nextInText(row);
    if (next) act([row, next], "merge");
    else say(words.alone);
  }
  return true;
}

function untick() {
  for (const row of rows.all()) row.querySelector(".c-tick").checked = false;
  count();
}

function ask(name) {
  const row = rows.here;
  if (!row || !isLive(row)) return false;
  dialog.open(address(row, name), { seen: () => seenOf([rows.row(row.dataset.c)].filter(Boolean)) });
  return true;
}

function drop() {
  const ticked = rows.ticked().filter(isLive);
  if (ticked.length < 2) return ask("drop");
  const [first, ...others] = ticked;
  const more = others.map((row) => ["with", row.dataset.c]);
  dialog.open(address(first, "drop"), { seen: () => seenOf(ticked), more, then: untick });
  return true;
}

function restore() {
  if (rows.here && !isLive(rows.here)) act([rows.here], "restore");
  return true;
}

function undo() {
  wire.act(`${wire.base}undo/`, [], { refused: say });
  return true;
}

function confirm() {
  const link = document.getElementById("confirm").href;
  wire.whenIdle(() => location.assign(link));
  return true;
}

function afterDialog(answer, known) {
  const made = (answer.rows ?? []).map(({ uid }) => uid).find((uid) => !known.has(uid));
  if (made) go(made);
  else if (rows.here && !isLive(rows.here)) rows.onward();
}

function tick() {
  rows.here?.querySelector(".c-tick").click();
  return true;
}

// Keys. They come before those of every page, which know of no rows here.

const KEYS = {
  j: () => (rows.step(1), true),
  k: () => (rows.step(-1), true),
  ArrowDown: (event) => event.target.closest?.("#rows") && (rows.step(1), true),
  ArrowUp: (event) => event.target.closest?.("#rows") && (rows.step(-1), true),
  y: check,
  Enter: (event) => isFree(event.target) && check(),
  " ": (event) => isFree(event.target) && check(),
  e: () => edit(),
  a: () => edit("lead"),
  d: () => edit("due"),
  m: merge,
  s: () => ask("split"),
  v: () => ask("move"),
  x: drop,
  r: restore,
  t: tick,
  u: undo,
  c: confirm,
  o: () => {
    showSource(true);
    const first = source.marked[0] ?? source.text.querySelector(".s");
    if (first) source.stand(first, true);
    return true;
  },
  "/": () => {
    document.getElementById("row-search").focus();
    return true;
  },
  "?": () => {
    document.getElementById("review-keys").showModal();
    return true;
  },
  Escape: () => root.classList.contains("with-source") && (showSource(false), true),
};

function isFree(target) {
  return target === document.body || target.matches?.("main, .clause, .r-list");
}

window.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]")) return;
    const does = KEYS[event.key];
    if (!does) return;
    if (does(event)) event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// Clicks.

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  for (const [selector, does] of CLICKS) {
    const found = event.target.closest(selector);
    if (found) {
      if (does(found, event) !== false) event.preventDefault();
      return;
    }
  }
});

const CLICKS = [
  [".inplace", () => false],
  [".c-tick", () => (count(), false)],
  ["[data-go]", (link) => (dialog.close(), go(link.dataset.go))],
  ["[data-find]", (link) => (rows.select(link.closest(".clause")), showSource(true))],
  ["#rows [data-f]", (link) => {
    const row = link.closest(".clause");
    if (!isLive(row)) return false;
    rows.select(row, { focus: false });
    editor.open(row, link.dataset.f);
    return true;
  }],
  ["#rows [data-do]", (link) => {
    const row = link.closest(".clause");
    rows.select(row, { scroll: false });
    if (link.dataset.do === "check") check();
    else if (link.dataset.do === "join") act([row], "join", [link.dataset.with.split("=")]);
    else act([row], link.dataset.do);
  }],
  [".c-bar [data-key]", (button) => KEYS[button.dataset.key]({ target: document.body })],
  [".clause", (row, event) => {
    if (!event.target.closest("a, button, input")) rows.select(row, { focus: true });
    return false;
  }],
  ["a[data-show]", (tab) => show(tab.dataset.show)],
  ["a[data-order]", (tab) => order(tab.dataset.order)],
  ["[data-source]", (button) => showSource(button.dataset.source === "open")],
  ["[data-many]", (button) => {
    const ticked = rows.ticked().filter(isLive);
    if (button.dataset.many === "merge") merge();
    else if (button.dataset.many === "drop") drop();
    else if (button.dataset.many === "check" && ticked.length) (act(ticked, "check"), untick());
    else untick();
  }],
  ["a[data-left]", () => dialog.open(`${wire.base}review/left/?part=1`, { title: words.left })],
  ["a[data-sentence]", (link) => {
    const sentence = document.getElementById(`s${link.dataset.sentence}`);
    dialog.close();
    showSource(true);
    if (sentence) {
      source.mark([Number(link.dataset.sentence)], true);
      source.stand(sentence, true);
    }
    if (!narrow.matches) dialog.open(`${wire.base}sentences/${link.dataset.sentence}/`);
  }],
  ["#confirm", confirm],
  [".r-speeches a", (link) => {
    source.scrollTo(document.querySelector(link.getAttribute("href")));
    link.closest("details").open = false;
  }],
];

document.querySelector("[data-undo]").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  undo();
});

const search = document.getElementById("row-search");
search.addEventListener("input", () => {
  rows.search(search.value);
  count();
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === "Escape") {
    event.preventDefault();
    search.blur();
    if (event.key === "Enter") rows.step(0);
  }
});

// Beginning: where the address says, else at the first row that wants a look.

source.learn(rows.all());
count();
const named = location.hash.startsWith("#c-") ? document.getElementById(location.hash.slice(1)) : null;
const kept = editor.left().find(([uid]) => rows.row(uid));
const begin = (kept && rows.row(kept[0])) ?? named ?? rows.visible()[0];
if (begin && !(narrow.matches && !named && !kept)) rows.select(begin, { scroll: Boolean(named || kept) });
if (begin && !narrow.matches) source.mark(numbers(begin), true);
if (kept) editor.open(rows.row(kept[0]), kept[1]);
wire.resume();
wire.watch(3000);
