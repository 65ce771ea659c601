// What the page sends: one act after the other, each with its own number, so that one sent twice acts once.
// What could not be sent waits in this tab and is tried again, also after a reload.

const SCRIPT = { "X-Luoshi-Script": "1" };
const WAITS = [1000, 2000, 4000, 8000, 15000];

export class Wire {
  constructor(root, { onAnswer, onNet }) {
    this.base = root.dataset.base;
    this.version = Number(root.dataset.version);
    this.onAnswer = onAnswer;
    this.onNet = onNet;
    this.store = `luoshi-draft:${document.body.dataset.account}:${this.base}queue`;
    this.waiting = [];
    this.handlers = new Map();
    this.idle = [];
    this.failures = 0;
    this.sending = false;
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
  }

  // Acts that the page before could not send.
  resume() {
    try {
      this.waiting = JSON.parse(sessionStorage.getItem(this.store) ?? "[]");
    } catch {
      this.waiting = [];
    }
    if (this.waiting.length) this.pump();
  }

  act(path, data, { seen = {}, done = () => {}, refused = () => {} } = {}) {
    const operation = newNumber();
    const pairs = [...data.filter(([name]) => !["operation", "csrfmiddlewaretoken", "seen"].includes(name))];
    for (const [uid, version] of Object.entries(seen)) pairs.push(["seen", `${uid}:${version}`]);
    this.waiting.push({ path, operation, pairs });
    this.handlers.set(operation, { done, refused });
    this.keep();
    if (!this.sending) this.pump();
  }

  whenIdle(then) {
    if (this.waiting.length) this.idle.push(then);
    else then();
  }

  keep() {
    try {
      if (this.waiting.length) sessionStorage.setItem(this.store, JSON.stringify(this.waiting));
      else sessionStorage.removeItem(this.store);
    } catch {
      // The tab's store is full: the page's own warning on leaving still stands.
    }
  }

  hurry() {
    clearTimeout(this.timer);
    if (this.waiting.length && !this.sending) this.pump();
  }

  async pump() {
    this.sending = true;
    while (this.waiting.length) {
      const outcome = await this.send(this.waiting[0]);
      if (outcome === "later") {
        const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
        this.failures += 1;
        this.timer = setTimeout(() => this.pump(), wait);
        this.sending = false;
        return;
      }
      this.failures = 0;
      this.onNet("");
    }
    this.sending = false;
    for (const then of this.idle.splice(0)) then();
  }

  async send(item) {
    let answer;
    try {
      answer = await fetch(item.path, {
        method: "POST",
        headers: { ...SCRIPT, "X-CSRFToken": document.querySelector("#csrf input").value },
        body: new URLSearchParams([...item.pairs, ["operation", item.operation], ["since", String(this.version)]]),
        redirect: "manual",
      });
    } catch {
      this.onNet("offline");
      return "later";
    }
    if (answer.type === "opaqueredirect") {
      this.onNet("expired");
      return "later";
    }
    if (answer.status >= 500 || answer.status === 429) {
      this.onNet("failed");
      return "later";
    }
    const told = await readJson(answer);
    const { done, refused } = this.handlers.get(item.operation) ?? { done() {}, refused() {} };
    this.handlers.delete(item.operation);
    this.waiting.shift();
    this.keep();
    if (told) this.take(told, answer.ok);
    if (answer.ok) done(told ?? {});
    else refused(told?.error || `${answer.status} ${answer.statusText}`, answer.status);
    return "done";
  }

  take(told, mine) {
    if (told.version < this.version) return;
    this.version = told.version;
    this.onAnswer(told, mine);
  }

  // What others did, asked while the page is looked at and nothing of its own is under way.
  watch(every) {
    setInterval(async () => {
      if (document.visibilityState !== "visible" || this.sending || this.waiting.length) return;
      try {
        const headers = { ...SCRIPT, "X-Luoshi-Poll": "1" };
        const answer = await fetch(`${this.base}changes-since/${this.version}/`, { headers, redirect: "manual" });
        this.onNet(answer.type === "opaqueredirect" ? "expired" : "");
        const told = answer.status === 200 ? await readJson(answer) : null;
        if (told && !this.sending) this.take(told, false);
      } catch {
        this.onNet("offline");
      }
    }, every);
  }

  async part(path) {
    const answer = await fetch(path, { headers: SCRIPT, redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }
}

async function readJson(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

// crypto.randomUUID is there only over https; the authority's own network is often without.
function newNumber() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
