// Rows ticked: one box ticks them all, and the bar above says how many.

export function watchSelection() {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const scope = box.closest("[data-selects]");
    if (!scope) return;
    if ("all" in box.dataset) {
      for (const one of scope.querySelectorAll("input[data-one]")) one.checked = box.checked;
    }
    count(scope);
  });
  for (const scope of document.querySelectorAll("[data-selects]")) count(scope);
}

function count(scope) {
  const ticked = scope.querySelectorAll("input[data-one]:checked").length;
  for (const told of scope.querySelectorAll("[data-ticked]")) told.textContent = String(ticked);
}
