// What an act asks, in a dialog: the same form that the plain page of the act shows.

export class ActDialog {
  constructor({ wire, words, onDone, onGo }) {
    this.wire = wire;
    this.words = words;
    this.onDone = onDone;
    this.onGo = onGo;
    this.dialog = document.getElementById("act");
    this.body = document.getElementById("act-body");
    this.dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.submit(event.target, event.submitter);
    });
    this.dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    });
    this.dialog.addEventListener("keydown", (event) => this.key(event));
  }

  // `seen` gives the versions of the rows, `more` further names and values, `then` is done once the act was done.
  async open(path, { seen = () => ({}), more = [], then = () => {}, title = "" } = {}) {
    this.seen = seen;
    this.more = more;
    this.then = then;
    try {
      this.body.innerHTML = await this.wire.part(path);
    } catch {
      this.wire.onNet("offline");
      return;
    }
    if (title) this.head(title);
    for (const form of this.body.querySelectorAll("form")) form.dataset.quiet = "";
    if (!this.body.querySelector("[data-cancel]")) this.addClose();
    if (!this.dialog.open) this.dialog.showModal();
    const first = this.body.querySelector("input:checked, form button, a[data-sentence], input:not([type=hidden])");
    first?.focus();
  }

  head(title) {
    const heading = document.createElement("h2");
    heading.id = "act-title";
    heading.textContent = title;
    this.body.prepend(heading);
  }

  addClose() {
    const foot = document.createElement("p");
    foot.className = "form-foot";
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.cancel = "";
    close.textContent = this.words.close;
    foot.append(close);
    this.body.append(foot);
  }

  // Figures choose among the first nine of what is offered.
  key(event) {
    if (event.target.matches("input[type=text], textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const choices = this.body.querySelectorAll("input[type=radio][name=why], input[type=radio][name=at]");
    const chosen = choices[Number(event.key) - 1];
    if (chosen) {
      event.preventDefault();
      chosen.checked = true;
      chosen.focus();
    }
  }

  submit(form, submitter) {
    const data = [...new FormData(form, submitter)].map(([name, value]) => [name, String(value)]);
    const known = new Set([...document.querySelectorAll("#rows > .clause")].map((row) => row.dataset.c));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    this.wire.act(form.getAttribute("action"), [...data, ...this.more], {
      seen: this.seen(),
      done: (answer) => {
        this.close();
        this.then();
        this.onDone(answer, known);
      },
      refused: (sentence) => {
        for (const button of form.querySelectorAll("button")) button.disabled = false;
        this.tell(form, sentence);
      },
    });
  }

  tell(form, sentence) {
    let place = form.querySelector(".form-errors");
    if (!place) {
      place = document.createElement("p");
      place.className = "form-errors";
      place.setAttribute("role", "alert");
      form.prepend(place);
    }
    place.textContent = sentence;
  }

  close() {
    if (this.dialog.open) this.dialog.close();
    this.body.replaceChildren();
  }
}
