// Files dropped on the page are chosen as if by the box, which works without any of this; what is chosen is listed.

const zone = document.querySelector("[data-drop]");
const box = zone?.querySelector("input[type=file]");
const list = zone?.querySelector("[data-chosen]");

if (box && list) {
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => over(event, true));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, (event) => over(event, false));
  zone.addEventListener("drop", (event) => choose([...box.files, ...event.dataTransfer.files]));
  box.addEventListener("change", show);
  // A file dropped beside the zone must not take the page away.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("paste", pasteFiles);
  show();
}

function over(event, isOver) {
  event.preventDefault();
  zone.classList.toggle("over", isOver);
}

function pasteFiles(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) choose([...box.files, ...files]);
}

function choose(files) {
  const all = new DataTransfer();
  const seen = new Set();
  for (const file of files) {
    const key = `${file.name}:${file.size}:${file.lastModified}`;
    if (!seen.has(key)) all.items.add(file);
    seen.add(key);
  }
  box.files = all.files;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  show();
}

function show() {
  list.replaceChildren(...[...box.files].map((file, index) => line(file, index)));
}

function line(file, index) {
  const item = document.createElement("li");
  const size = document.createElement("span");
  size.className = "soft small";
  size.textContent = file.size >= 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.ceil(file.size / 1024)} kB`;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "plain small";
  remove.textContent = list.dataset.remove;
  remove.setAttribute("aria-label", `${list.dataset.remove}：${file.name}`);
  remove.addEventListener("click", () => {
    choose([...box.files].filter((_file, place) => place !== index));
    box.focus();
  });
  item.append(file.name, size, remove);
  return item;
}
