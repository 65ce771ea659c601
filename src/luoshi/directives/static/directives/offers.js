// Units offered while somebody types a name, a short name or its initials.

const WAIT = 120;
const LAST = /^(.*[、，,;；\n])?([^、，,;；\n]*)$/s;
let lists = 0;

export class Offers {
  constructor(input, several) {
    this.input = input;
    this.several = several;
    this.list = document.createElement("ul");
    this.list.className = "offers";
    this.list.id = `unit-offers-${(lists += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.getAttribute("aria-label") ?? "");
    this.list.hidden = true;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.after(this.list);
    input.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      this.asked = "";
      if (event.isComposing) return;
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    input.addEventListener("compositionend", () => {
      this.timer = setTimeout(() => this.ask(), WAIT);
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
    if (!words || words.endsWith("）")) return this.hide();
    this.asked = words;
    try {
      const answer = await fetch(`/pick/unit/?q=${encodeURIComponent(words)}`, { headers: { "X-Luoshi-Poll": "1" } });
      if (!answer.ok || this.asked !== words || !this.input.isConnected) return;
      this.show((await answer.json()).offers);
    } catch {
      this.hide();
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
    this.list.hidden = !words.length;
    this.input.setAttribute("aria-expanded", String(Boolean(words.length)));
    this.point(words.length ? 0 : -1);
  }

  hide() {
    this.list.hidden = true;
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
    this.input.focus();
  }

  // Waits for an answer that is under way, so that a quick typist's Enter takes what was offered for these words.
  async settle() {
    clearTimeout(this.timer);
    if (this.typed() && !this.typed().endsWith("）") && this.asked !== this.typed()) await this.ask();
    if (!this.list.hidden && this.at >= 0) this.take(this.list.children[this.at]);
  }

  // Returns whether the key was for the list.
  key(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const many = this.list.children.length;
      this.point((this.at + step + many) % many);
      return true;
    }
    if (event.key === "Escape") {
      this.hide();
      return true;
    }
    return false;
  }
}
