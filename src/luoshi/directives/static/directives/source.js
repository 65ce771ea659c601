// The source: which sentence belongs to which row, and the one that is looked at.

export class Source {
  constructor(text, { onSentence }) {
    this.text = text;
    this.onSentence = onSentence;
    this.rowOf = new Map();
    this.marked = [];
    this.here = null;
    text.addEventListener("click", (event) => {
      const sentence = event.target.closest(".s");
      if (!sentence || !window.getSelection().isCollapsed) return;
      this.stand(sentence);
      this.open(sentence, event.shiftKey || event.altKey);
    });
    text.addEventListener("keydown", (event) => this.key(event));
  }

  open(sentence, closely) {
    const index = Number(sentence.id.slice(1));
    this.onSentence(index, closely ? null : (this.rowOf.get(index) ?? null));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = [...this.text.querySelectorAll(".s")];
      const at = this.here ? all.indexOf(this.here) : -1;
      const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
      if (next) this.stand(next, true);
    } else if (event.key === "Enter" && this.here) {
      event.preventDefault();
      event.stopPropagation();
      this.open(this.here, event.shiftKey);
    }
  }

  // One sentence can be reached by keys; which one moves with the arrows.
  stand(sentence, focus = false) {
    if (this.here && this.here !== sentence) {
      this.here.removeAttribute("tabindex");
      this.here.removeAttribute("role");
    }
    this.here = sentence;
    sentence.tabIndex = 0;
    sentence.setAttribute("role", "button");
    if (focus) {
      sentence.focus({ preventScroll: true });
      this.scrollTo(sentence);
    }
  }

  // Rows that live come before those that were dropped; merged ones hold nothing.
  learn(rows) {
    const found = new Map();
    for (const row of rows) {
      if (row.classList.contains("st-merged")) continue;
      for (const index of row.dataset.n.split(" ")) {
        if (!index) continue;
        const other = found.get(Number(index));
        if (!other || other.classList.contains("st-dropped")) found.set(Number(index), row);
      }
    }
    const told = new Map([...found].map(([index, row]) => [index, row.dataset.c]));
    for (const index of new Set([...this.rowOf.keys(), ...told.keys()])) this.show(index, found.get(index));
    this.rowOf = told;
  }

  show(index, row) {
    const sentence = document.getElementById(`s${index}`);
    if (!sentence) return;
    const number = row?.dataset.no ?? "";
    if ((sentence.dataset.row ?? "") !== number) {
      if (number) sentence.dataset.row = number;
      else delete sentence.dataset.row;
    }
    const dropped = row?.classList.contains("st-dropped") ?? false;
    const kind = !row ? sentence.dataset.l : dropped ? "other" : "task";
    const name = `s l-${kind}${dropped ? " is-dropped" : ""}`;
    if (sentence.className !== name) sentence.className = name;
  }

  label(index, label) {
    const sentence = document.getElementById(`s${index}`);
    if (!sentence) return;
    sentence.dataset.l = label;
    if (!this.rowOf.has(index)) sentence.className = `s l-${label}`;
  }

  mark(indexes, scroll) {
    for (const one of this.marked) one.classList.remove("at");
    this.marked = indexes.map((index) => document.getElementById(`s${index}`)).filter(Boolean);
    for (const one of this.marked) one.classList.add("at");
    if (scroll && this.marked.length) this.scrollTo(this.marked[0]);
  }

  scrollTo(sentence) {
    const box = this.text.getBoundingClientRect();
    const place = sentence.getBoundingClientRect();
    if (!box.height) return;
    if (place.top > box.top + 20 && place.bottom < box.bottom - 20) return;
    this.text.scrollTop += place.top - box.top - box.height / 3;
  }
}
