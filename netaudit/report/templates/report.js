(() => {
  "use strict";
  const PAGE = 100;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const template = document.createElement("template");
  const made = (html) => {
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  /* A row that is not on the page yet is a piece of text: ten thousand of those cost nothing. */
  class Row {
    constructor(html, node = null) {
      this.html = html;
      this.made = node;
    }

    get node() {
      this.made ??= made(this.html);
      return this.made;
    }

    get text() {
      this.words ??= decoded(this.html).toLowerCase();
      return this.words;
    }

    is(name, value) {
      return this.html.slice(0, 400).includes(`data-${name}="${value}"`);
    }

    key(index) {
      const cell = this.html.split(/<t[dh](?=[\s>])/)[index + 1] ?? "";
      const own = /^[^>]*\bdata-k="([^"]*)"/.exec(cell);
      return own ? own[1] : decoded(cell.slice(cell.indexOf(">") + 1));
    }
  }

  const decoded = (html) => {
    const text = html.replace(/<[^>]*>/g, " ");
    return text.includes("&") ? made(`<p>${text}</p>`).textContent : text;
  };

  const pager = (parent, after, one) => {
    const step = (label, by) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        one.page += by;
        one.show();
      });
      return button;
    };
    one.back = step(parent.dataset.previous, -1);
    one.forth = step(parent.dataset.next, 1);
    one.where = document.createElement("span");
    one.where.setAttribute("role", "status");
    const box = document.createElement("p");
    box.className = "pager";
    box.append(one.back, one.where, one.forth);
    after.after(box);
  };

  /* A list of which the screen holds one page; paper gets all of it. */
  class Paged {
    constructor(parent, rows) {
      this.parent = parent;
      this.rows = rows;
      this.matching = rows;
      this.page = 0;
    }

    reveal(row) {
      if (!this.matching.includes(row)) this.matching = this.rows;
      this.page = Math.floor(this.matching.indexOf(row) / PAGE);
      this.show();
    }

    find(id) {
      return this.rows.find((row) => row.html.slice(0, 400).includes(`id="${id}"`));
    }

    show() {
      const from = this.page * PAGE;
      const shown = this.matching.slice(from, from + PAGE);
      this.put(shown.map((row) => row.node));
      if (!this.where) return;
      const to = from + shown.length;
      this.where.textContent = fill(this.parent.dataset.rows, { from: shown.length ? from + 1 : 0, to });
      this.back.disabled = this.page === 0;
      this.forth.disabled = to >= this.matching.length;
    }

    showAll() {
      if (this.where || this.matching.length < this.rows.length) this.put(this.rows.map((row) => row.node));
    }
  }

  class LongTable extends Paged {
    constructor(table) {
      const rest = table.parentElement.querySelector("noscript");
      const source = rest ? rest.textContent.slice(rest.textContent.indexOf("<tbody")) : "";
      rest?.remove();
      const first = [...table.tBodies[0].rows].map((node) => new Row(node.outerHTML, node));
      super(table, [...first, ...(source.match(/<tr[\s>][\s\S]*?<\/tr>/g) ?? []).map((html) => new Row(html))]);
      this.body = table.tBodies[0];
      if (this.rows.length > PAGE) pager(table, table.parentElement, this);
      [...table.tHead.rows[0].cells].forEach((cell, index) => this.addSort(cell, index));
      if (this.where) this.show();
    }

    put(nodes) {
      this.body.replaceChildren(...nodes);
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
        const text = row.key(index).trim();
        return [numeric ? Number.parseFloat(text) || 0 : text, row];
      });
      const compare = numeric ? (a, b) => a[0] - b[0] : (a, b) => collator.compare(a[0], b[0]);
      keyed.sort((a, b) => (down ? -compare(a, b) : compare(a, b)));
      this.rows = keyed.map((pair) => pair[1]);
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
  }

  /* The evidence of a unit is made when somebody wants to see it. */
  class Cards extends Paged {
    constructor(section) {
      const rest = [...section.querySelectorAll("noscript")];
      const first = [...section.querySelectorAll("article")].map((node) => new Row(node.outerHTML.slice(0, 400), node));
      super(section, [...first, ...rest.map((item) => new Row(item.textContent.trim()))]);
      this.box = document.createElement("div");
      first[0].node.before(this.box);
      for (const item of rest) item.remove();
      pager(section, this.box, this);
      this.show();
    }

    put(nodes) {
      this.box.replaceChildren(...nodes);
    }
  }

  const tables = new Map();
  for (const table of document.querySelectorAll("table[data-paged]")) tables.set(table, new LongTable(table));
  const devices = document.getElementById("devices");
  const lists = [...tables.values()];
  if (devices.querySelector("noscript")) lists.push(new Cards(devices));

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
          wanted.every((choice) => row.is(choice.dataset.filter, choice.value)) &&
          words.every((word) => row.text.includes(word)),
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
    const id = location.hash.slice(1);
    if (!id) return;
    for (const list of lists) {
      const row = list.find(id);
      if (row) list.reveal(row);
    }
    const target = document.getElementById(id);
    const folded = target?.closest("details");
    if (folded) folded.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  /* Paper cannot be unfolded, and has no pages to turn but its own. */
  let opened = [];
  matchMedia("print").addEventListener("change", (event) => {
    for (const list of lists) event.matches ? list.showAll() : list.show();
    if (event.matches) opened = [...document.querySelectorAll("details:not([open])")];
    for (const folded of opened) folded.open = event.matches;
  });
})();
