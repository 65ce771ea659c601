// What on this page a reader aloud could not name, or could not find its way by.
() => {
  const wrong = [];
  const where = (one) => one.outerHTML.slice(0, 120);
  const nameOf = (one) =>
    one.getAttribute("aria-label") ||
    (one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("") ||
    [...(one.labels ?? [])].map((label) => label.textContent).join("") ||
    "";
  for (const one of document.querySelectorAll("input:not([type=hidden]):not([aria-hidden=true]), select, textarea")) {
    if (!nameOf(one).trim()) wrong.push(`field without a label: ${where(one)}`);
  }
  for (const one of document.querySelectorAll("button, a[href], summary")) {
    if (!(nameOf(one) || one.textContent || one.querySelector("img")?.alt || "").trim()) wrong.push(`nothing to read: ${where(one)}`);
  }
  for (const one of document.querySelectorAll("img")) {
    if (!one.hasAttribute("alt")) wrong.push(`picture without words: ${where(one)}`);
  }
  for (const one of document.querySelectorAll("table")) {
    if (!one.caption) wrong.push(`table without a caption: ${where(one)}`);
    for (const head of one.querySelectorAll("thead th")) {
      if (!head.textContent.trim() && !head.querySelector("[aria-label]")) wrong.push(`column without a head: ${where(one)}`);
    }
  }
  const heads = document.querySelectorAll("h1");
  if (heads.length !== 1) wrong.push(`${heads.length} main headings`);
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title.trim()) wrong.push("no title");
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main part");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`twice: #${id}`);
  for (const one of document.querySelectorAll("label[for]")) {
    if (!document.getElementById(one.htmlFor)) wrong.push(`label for nothing: ${where(one)}`);
  }
  return wrong;
}
