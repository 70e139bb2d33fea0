"use strict";

// Hunks as tables, in one column or in two. Whatever text there is becomes text nodes, never markup.

/** A new element with these attributes and children; a text is a child as it is. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

const Visible = (() => {
  // What nobody sees, or what turns the direction of other text: controls but the tab, soft hyphens, marks and
  // overrides of direction, blanks without a width, tags.
  const ODD =
    /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

  const name = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

  /** `text` for an attribute, with a name in the place of each odd character. */
  const plain = (text) => text.replace(ODD, (character) => `⟨${name(character)}⟩`);

  /** `text` as nodes, with a box in the place of each odd character. */
  function nodes(text) {
    const all = [];
    let done = 0;
    for (const found of text.matchAll(ODD)) {
      if (found.index > done) all.push(text.slice(done, found.index));
      all.push(element("span", { class: "odd" }, name(found[0])));
      done = found.index + found[0].length;
    }
    if (done < text.length) all.push(text.slice(done));
    return all;
  }

  return { nodes, plain };
})();

const Diff = (() => {
  const SIGNS = { " ": "same", "-": "gone", "+": "new" };

  /** How much of the longer of two lines has to be the same for the rest to be marked. */
  const ALIKE = 0.4;

  /** What is compared as one. */
  const WORD = /[\p{L}\p{N}_]+|\s+|./gu;

  /** How many of those two lines may have to be compared. */
  const LONGEST = 400;

  /** The rows of a hunk, each with its sign, text, colours and numbers. */
  function rows(hunk) {
    const all = [];
    let [old, fresh] = [hunk.old, hunk.new];
    const opens = { "-": hunk.opens ?? null, "+": hunk.opens ?? null };
    for (const line of hunk.body.split("\n").slice(0, -1)) {
      const [sign, text] = [line[0], line.slice(1).replace(/\r$/, "")];
      if (sign === "\\") {
        all.push({ sign, text });
        continue;
      }
      const { ranges, next } = Python.colours(text, opens[sign === "+" ? "+" : "-"]);
      if (sign === " ") opens["+"] = Python.colours(text, opens["+"]).next;
      opens[sign === "+" ? "+" : "-"] = next;
      const row = { sign, text, ranges };
      if (sign !== "+") row.old = old++;
      if (sign !== "-") row.new = fresh++;
      all.push(row);
    }
    for (const [gone, added] of changes(all)) {
      gone.forEach((row, index) => added[index] && mark(row, added[index]));
    }
    return all;
  }

  /** The runs of lines that go, each with those that come in their place. */
  function changes(all) {
    const found = [];
    let [gone, added] = [[], []];
    const end = () => {
      if (gone.length && added.length) found.push([gone, added]);
      [gone, added] = [[], []];
    };
    for (const row of all) {
      if (row.sign === "+") added.push(row);
      else if (row.sign === "-") {
        if (added.length) end();
        gone.push(row);
      } else if (row.sign === " ") end();
    }
    end();
    return found;
  }

  /** Marks what differs between a line and the one that comes in its place, where most is the same. */
  function mark(one, other) {
    const [before, after] = [one, other].map((row) => row.text.match(WORD) ?? []);
    if (before.length > LONGEST || after.length > LONGEST) return;
    const kept = common(before, after);
    const length = (words) => words.reduce((sum, word) => sum + word.trim().length, 0);
    const alike = length(kept.map(([index]) => before[index]));
    if (alike < ALIKE * Math.max(length(before), length(after))) return;
    one.marked = others(before, new Set(kept.map(([index]) => index)));
    other.marked = others(after, new Set(kept.map(([, index]) => index)));
  }

  /** The longest sequence that two lists have in common, by pairs of places. */
  function common(before, after) {
    const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
    for (let row = before.length - 1; row >= 0; row -= 1) {
      for (let column = after.length - 1; column >= 0; column -= 1) {
        const isSame = before[row] === after[column];
        const without = Math.max(lengths[row + 1][column], lengths[row][column + 1]);
        lengths[row][column] = isSame ? Math.max(without, lengths[row + 1][column + 1] + 1) : without;
      }
    }
    const pairs = [];
    for (let [row, column] = [0, 0]; row < before.length && column < after.length; ) {
      const isSame = before[row] === after[column];
      if (isSame && lengths[row][column] === lengths[row + 1][column + 1] + 1) pairs.push([row++, column++]);
      else if (lengths[row + 1][column] >= lengths[row][column + 1]) row += 1;
      else column += 1;
    }
    return pairs;
  }

  /** The ranges of the words that are not `kept`, those in a row as one. */
  function others(words, kept) {
    const ranges = [];
    let at = 0;
    words.forEach((word, index) => {
      const end = at + word.length;
      if (!kept.has(index)) {
        if (ranges.at(-1)?.[1] === at) ranges.at(-1)[1] = end;
        else ranges.push([at, end]);
      }
      at = end;
    });
    return ranges;
  }

  /** The cell with the text of a row, in colours. */
  function code(row) {
    const cell = element("td", { class: "code" });
    const marked = row.marked ?? [];
    const edges = new Set([0, row.text.length]);
    for (const [start, end] of [...row.ranges, ...marked]) edges.add(start).add(end);
    const sorted = [...edges].sort((one, other) => one - other);
    let next = 0;
    for (let index = 0; index + 1 < sorted.length; index += 1) {
      const [start, end] = [sorted[index], sorted[index + 1]];
      while (next < row.ranges.length && row.ranges[next][1] <= start) next += 1;
      const range = row.ranges[next];
      const kind = range && range[0] <= start ? range[2] : null;
      const isMarked = marked.some((it) => it[0] <= start && end <= it[1]);
      const nodes = Visible.nodes(row.text.slice(start, end));
      if (!kind && !isMarked) cell.append(...nodes);
      else cell.append(element("span", { class: [kind, isMarked && "marked"].filter(Boolean).join(" ") }, nodes));
    }
    return cell;
  }

  const number = (value) => element("td", { class: "number" }, value === undefined ? "" : String(value));
  const sign = (row) => element("td", { class: "sign" }, { "-": "−", "+": "+" }[row.sign] ?? "");

  function unified(all) {
    return all.map((row) => {
      if (row.sign === "\\") return note(row, 4);
      return element("tr", { class: SIGNS[row.sign] }, number(row.old), number(row.new), sign(row), code(row));
    });
  }

  function split(all) {
    const made = [];
    let [gone, added] = [[], []];
    const half = (row) => {
      if (!row) return [element("td", { class: "none", colspan: 3 })];
      const cells = [number(row.sign === "+" ? row.new : row.old), sign(row), code(row)];
      for (const cell of cells) cell.classList.add(SIGNS[row.sign]);
      return cells;
    };
    const end = () => {
      for (let index = 0; index < Math.max(gone.length, added.length); index += 1) {
        made.push(element("tr", {}, half(gone[index]), half(added[index])));
      }
      [gone, added] = [[], []];
    };
    for (const row of all) {
      if (row.sign === "-") {
        if (added.length) end();
        gone.push(row);
      } else if (row.sign === "+") added.push(row);
      else {
        end();
        if (row.sign === "\\") made.push(note(row, 6));
        else made.push(element("tr", {}, half(row), half({ ...row, old: row.new })));
      }
    }
    end();
    return made;
  }

  const note = (row, columns) =>
    element("tr", { class: "note" }, element("td", { colspan: columns }, row.text.trim()));

  /** Takes off the blanks with which every line begins, where there is no room for them. */
  function dedent(all) {
    const indents = all.filter((row) => row.ranges && row.text.trim()).map((row) => /^ */.exec(row.text)[0].length);
    const indent = Math.min(...indents);
    if (!indents.length || !indent) return;
    for (const row of all.filter((it) => it.ranges)) {
      const back = (at) => Math.max(0, at - indent);
      row.text = row.text.slice(indent);
      row.ranges = row.ranges.map(([start, end, kind]) => [back(start), back(end), kind]);
      row.marked = row.marked?.map(([start, end]) => [back(start), back(end)]);
    }
  }

  /** A table of lines as they are, those from `first` to `last` marked. */
  function excerpt(hunk, [first, last], layout, label) {
    const body = element("tbody");
    const all = rows(hunk);
    if (layout === "narrow") dedent(all);
    for (const row of all) {
      if (row.sign === "\\") continue;
      const isSite = first <= row.old && row.old <= last;
      body.append(element("tr", { class: isSite ? "site-line" : "same" }, number(row.old), code(row)));
    }
    return element("table", { class: "diff excerpt", "aria-label": label }, body);
  }

  /** A table of `hunks`; `label` says what of. */
  function table(hunks, layout, label) {
    const isSplit = layout === "split" && hunks.some((hunk) => /^[-+]/m.test(hunk.body));
    const made = element("table", { class: `diff ${isSplit ? "split" : "unified"}`, "aria-label": label });
    hunks.forEach((hunk, index) => {
      const body = element("tbody");
      if (index > 0 || hunk.cell) {
        const where = hunk.cell ? `cell ${hunk.cell}` : "⋯";
        body.append(element("tr", { class: "gap" }, element("td", { colspan: isSplit ? 6 : 4 }, where)));
      }
      const all = rows(hunk);
      if (layout === "narrow") dedent(all);
      body.append(...(isSplit ? split(all) : unified(all)));
      made.append(body);
    });
    return made;
  }

  return { excerpt, table };
})();
