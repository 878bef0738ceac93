(() => {
  "use strict";
  const PAGE = 100;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const texts = new WeakMap();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };

  /* A long table shows one page of its matching rows; style sheets hide the others on screens only. */
  class LongTable {
    constructor(table) {
      this.table = table;
      this.body = table.tBodies[0];
      this.rows = [...this.body.rows];
      this.matching = this.rows;
      this.page = 0;
      if (this.rows.length > PAGE) this.addPager();
      [...table.tHead.rows[0].cells].forEach((cell, index) => this.addSort(cell, index));
      this.show();
    }

    addPager() {
      const step = (label, by) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => {
          this.page += by;
          this.show();
        });
        return button;
      };
      this.back = step(this.table.dataset.previous, -1);
      this.forth = step(this.table.dataset.next, 1);
      this.where = document.createElement("span");
      this.where.setAttribute("role", "status");
      const pager = document.createElement("p");
      pager.className = "pager";
      pager.append(this.back, this.where, this.forth);
      this.table.parentElement.after(pager);
    }

    addSort(cell, index) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => this.sort(cell, index));
    }

    sort(cell, index) {
      const down = cell.getAttribute("aria-sort") === "ascending";
      for (const other of cell.parentElement.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = cell.dataset.kind === "number";
      const keyed = this.rows.map((row) => {
        const field = row.cells[index];
        const text = field.dataset.k ?? field.textContent;
        return [numeric ? Number.parseFloat(text) || 0 : text, row];
      });
      const compare = numeric ? (a, b) => a[0] - b[0] : (a, b) => collator.compare(a[0], b[0]);
      keyed.sort((a, b) => (down ? -compare(a, b) : compare(a, b)));
      this.rows = keyed.map((pair) => pair[1]);
      this.body.append(...this.rows);
      const kept = new Set(this.matching);
      this.matching = this.rows.filter((row) => kept.has(row));
      this.page = 0;
      this.show();
    }

    filter(matches) {
      this.matching = this.rows.filter(matches);
      this.page = 0;
      this.show();
    }

    reveal(row) {
      const at = this.matching.indexOf(row);
      if (at >= 0) this.page = Math.floor(at / PAGE);
      this.show();
    }

    show() {
      const from = this.page * PAGE;
      const shown = new Set(this.matching.slice(from, from + PAGE));
      for (const row of this.rows) row.classList.toggle("paged", !shown.has(row));
      if (!this.where) return;
      const to = from + shown.size;
      const values = { from: shown.size ? from + 1 : 0, to };
      this.where.textContent = fill(this.table.dataset.rows, values);
      this.back.disabled = this.page === 0;
      this.forth.disabled = to >= this.matching.length;
    }
  }

  const tables = new Map();
  for (const table of document.querySelectorAll("table[data-paged]")) tables.set(table, new LongTable(table));

  /* What scrolls sideways must be reachable by keyboard; what does not should be no stop on the way. */
  const markScrollers = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.querySelector("caption").textContent);
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  addEventListener("resize", markScrollers);
  markScrollers();

  const form = document.querySelector("form.filters");
  if (form) {
    const units = tables.get(document.getElementById("units"));
    const search = document.getElementById("f-text");
    const choices = [...form.querySelectorAll("select")];
    const count = document.querySelector(".count");
    const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, count.dataset.group);
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = choices.filter((choice) => choice.value);
      units.filter(
        (row) =>
          wanted.every((choice) => row.dataset[choice.dataset.filter] === choice.value) &&
          words.every((word) => textOf(row).includes(word)),
      );
      const values = { shown: grouped(units.matching.length), total: grouped(units.rows.length) };
      count.textContent = fill(count.dataset.shown, values);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    form.reset();
    apply();
  }

  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    const table = tables.get(target.closest("table"));
    if (!table) return;
    table.reveal(target);
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  /* Paper cannot be unfolded. */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const folded of opened) folded.open = true;
  });
  addEventListener("afterprint", () => {
    for (const folded of opened) folded.open = false;
  });
})();
