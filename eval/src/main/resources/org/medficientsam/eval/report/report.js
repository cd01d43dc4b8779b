for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  for (const head of heads) {
    const button = head.querySelector("[role=button]");
    button?.addEventListener("keydown", (key) => {
      if (key.key === "Enter" || key.key === " ") {
        key.preventDefault();
        button.click();
      }
    });
    button?.addEventListener("click", () => {
      const column = heads.indexOf(head);
      const down = head.getAttribute("aria-sort") === "ascending";
      const value = (row) => {
        const cell = row.cells[column];
        return cell.dataset.value === undefined ? cell.textContent : Number.parseFloat(cell.dataset.value);
      };
      const order = (a, b) => {
        const x = value(a), y = value(b);
        if (typeof x === "string") return x.localeCompare(y, "en", { numeric: true });
        // What is undefined stays at the end, whichever way the rest is sorted.
        if (Number.isNaN(x) || Number.isNaN(y)) return (Number.isNaN(x) - Number.isNaN(y)) * (down ? -1 : 1);
        return x - y;
      };
      const rows = [...body.rows].sort(order);
      if (down) rows.reverse();
      body.append(...rows);
      heads.forEach((other) => other.hasAttribute("aria-sort") && other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  }
}
