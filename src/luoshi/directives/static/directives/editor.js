// A field edited in its place: Enter saves, Esc gives up, what was typed is kept in this tab until it has arrived.

import { Offers } from "../web/offers.js";

const LONG = new Set(["requirement", "support", "targets", "milestones"]);
const UNITS = new Set(["lead", "support"]);

export class Editor {
  constructor({ base, words, save }) {
    this.words = words;
    this.save = save;
    this.base = base;
    this.prefix = `luoshi-draft:${document.body.dataset.account}:${base}clause:`;
    this.now = null;
  }

  key(uid, name) {
    return `${this.prefix}${uid}:${name}`;
  }

  // Opens a field of a row; with `typed`, what was typed before an answer replaced the row.
  open(row, name, { typed = null, told = "", focus = true } = {}) {
    if (this.now && !this.close()) return;
    const link = row.querySelector(`[data-f="${name}"]`);
    if (!link) return;
    const kept = sessionStorage.getItem(this.key(row.dataset.c, name));
    const was = valueOf(link);
    const form = this.form(link, name, typed ?? kept ?? was);
    this.now = { uid: row.dataset.c, name, form, was, link, place: link.closest(".c-fact, .c-req") };
    link.hidden = true;
    link.after(form);
    this.now.place?.classList.add("editing");
    if (told || kept) this.tell(told || this.words.kept, Boolean(told));
    if (name === "due") this.ask();
    if (focus) {
      this.input.focus();
      if (typed === null) this.input.select();
    }
  }

  form(link, name, value) {
    const form = document.createElement("form");
    form.className = "inplace";
    form.dataset.quiet = "";
    const input = document.createElement(LONG.has(name) ? "textarea" : "input");
    if (LONG.has(name)) input.rows = name === "requirement" ? 5 : 2;
    else input.type = "text";
    input.autocomplete = "off";
    input.maxLength = { title: 200, lead: 200, due: 60, cadence: 400, requirement: 5000 }[name] ?? 20000;
    input.value = value;
    const label = link.closest(".c-fact")?.querySelector("dt")?.textContent ?? link.textContent;
    input.setAttribute("aria-label", label);
    const said = document.createElement("span");
    said.className = "said-back";
    said.id = "said-back";
    said.setAttribute("role", "status");
    said.textContent = LONG.has(name) ? this.words.lines : this.words.hint;
    input.setAttribute("aria-describedby", said.id);
    form.append(input, said, button(this.words.save, "submit", "first"), " ", button(this.words.cancel, "button", ""));
    this.input = input;
    this.said = said;
    this.offers = UNITS.has(name) ? new Offers(input, { several: name === "support" }) : null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener("keydown", (event) => this.keys(event, name));
    form.querySelector("button[type=button]").addEventListener("click", () => this.cancel());
    input.addEventListener("input", () => this.typing());
    form.addEventListener("focusout", (event) => this.leaving(event));
    return form;
  }

  keys(event, name) {
    if (event.isComposing || event.target !== this.input) return;
    event.stopPropagation();
    if (this.offers?.key(event)) {
      event.preventDefault();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.enter(name);
    }
  }

  async enter(name) {
    const typing = this.now;
    const chosen = this.input.value;
    const input = this.input;
    input.readOnly = true;
    await this.offers?.settle();
    input.readOnly = false;
    if (this.now !== typing) return;
    // Several units: the first Enter takes what is offered, the next one saves.
    if (name === "support" && this.input.value !== chosen) return;
    this.submit();
  }

  typing() {
    const { uid, name, was } = this.now;
    try {
      if (this.input.value === was) sessionStorage.removeItem(this.key(uid, name));
      else sessionStorage.setItem(this.key(uid, name), this.input.value);
    } catch {
      // The tab's store is full: the value stays in the page.
    }
    if (name === "due") {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 150);
    }
  }

  async ask() {
    const typed = this.input.value.trim();
    const editing = this.now;
    try {
      const headers = { "X-Luoshi-Poll": "1" };
      const answer = await fetch(`${this.base}day/?q=${encodeURIComponent(typed)}`, { headers });
      if (!answer.ok || this.now !== editing || this.input.value.trim() !== typed) return;
      const told = await answer.json();
      if (told.error) this.tell(told.error, true);
      else if (told.day) this.tell(`→ ${told.words}　${told.why}${told.past ? `　${this.words.past}` : ""}`, told.past);
      else this.tell(this.words.hint, false);
    } catch {
      // Without an answer the day is understood when it is saved.
    }
  }

  tell(words, wrong) {
    this.said.textContent = words;
    this.said.classList.toggle("wrong", Boolean(wrong));
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  // A click elsewhere saves; the page must not move under the click, so this waits until it is over.
  leaving(event) {
    const editing = this.now;
    if (!editing || !document.hasFocus() || editing.form.contains(event.relatedTarget)) return;
    setTimeout(() => {
      if (this.now !== editing || editing.form.contains(document.activeElement)) return;
      if (this.input.value === editing.was) this.cancel(false);
      else this.submit(false);
    }, 200);
  }

  // The field closes at once, so that the next key is for the rows; a refusal opens it again with what was typed.
  submit(back = true) {
    const { uid, name, was, told } = this.now;
    const value = this.input.value;
    if (value === was && !told) return this.cancel(back);
    const row = document.getElementById(`c-${uid}`);
    this.shut();
    row.classList.add("waiting");
    if (back) row.focus({ preventScroll: true });
    this.save(uid, name, value);
  }

  saved(uid, name) {
    if (this.now?.uid !== uid || this.now.name !== name) sessionStorage.removeItem(this.key(uid, name));
  }

  // Returns whether the field could be opened again: not while another one is being edited.
  refused(uid, name, value, told) {
    const row = document.getElementById(`c-${uid}`);
    if (this.now || !row) return false;
    this.open(row, name, { typed: value, told });
    if (this.now) this.now.told = true;
    return Boolean(this.now);
  }

  cancel(back = true) {
    const { uid, name } = this.now;
    sessionStorage.removeItem(this.key(uid, name));
    this.shut();
    if (back) document.querySelector(`#c-${uid}`)?.focus({ preventScroll: true });
  }

  // Closes what is open because something else is opened; what was changed is saved.
  close() {
    if (this.input.value !== this.now.was) this.submit(false);
    else this.cancel(false);
    return true;
  }

  shut() {
    const { form, link, place } = this.now;
    this.now = null;
    link.hidden = false;
    place?.classList.remove("editing");
    form.remove();
  }

  // An answer brings the row anew while one of its fields is being edited: the typing goes on in the new row.
  moveTo(row) {
    const { name, told } = this.now;
    const typed = this.input.value;
    const [start, end] = [this.input.selectionStart, this.input.selectionEnd];
    const focused = document.activeElement === this.input;
    const words = this.said.textContent;
    const wrong = this.said.classList.contains("wrong");
    this.now = null;
    this.open(row, name, { typed, focus: focused });
    if (!this.now) return;
    this.now.told = told;
    this.tell(words, wrong);
    if (focused) this.input.setSelectionRange(start, end);
  }

  // Fields with words that the page before did not send.
  left() {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => key.slice(this.prefix.length).split(":"));
  }
}

function valueOf(link) {
  return link.dataset.value ?? link.textContent;
}

function button(words, type, kind) {
  const one = document.createElement("button");
  one.type = type;
  one.className = `small ${kind}`.trim();
  one.textContent = words;
  return one;
}
