// What is offered under a line while somebody types a name, a short name or its initials. A browser's own list would
// not do: it hides what does not contain the letters typed.

const WAIT = 120;
const LAST = /^(.*[、，,;；\n])?([^、，,;；\n]*)$/s;
let lists = 0;

export class Offers {
  // `kind` is unit or person; with `several`, what stands behind the last comma is being typed; in a `free` line a part
  // of names is good too; `took` is called when what was taken stands in the line.
  constructor(input, { kind = "unit", several = false, free = false, took = () => {} } = {}) {
    this.input = input;
    this.kind = kind;
    this.several = several;
    this.free = free;
    this.took = took;
    this.asked = "";
    this.isNew = false;
    this.at = -1;
    this.list = document.createElement("ul");
    this.list.className = "offers";
    this.list.id = `offers-${(lists += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.after(this.list);
    input.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      this.asked = "";
      this.isNew = true;
      if (event.isComposing) return;
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    input.addEventListener("compositionend", () => {
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    input.addEventListener("blur", () => {
      clearTimeout(this.timer);
      this.hide();
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("li");
      if (option) this.take(option);
    });
  }

  typed() {
    return this.several ? LAST.exec(this.input.value)[2].trim() : this.input.value.trim();
  }

  async ask() {
    const words = this.typed();
    if (isWhole(words)) return this.hide();
    this.asked = words;
    try {
      const answer = await fetch(`/pick/${this.kind}/?q=${encodeURIComponent(words)}`, { headers: { "X-Luoshi-Poll": "1" } });
      if (!answer.ok || this.asked !== words || document.activeElement !== this.input) return;
      this.show((await answer.json()).offers.filter((word) => word !== words));
    } catch {
      this.hide(); // without an answer there are no offers; typing goes on
    }
  }

  show(words) {
    this.list.replaceChildren(
      ...words.map((word, number) => {
        const option = document.createElement("li");
        option.setAttribute("role", "option");
        option.id = `${this.list.id}-${number}`;
        option.textContent = word;
        return option;
      }),
    );
    this.list.setAttribute("aria-label", this.input.getAttribute("aria-label") ?? this.input.labels?.[0]?.textContent.trim() ?? "");
    this.list.hidden = !words.length;
    this.input.setAttribute("aria-expanded", String(Boolean(words.length)));
    const typed = this.typed();
    const leads = words.length && !(this.free && words.some((word) => word.includes(typed)));
    this.point(leads ? 0 : -1);
  }

  hide() {
    this.list.hidden = true;
    this.list.removeAttribute("aria-label"); // one field goes by one name
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  point(number) {
    this.at = number;
    const options = [...this.list.children];
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === number)));
    if (options[number]) {
      this.input.setAttribute("aria-activedescendant", options[number].id);
      options[number].scrollIntoView({ block: "nearest" });
    }
  }

  take(option) {
    const before = this.several ? (LAST.exec(this.input.value)[1] ?? "") : "";
    this.input.value = before + option.textContent;
    this.hide();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(this.timer);
    this.isNew = false;
    this.input.focus();
    this.took();
  }

  // Whether Enter is for the list: one of it is chosen, or the answer to what was just typed is still to come.
  isNeeded() {
    if (!this.list.hidden) return this.at >= 0;
    return this.isNew && !isWhole(this.typed()) && this.asked !== this.typed();
  }

  // Waits for an answer that is under way, so that a quick typist's Enter takes what was offered for these words.
  // Returns whether something was taken.
  async settle() {
    clearTimeout(this.timer);
    if (!isWhole(this.typed()) && this.asked !== this.typed()) await this.ask();
    if (this.list.hidden || this.at < 0) return false;
    this.take(this.list.children[this.at]);
    return true;
  }

  // Returns whether the key was for the list.
  key(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const many = this.list.children.length;
      this.point(this.at < 0 && step < 0 ? many - 1 : (this.at + step + many) % many);
      return true;
    }
    if (event.key === "Escape") {
      this.hide();
      return true;
    }
    return false;
  }
}

// Nothing, or a unit with its code: there is nothing to look for.
function isWhole(words) {
  return !words || words.endsWith("）");
}
