// The rows: which one is current, which are shown, in which order; and putting new ones in the place of old ones.

export class Rows {
  constructor(list, { onCurrent }) {
    this.list = list;
    this.onCurrent = onCurrent;
    this.current = null;
  }

  all() {
    return [...this.list.children];
  }

  visible() {
    return this.all().filter((row) => row.offsetParent !== null);
  }

  inText() {
    return this.all().sort(byText);
  }

  row(uid) {
    return document.getElementById(`c-${uid}`);
  }

  get here() {
    return this.current ? this.row(this.current) : null;
  }

  select(row, { focus = true, scroll = true } = {}) {
    const before = this.here;
    if (before && before !== row) {
      before.classList.remove("at");
      before.querySelector(".c-bar")?.remove();
    }
    this.current = row.dataset.c;
    row.classList.add("at");
    row.classList.remove("changed");
    this.dress(row);
    if (focus) row.focus({ preventScroll: true });
    if (scroll) row.scrollIntoView({ block: "nearest" });
    this.onCurrent(row, scroll);
  }

  // The acts of the current row, and only of this one.
  dress(row) {
    if (row.querySelector(".c-bar")) return;
    const live = isLive(row);
    if (!live && !isAway(row)) return;
    const bar = document.getElementById(live ? "row-bar" : "away-bar").content.firstElementChild.cloneNode(true);
    bar.querySelector("[data-page]").href = row.querySelector(".c-title").getAttribute("href");
    row.append(bar);
  }

  step(by) {
    const rows = this.visible();
    if (!rows.length) return false;
    const at = rows.indexOf(this.here);
    const next = at < 0 ? rows[0] : rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    const moved = next !== this.here;
    this.select(next);
    return moved;
  }

  // The row behind this one that still wants a look; else simply the next.
  onward() {
    const rows = this.visible();
    const at = rows.indexOf(this.here);
    const next = rows.slice(at + 1).find((row) => row.classList.contains("st-open")) ?? rows[at + 1];
    if (next) this.select(next);
    return Boolean(next);
  }

  nextInText(row) {
    const rows = this.inText();
    return rows.slice(rows.indexOf(row) + 1).find(isLive) ?? null;
  }

  ticked() {
    return this.all().filter((row) => row.querySelector(".c-tick").checked);
  }

  put(uid, html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const row = template.content.firstElementChild;
    const old = this.row(uid);
    if (old) {
      row.querySelector(".c-tick").checked = old.querySelector(".c-tick").checked;
      row.classList.toggle("hidden-by-words", old.classList.contains("hidden-by-words"));
      const focused = old.contains(document.activeElement) && document.activeElement === old;
      old.replaceWith(row);
      if (uid === this.current) {
        row.classList.add("at");
        this.dress(row);
        if (focused) row.focus({ preventScroll: true });
      }
      return { row, isNew: false };
    }
    const follower = this.all().find((one) => byText(one, row) > 0 && this.list.dataset.order === "text");
    if (follower) follower.before(row);
    else if (this.here && this.list.dataset.order !== "text") this.here.after(row);
    else this.list.append(row);
    return { row, isNew: true };
  }

  take(uid) {
    const row = this.row(uid);
    if (!row) return;
    if (uid === this.current) {
      const rows = this.visible();
      const at = rows.indexOf(row);
      const other = rows[at + 1] ?? rows[at - 1];
      this.current = null;
      if (other && other !== row) this.select(other);
    }
    row.remove();
  }

  order(how) {
    this.list.dataset.order = how;
    this.list.append(...this.all().sort(how === "text" ? byText : byNeed));
    this.here?.scrollIntoView({ block: "nearest" });
  }

  search(words) {
    const wanted = words.trim().toLowerCase();
    for (const row of this.all()) {
      row.classList.toggle("hidden-by-words", wanted !== "" && !row.textContent.toLowerCase().includes(wanted));
    }
  }

  counts() {
    const found = { all: 0, open: 0, gaps: 0, dropped: 0 };
    for (const row of this.all()) {
      found.all += 1;
      if (row.classList.contains("st-open")) found.open += 1;
      if (isLive(row) && (row.classList.contains("no-lead") || row.classList.contains("no-due"))) found.gaps += 1;
      if (isAway(row)) found.dropped += 1;
    }
    return found;
  }
}

export function isLive(row) {
  return row.classList.contains("st-open") || row.classList.contains("st-checked");
}

export function isAway(row) {
  return ["st-dropped", "st-merged", "st-joined"].some((name) => row.classList.contains(name));
}

export function seenOf(rows) {
  return Object.fromEntries(rows.map((row) => [row.dataset.c, row.dataset.v]));
}

function byText(one, other) {
  return one.dataset.s - other.dataset.s || one.dataset.no - other.dataset.no;
}

function byNeed(one, other) {
  return one.dataset.rank - other.dataset.rank || byText(one, other);
}
