"use strict";

// The page: which sites are shown, what is decided about them, and how decisions come in and go out.

const byId = (id) => document.getElementById(id);
const parsed = (id) => JSON.parse(byId(id).textContent);

const TERMS = parsed("terms");
const FILES = parsed("files");
const CLOSING = parsed("closing-data");

/** How many sites are added to the page at a time. */
const CHUNK = 25;

/** How many folders the map has at most. */
const FOLDERS = 14;

const DECISIONS = { rewrite: "Rewrite", held: "Held back", refuse: "Left alone" };
const TILES = { rewrite: "would be rewritten" };
const OWN = { undecided: "Undecided", accept: "Accepted", reject: "Rejected" };

const transforms = new Map(
  TERMS.transforms.map((it) => [
    it.id,
    {
      ...it,
      cautions: new Map(it.cautions.map((caution) => [caution.code, caution])),
      refusals: new Map(it.refusals.map((refusal) => [refusal.code, refusal])),
    },
  ]),
);

/** `text` as nodes, with what stands between backticks as code. */
function withCode(text) {
  return text.split("`").flatMap((part, index) => (index % 2 ? element("code", {}, Visible.nodes(part)) : Visible.nodes(part)));
}

const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);

// Sites.

/** Every site: `own` is what was decided here, `candidate` the fix that is shown. */
const sites = FILES.flatMap((file) =>
  file.findings.map((finding) => ({
    file,
    finding,
    own: null,
    candidate: Math.max(
      0,
      finding.candidates.findIndex((it) => it.is_chosen),
    ),
    card: null,
    words: words(file, finding),
  })),
);
sites.forEach((site, index) => Object.assign(site, { index }));

/** The sites of each file. */
const sitesOf = new Map(FILES.map((file) => [file, []]));
for (const site of sites) sitesOf.get(site.file).push(site);

/** What the text filter searches. */
function words(file, finding) {
  const bodies = finding.candidates.length
    ? finding.candidates.flatMap((it) => [it.what, ...it.hunks.map((hunk) => hunk.body)])
    : [finding.excerpt.body];
  const codes = [finding.transform, finding.code ?? "", finding.scope ?? ""];
  return [file.path, finding.message, ...codes, ...bodies].join("\n").toLowerCase();
}

const isFixable = (site) => site.finding.candidates.length > 0;
const fixOf = (site) => site.finding.candidates[site.candidate];

function placeOf({ start: { cell, line, column } }) {
  return `${cell ? `cell ${cell}, ` : ""}${line}:${column}`;
}

/** What tells a site from all others. */
function keyOf(path, transform, { cell, line, column }) {
  return JSON.stringify([path, transform, cell ?? 0, line, column]);
}

// What the browser keeps.

const kept = {
  name: `asyncmend:${CLOSING.hash}`,
  read(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  write(name, text) {
    try {
      localStorage.setItem(name, text);
    } catch {
      // Without storage the page works until it is closed.
    }
  },
};

/** Decisions by the number of the site: that of the candidate, or -1 for a no. */
function storeDecisions() {
  const decided = sites.filter((site) => site.own);
  const all = decided.map((site) => [site.index, site.own === "accept" ? site.candidate : -1]);
  kept.write(kept.name, JSON.stringify(Object.fromEntries(all)));
}

function loadDecisions() {
  const all = JSON.parse(kept.read(kept.name) ?? "{}");
  for (const [index, candidate] of Object.entries(all)) {
    const site = sites[index];
    if (!site || !isFixable(site)) continue;
    site.own = candidate < 0 ? "reject" : "accept";
    if (site.finding.candidates[candidate]) site.candidate = candidate;
  }
}

let storing = null;
function storeSoon() {
  clearTimeout(storing);
  storing = setTimeout(storeDecisions, 150);
}

// Folders of the map: the largest is split as long as there are few.

function folderGroups() {
  const size = new Map();
  for (const { file } of sites) size.set(file.path, (size.get(file.path) ?? 0) + 1);
  let groups = [{ name: "", paths: [...size.keys()] }];
  const total = (group) => group.paths.reduce((sum, path) => sum + size.get(path), 0);
  const parts = (group) => {
    const found = new Map();
    for (const path of group.paths) {
      const rest = path.slice(group.name.length);
      const next = rest.includes("/") ? group.name + rest.slice(0, rest.indexOf("/") + 1) : null;
      const name = next ?? group.name;
      if (!found.has(name)) found.set(name, { name, paths: [], isWhole: next === null });
      found.get(name).paths.push(path);
    }
    return [...found.values()];
  };
  for (;;) {
    const open = groups.filter((group) => !group.isWhole).sort((one, other) => total(other) - total(one));
    const next = open.map((group) => [group, parts(group)]).find(
      ([group, split]) =>
        groups.length - 1 + split.length <= FOLDERS && (groups.length === 1 || total(group) > sites.length / FOLDERS),
    );
    if (!next) break;
    groups = groups.filter((group) => group !== next[0]).concat(next[1]);
  }
  groups.sort((one, other) => (one.name < other.name ? -1 : 1));
  return groups;
}

const groups = folderGroups();
const groupNames = new Map();
for (const group of groups) {
  const hasOthers = group.isWhole && groups.some((it) => it !== group && it.name.startsWith(group.name));
  group.label = group.name === "" ? (hasOthers ? "(top level)" : "all") : group.name + (hasOthers ? "*" : "");
  for (const path of group.paths) groupNames.set(path, group.label);
}

// Filters.

const facets = [
  { id: "own", title: "Your decision", labels: OWN, of: (site) => (isFixable(site) ? [site.own ?? "undecided"] : []) },
  { id: "decision", title: "asyncmend says", labels: DECISIONS, of: (site) => [site.finding.decision] },
  { id: "transform", title: "Transform", of: (site) => [site.finding.transform] },
  { id: "caution", title: "Caution", none: "no caution", of: (site) => (isFixable(site) ? fixOf(site).cautions : null) },
  { id: "reason", title: "Left alone because", of: (site) => (site.finding.code ? [site.finding.code] : []) },
  { id: "folder", title: "Folder", of: (site) => [groupNames.get(site.file.path)] },
  { id: "owner", title: "Owner", none: "nobody", of: (site) => site.file.owners },
].map((facet) => ({ ...facet, chosen: new Set(), boxes: new Map() }));

const facetOf = (id) => facets.find((facet) => facet.id === id);

/** The values that a site has of a facet. */
function valuesOf(facet, site) {
  const values = facet.of(site);
  return facet.none && values?.length === 0 ? [facet.none] : (values ?? []);
}

/** What is shown, in order; decisions that are made do not change it, so that nothing vanishes under the hand. */
let shown = [];
let current = null;

function filter() {
  shown = tally();
  const text = byId("search").value.trim();
  byId("clear").hidden = !text && facets.every((facet) => facet.chosen.size === 0);
  drawFiltersToggle();
  drawMap();
  drawBulk();
  restart();
}

/** Says how many filters there are, or what they leave where they are over it. */
function drawFiltersToggle() {
  const chosen = facets.reduce((sum, facet) => sum + facet.chosen.size, byId("search").value.trim() ? 1 : 0);
  const label = byId("filters").classList.contains("open") ? `Show ${count(shown.length, "site")}` : "Filters";
  byId("filters-toggle").textContent = label + (chosen && label === "Filters" ? ` (${chosen})` : "");
}

/** Counts how many sites each value of a facet would leave, and gives back those that the filters leave. */
function tally() {
  const text = byId("search").value.trim().toLowerCase();
  const counts = facets.map(() => new Map());
  const found = [];
  for (const site of sites) {
    if (text && !site.words.includes(text)) continue;
    const values = facets.map((facet) => valuesOf(facet, site));
    const missed = facets.filter(
      (facet, index) => facet.chosen.size && !values[index].some((value) => facet.chosen.has(value)),
    );
    if (!missed.length) found.push(site);
    if (missed.length > 1) continue;
    facets.forEach((facet, index) => {
      if (missed.length && missed[0] !== facet) return;
      for (const value of values[index]) counts[index].set(value, (counts[index].get(value) ?? 0) + 1);
    });
  }
  facets.forEach((facet, index) => {
    for (const [value, { input, number }] of facet.boxes) {
      const total = counts[index].get(value) ?? 0;
      number.textContent = total.toLocaleString("en");
      input.checked = facet.chosen.has(value);
      input.parentElement.classList.toggle("none", total === 0 && !input.checked);
    }
  });
  return found;
}

let tallying = null;
function tallySoon() {
  clearTimeout(tallying);
  tallying = setTimeout(tally, 150);
}

function drawFacets() {
  for (const facet of facets) {
    const all = new Map();
    for (const site of sites) for (const value of valuesOf(facet, site)) all.set(value, (all.get(value) ?? 0) + 1);
    if (facet.labels) for (const value of Object.keys(facet.labels)) all.set(value, all.get(value) ?? 0);
    const values = facet.labels ? Object.keys(facet.labels) : [...all.keys()];
    // One value tells nothing apart.
    if (!facet.labels && values.length < 2) continue;
    if (!facet.labels && facet.id !== "folder") values.sort((one, other) => all.get(other) - all.get(one));
    if (facet.id === "folder") values.sort();
    const boxes = values.map((value) => {
      const input = element("input", { type: "checkbox" });
      const number = element("span", { class: "count" });
      input.addEventListener("change", () => {
        if (input.checked) facet.chosen.add(value);
        else facet.chosen.delete(value);
        filter();
      });
      facet.boxes.set(value, { input, number });
      return element("label", {}, input, element("span", {}, Visible.nodes(facet.labels?.[value] ?? value)), number);
    });
    byId("facets").append(element("fieldset", { "data-facet": facet.id }, element("legend", {}, facet.title), boxes));
  }
}

/** Shows what has `value` of a facet alone, or all again where it does. */
function only(id, value) {
  const { chosen } = facetOf(id);
  const isOnly = chosen.size === 1 && chosen.has(value);
  chosen.clear();
  if (!isOnly) chosen.add(value);
}

// The overview.

function drawCounts() {
  const files = new Set(sites.map((site) => site.file)).size;
  const tile = (number, label, decision) => {
    const inside = [element("strong", {}, number.toLocaleString("en")), element("span", {}, label)];
    if (!decision) return element("li", {}, element("div", { class: "tile" }, inside));
    const button = element("button", { type: "button", class: `tile ${decision}`, "aria-pressed": "false" }, inside);
    button.addEventListener("click", () => {
      only("decision", decision);
      filter();
    });
    return element("li", {}, button);
  };
  byId("counts").append(
    tile(sites.length, `${sites.length === 1 ? "site" : "sites"} in ${count(files, "file")}`),
    ...Object.entries(DECISIONS).map(([decision, label]) =>
      tile(sites.filter((site) => site.finding.decision === decision).length, TILES[decision] ?? label.toLowerCase(), decision),
    ),
  );
  byId("map").hidden = sites.length === 0;
}

const SVG = "http://www.w3.org/2000/svg";

/** A bar whose length is that of `counts` beside `most`. */
function bar(counts, most) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  let x = 0;
  for (const decision of Object.keys(DECISIONS)) {
    const width = (100 * (counts[decision] ?? 0)) / most;
    if (!width) continue;
    const part = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ x, y: 0, width, height: 6, class: decision })) part.setAttribute(key, value);
    svg.append(part);
    x += width;
  }
  return svg;
}

/** The counts by folder and transform, once. */
const cells = (() => {
  const all = new Map();
  for (const site of sites) {
    const key = JSON.stringify([groupNames.get(site.file.path), site.finding.transform]);
    const counts = all.get(key) ?? { total: 0 };
    counts.total += 1;
    counts[site.finding.decision] = (counts[site.finding.decision] ?? 0) + 1;
    all.set(key, counts);
  }
  return all;
})();

const mapButtons = [];

function drawMap() {
  for (const { button, folder, transform } of mapButtons) {
    const [folders, chosen] = [facetOf("folder").chosen, facetOf("transform").chosen];
    const isOn = (set, value) => value === null || set.has(value);
    const is = isOn(folders, folder) && isOn(chosen, transform) && (folder ? folders.size : true) && (transform ? chosen.size : true);
    button.setAttribute("aria-pressed", String(Boolean(is)));
  }
  for (const button of byId("counts").querySelectorAll("button")) {
    const decision = Object.keys(DECISIONS).find((it) => button.classList.contains(it));
    button.setAttribute("aria-pressed", String(facetOf("decision").chosen.has(decision)));
  }
}

function makeMap() {
  const used = TERMS.transforms.map((it) => it.id).filter((id) => sites.some((site) => site.finding.transform === id));
  const most = Math.max(1, ...[...cells.values()].map((it) => it.total));
  const button = (folder, transform, ...inside) => {
    const made = element("button", { type: "button", "aria-pressed": "false" }, inside);
    made.addEventListener("click", () => {
      const isOn = made.getAttribute("aria-pressed") === "true";
      for (const [id, value] of [["folder", folder], ["transform", transform]]) {
        facetOf(id).chosen.clear();
        if (value !== null && !isOn) facetOf(id).chosen.add(value);
      }
      filter();
    });
    mapButtons.push({ button: made, folder, transform });
    return made;
  };
  const row = (group) => {
    const columns = used.map((id) => {
      const counts = cells.get(JSON.stringify([group.label, id]));
      if (!counts) return element("td", { class: "none" }, "·");
      const told = Object.entries(DECISIONS).filter(([key]) => counts[key]);
      const title = told.map(([key, label]) => `${counts[key]} ${label.toLowerCase()}`).join(", ");
      return element("td", { title }, button(group.label, id, String(counts.total), bar(counts, most)));
    });
    return element("tr", {}, element("th", { scope: "row" }, button(group.label, null, Visible.nodes(group.label))), columns);
  };
  const head = element("tr", {}, element("th", { scope: "col" }, "Folder"), used.map((id) => element("th", { scope: "col" }, button(null, id, id))));
  byId("map-table").append(element("table", {}, element("thead", {}, head), element("tbody", {}, groups.filter((it) => it.paths.length).map(row))));
}

function drawProgress() {
  const fixable = sites.filter(isFixable);
  const accepted = fixable.filter((site) => site.own === "accept").length;
  const rejected = fixable.filter((site) => site.own === "reject").length;
  const total = Math.max(1, fixable.length);
  byId("bar").querySelector(".accepted").style.width = `${(100 * accepted) / total}%`;
  byId("bar").querySelector(".rejected").style.width = `${(100 * rejected) / total}%`;
  byId("progress-text").textContent = fixable.length
    ? `${accepted + rejected} of ${fixable.length.toLocaleString("en")} decided`
    : "nothing to decide";
  byId("decisions-count").textContent = `${count(accepted, "fix", "fixes")} accepted, ${rejected} rejected, ${
    fixable.length - accepted - rejected
  } without a decision.`;
  byId("save").disabled = accepted + rejected === 0;
  byId("forget").disabled = accepted + rejected === 0;
}

function drawBulk() {
  const open = shown.filter((site) => isFixable(site) && !site.own).length;
  byId("shown").textContent =
    shown.length === sites.length ? `All ${count(sites.length, "site")}` : `${shown.length.toLocaleString("en")} of ${count(sites.length, "site")}`;
  byId("accept-all").textContent = `Accept ${open.toLocaleString("en")} undecided`;
  byId("reject-all").textContent = `Reject ${open.toLocaleString("en")} undecided`;
  byId("accept-all").disabled = byId("reject-all").disabled = open === 0;
  byId("undo").disabled = past.length === 0;
}

// Decisions.

const past = [];

/** Gives each of `changes`, a site with what is decided about it, and says so. */
function decide(changes, said) {
  const before = changes.map(({ site }) => ({ site, own: site.own, candidate: site.candidate }));
  past.push(before);
  set(changes);
  say(said);
}

function set(changes) {
  for (const { site, own, candidate } of changes) {
    site.own = own;
    site.candidate = candidate ?? site.candidate;
    if (site.card) refresh(site);
  }
  drawProgress();
  drawBulk();
  for (const file of new Set(changes.map(({ site }) => site.file))) if (fileHeads.has(file)) drawFileHead(file);
  storeSoon();
  tallySoon();
}

function undo() {
  const before = past.pop();
  if (!before) return;
  set(before);
  say(`Undid ${count(before.length, "decision")}`);
  if (before.length === 1) goTo(before[0].site);
}

function decideOne(site, own) {
  if (!isFixable(site)) return say("There is nothing to decide here: the site is left alone");
  const again = site.own === own ? null : own;
  decide([{ site, own: again }], again ? `${OWN[own]}: ${fixOf(site).what}` : "Decision taken back");
}

/** Decides about the current site and goes on to the next that is open. */
function decideAndGoOn(own) {
  if (!current) return;
  if (!isFixable(current)) return step(1);
  decide([{ site: current, own }], OWN[own]);
  const from = shown.indexOf(current);
  const next = shown.slice(from + 1).find((site) => isFixable(site) && !site.own);
  if (next) goTo(next);
  else say("No undecided site below");
}

/** Decides about all of `those` that are open; asks first where some of them are held back. */
async function decideAll(those, own) {
  let open = those.filter((site) => isFixable(site) && !site.own);
  const held = open.filter((site) => site.finding.decision === "held");
  if (own === "accept" && held.length) {
    const answer = await confirmHeld(open, held);
    if (!answer) return;
    if (answer === "some") open = open.filter((site) => site.finding.decision !== "held");
  }
  if (open.length) decide(open.map((site) => ({ site, own })), `${OWN[own]} ${count(open.length, "fix", "fixes")}`);
}

/** Whether to accept "all", "some" (those that are not held back) or nothing. */
function confirmHeld(open, held) {
  const codes = new Map();
  for (const { finding } of held) {
    for (const code of finding.in_the_way) {
      const key = `${finding.transform}/${code}`;
      codes.set(key, { number: (codes.get(key)?.number ?? 0) + 1, transform: finding.transform, code });
    }
  }
  byId("confirm-text").textContent = `Of ${count(open.length, "fix", "fixes")}, ${held.length} may differ in a way that is not accepted yet:`;
  byId("confirm-cautions").replaceChildren(
    ...[...codes.values()].map((it) => cautionOf(it.transform, it.code, it.number)),
  );
  const some = open.length - held.length;
  byId("confirm-some").textContent = `Accept the other ${some}`;
  byId("confirm-some").hidden = some === 0;
  byId("confirm-all").textContent = `Accept all ${open.length}`;
  const dialog = byId("confirm");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    byId("confirm-some").onclick = () => dialog.close("some");
    byId("confirm-all").onclick = () => dialog.close("all");
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

function chooseCandidate(site, candidate) {
  if (candidate === site.candidate || !site.finding.candidates[candidate]) return;
  decide([{ site, own: site.own, candidate }], `Candidate ${candidate + 1}: ${site.finding.candidates[candidate].what}`);
}

function say(text) {
  byId("status").textContent = text;
}

// Decisions in and out.

function exported() {
  const files = [];
  for (const file of FILES) {
    const decided = sitesOf.get(file).filter((site) => site.own);
    if (!decided.length) continue;
    const decisions = decided.map((site) => {
      const { transform, start } = site.finding;
      const { what, cautions } = fixOf(site);
      const decision = { transform, start, decision: site.own };
      return site.own === "accept" ? { ...decision, fix: { what, cautions } } : decision;
    });
    files.push({ path: file.path, sha256: file.sha256, decisions });
  }
  return { version: 1, files };
}

function save() {
  const text = `${JSON.stringify(exported(), null, 2)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", { href: url, download: "decisions.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say("Saved decisions.json");
}

/** Takes the decisions of a file that was saved before; those on other text are counted, not taken. */
function load(text) {
  let document_;
  try {
    document_ = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${error.message}`;
  }
  if (document_?.version !== 1 || !Array.isArray(document_.files)) return "This is no decisions file of version 1";
  const known = new Map(sites.map((site) => [keyOf(site.file.path, site.finding.transform, site.finding.start), site]));
  const changes = [];
  let others = 0;
  for (const file of document_.files) {
    for (const it of Array.isArray(file?.decisions) ? file.decisions : []) {
      const site = known.get(keyOf(file.path, it?.transform, it?.start ?? {}));
      const candidate = site && isFixable(site) && site.file.sha256 === file.sha256 ? candidateOf(site, it) : null;
      if (candidate === null) others += 1;
      else changes.push({ site, own: it.decision === "accept" ? "accept" : "reject", candidate });
    }
  }
  if (changes.length) decide(changes, `Loaded ${count(changes.length, "decision")}`);
  const taken = `${count(changes.length, "decision")} taken`;
  return others ? `${taken}; ${others} not, as they are on text or fixes that this review does not have` : taken;
}

/** Which candidate a decision names; none where it makes no sense. */
function candidateOf(site, { decision, fix }) {
  // What is to be ignored in the source is left alone here.
  if (decision === "reject" || decision === "ignore") return site.candidate;
  if (decision !== "accept" || !fix || !Array.isArray(fix.cautions)) return null;
  const index = site.finding.candidates.findIndex(
    (it) => it.what === fix.what && it.cautions.join() === fix.cautions.join(),
  );
  return index < 0 ? null : index;
}

// Cards.

let layout = kept.read("asyncmend:layout") ?? (innerWidth > 1500 ? "split" : "unified");
const narrow = matchMedia("(max-width: 860px)");
const layoutNow = () => (narrow.matches ? "narrow" : layout);

function button(label, attributes, act) {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

function cardOf(site) {
  const { finding } = site;
  const title = element("h3", {});
  const card = element(
    "article",
    { class: "site", id: `site-${site.index}`, tabindex: "-1", "data-decision": finding.decision },
    element("header", {}, element("div", { class: "what" }, title), element("div", { class: "actions" })),
    element("div", { class: "body" }),
  );
  card.addEventListener("focusin", () => setCurrent(site));
  card.addEventListener("pointerdown", () => setCurrent(site));
  site.card = card;
  refresh(site);
  return card;
}

/** Draws a card anew, as it is now. */
function refresh(site) {
  const { card, finding } = site;
  const hadFocus = card.contains(document.activeElement) && document.activeElement !== card;
  const focused = hadFocus ? document.activeElement.dataset.act : null;
  card.dataset.own = site.own ?? "";
  const fix = fixOf(site);
  card.querySelector("h3").replaceChildren(
    element("span", { class: `badge ${finding.decision}` }, DECISIONS[finding.decision]),
    " ",
    element("span", { class: "transform" }, finding.transform),
    " ",
    element("span", { class: "message" }, withCode(fix ? fix.what : finding.message)),
  );
  card.querySelector(".what .place")?.remove();
  card.querySelector(".what").append(
    element(
      "p",
      { class: "place" },
      element("span", {}, placeOf(finding), finding.scope ? [" in ", element("code", {}, Visible.nodes(finding.scope))] : null),
      codesOf(site),
    ),
  );
  card.querySelector(".actions").replaceChildren(...actionsOf(site));
  card.querySelector(".body").replaceChildren(...bodyOf(site));
  if (hadFocus) (card.querySelector(`[data-act="${focused}"]`) ?? card).focus({ preventScroll: true });
}

/** The cautions of the fix that is shown, or the code of the refusal. */
function codesOf(site) {
  const { finding } = site;
  if (finding.code) return element("span", { class: "code-chip" }, finding.code);
  const codes = fixOf(site).cautions;
  if (!codes.length) return element("span", { class: "code-chip safe" }, "no caution");
  return codes.map((code) =>
    element("span", { class: `code-chip ${finding.in_the_way.includes(code) ? "in-the-way" : ""}` }, code),
  );
}

function actionsOf(site) {
  if (!isFixable(site)) return [];
  const act = (own, label) =>
    button(label, { class: own, title: `${label} (${own === "accept" ? "y" : "n"})`, "data-act": own, "aria-pressed": String(site.own === own) }, () => decideOne(site, own));
  return [
    act("accept", site.own === "accept" ? "Accepted" : "Accept"),
    act("reject", site.own === "reject" ? "Rejected" : "Reject"),
  ];
}

function bodyOf(site) {
  const { finding } = site;
  const label = (what) => `${what} at ${Visible.plain(site.file.path)}, ${placeOf(finding)}`;
  if (!isFixable(site)) return [refusalOf(site), excerptOf(finding, label("Source")), whyOf(site)];
  const fix = fixOf(site);
  const parts = [candidatesOf(site), heldOf(site)];
  if (fix.hunks.length) parts.push(Diff.table(fix.hunks, layoutNow(), label("Diff")));
  else {
    parts.push(
      excerptOf(finding, label("Source")),
      element("p", { class: "note" }, "This site only shows after another fix was applied: see all that changes in the file (w)."),
    );
  }
  const shared = fix.shared.map((index) => site.file.shared[index]);
  if (shared.length) {
    const lines = shared.reduce((sum, hunk) => sum + hunk.body.split("\n").filter((line) => line[0] === "+").length, 0);
    parts.push(later(`and ${count(lines, "line")} for all fixes of the file: ${namesIn(shared)}`, "shared", () => Diff.table(shared, layoutNow(), label("Shared lines"))));
  }
  parts.push(whyOf(site));
  return parts.filter(Boolean);
}

/** What hunks define or import, in short. */
function namesIn(hunks) {
  const added = hunks.flatMap((hunk) => hunk.body.split("\n")).filter((line) => line[0] === "+");
  const all = (pattern) => added.map((line) => pattern.exec(line)?.[1]).filter(Boolean);
  const defined = all(/^\+(?:(?:async )?def|class) (\w+)/);
  // Some are defined in a condition only.
  const nested = all(/^\+ +(?:(?:async )?def|class) (\w+)/).slice(0, 1);
  const names = [...new Set([...(defined.length ? defined : nested), ...all(/^\+((?:import|from) .*)/)])];
  return names.slice(0, 4).join(", ") + (names.length > 4 ? ", ..." : "") || "an insertion";
}

/** A part that is made when it is opened. */
function later(summary, name, make, isOpen = false) {
  const details = element("details", { class: name }, element("summary", {}, summary));
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  };
  details.drawAnew = () => {
    while (details.childElementCount > 1) details.lastElementChild.remove();
    fill();
  };
  details.addEventListener("toggle", fill);
  if (isOpen) {
    details.open = true;
    fill();
  }
  return details;
}

function candidatesOf(site) {
  const all = site.finding.candidates;
  if (all.length < 2) return null;
  const choices = all.map((fix, index) =>
    button(
      [element("span", { class: "nth" }, String(index + 1)), " ", withCode(fix.what), element("span", { class: "faint" }, ` ${fix.cautions.join(", ") || "no caution"}${fix.is_chosen ? ", asyncmend's choice" : ""}`)],
      { "aria-pressed": String(index === site.candidate), "data-act": `candidate-${index}` },
      () => chooseCandidate(site, index),
    ),
  );
  return element("div", { class: "candidates", role: "group", "aria-label": "Candidates" }, choices);
}

function excerptOf({ excerpt, start, end }, label) {
  return Diff.excerpt(excerpt, [start.line, end.line], layoutNow(), label);
}

function heldOf(site) {
  const { finding } = site;
  const ways = finding.decision === "held" ? fixOf(site).cautions.filter((code) => finding.in_the_way.includes(code)) : [];
  if (!ways.length) return null;
  return element(
    "div",
    { class: "held-note" },
    element("p", {}, "Held back, as it may differ in a way that is not accepted:"),
    element("ul", {}, ways.map((code) => shortCautionOf(finding.transform, code))),
  );
}

function cautionOf(transform, code, state) {
  const caution = transforms.get(transform).cautions.get(code);
  return element(
    "li",
    {},
    element("code", {}, code),
    state ? ` (${state})` : null,
    ": ",
    withCode(caution.what_differs),
    element("span", { class: "faint" }, "; when ", withCode(caution.when)),
  );
}

/** Of several differences the first; all of them are told with the reasons. */
function shortCautionOf(transform, code) {
  const { what_differs: what, when } = transforms.get(transform).cautions.get(code);
  const [first, ...others] = what.split(";");
  const rest = others.length ? ", and more" : ["; when ", withCode(when)];
  return element("li", {}, element("code", {}, code), ": ", withCode(first), rest);
}

function refusalOf(site) {
  const { transform, code } = site.finding;
  const refusal = transforms.get(transform).refusals.get(code);
  const comment = `# asyncmend: ignore[${transform}]`;
  return element(
    "div",
    { class: "refusal" },
    element("p", {}, "What you can do: ", withCode(refusal.remedy), "."),
    element("p", { class: "command" }, "Or silence it: ", element("code", {}, comment), copyButton(comment)),
  );
}

/** Which parts are open, by the site. */
const openWhy = new Set();

function whyOf(site) {
  const transform = transforms.get(site.finding.transform);
  const fix = fixOf(site);
  const summary = fix ? "Why, and what may differ" : "Why it is looked at";
  const details = later(
    summary,
    "why",
    () =>
      element(
        "div",
        { class: "prose" },
        element("p", {}, element("strong", {}, "The flaw. "), withCode(sentence(transform.flaw))),
        fix ? element("p", {}, element("strong", {}, "The fix. "), withCode(sentence(fix.what))) : null,
        fix ? differences(site, fix) : null,
        element("p", { class: "faint" }, `Python ${site.file.target}. `, button(`All about ${transform.id}`, { class: "link" }, () => openPage(transform.id))),
      ),
    openWhy.has(site.index),
  );
  details.addEventListener("toggle", () => (details.open ? openWhy.add(site.index) : openWhy.delete(site.index)));
  return details;
}

function sentence(text) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function differences(site, fix) {
  if (!fix.cautions.length) return element("p", {}, element("strong", {}, "What may differ. "), "Nothing but the flaw.");
  const state = (code) => (site.finding.in_the_way.includes(code) ? "not accepted" : "accepted");
  return [
    element("p", {}, element("strong", {}, "What may differ.")),
    element("ul", {}, fix.cautions.map((code) => cautionOf(site.finding.transform, code, state(code)))),
    acceptanceOf(site, fix),
  ];
}

/** How to accept everywhere what is in the way here. */
function acceptanceOf(site, fix) {
  const ways = fix.cautions.filter((code) => site.finding.in_the_way.includes(code));
  if (!ways.length) return null;
  const option = `--accept ${ways.join(",")}`;
  return element("p", { class: "command" }, "To accept that everywhere: ", element("code", {}, option), copyButton(option));
}

function copyButton(text) {
  return button("Copy", { class: "small" }, () => copy(text));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("The browser does not let this page copy");
  }
}

function openPage(id) {
  byId("page-title").textContent = id;
  const text = byId(`page-${id}`).content.cloneNode(true);
  for (const code of text.querySelectorAll("code.language-diff")) {
    const lines = code.textContent.split(/(?<=\n)/);
    code.replaceChildren(...lines.map((line) => element("span", { class: { "+": "new", "-": "gone" }[line[0]] ?? "same" }, line)));
  }
  for (const block of text.querySelectorAll("pre")) block.tabIndex = 0;
  // They lead to files of the repository, not to anything beside this page.
  for (const link of text.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  byId("page-text").replaceChildren(text);
  byId("page").showModal();
  byId("page-text").scrollTop = 0;
}

// The list.

const feed = byId("feed");
// Of what is shown, the sites from `from` up to `drawn` are in the list.
let from = 0;
let drawn = 0;
let section = null;
const fileHeads = new Map();

/** Begins the list anew, for another choice of sites. */
function restart() {
  // Where the site is far below, there is no way to it but by what lies between.
  const at = shown.indexOf(current);
  if (at < 0 || at >= CHUNK) current = null;
  redraw(0);
  if (!shown.length) {
    const text = sites.length
      ? "No site is like that. Take a filter away to see more."
      : "No site was found: there is nothing to review.";
    feed.append(element("p", { class: "nothing" }, text));
  }
  if (shown.length) setCurrent(current ?? shown[0]);
}

/** Empties the list and begins it with the site at `index`. */
function redraw(index) {
  for (const site of sites) site.card = null;
  fileHeads.clear();
  feed.replaceChildren();
  [from, drawn, section] = [index, index, null];
  draw();
  drawAboveButton();
}

/** Adds the next sites to the list. */
function draw(upTo = drawn + CHUNK) {
  const end = Math.min(upTo, shown.length);
  while (drawn < end) {
    const site = shown[drawn];
    if (shown[drawn - 1]?.file !== site.file || !section) {
      section = sectionOf(site.file);
      feed.append(section);
    }
    section.append(cardOf(site));
    drawn += 1;
  }
  if (drawn === shown.length && !fileHeads.has("others")) drawOthers();
}

/** Adds the sites before the first of the list. */
function drawAbove() {
  const end = Math.max(0, from - CHUNK);
  while (from > end) {
    from -= 1;
    const site = shown[from];
    if (shown[from + 1].file !== site.file) feed.prepend(sectionOf(site.file));
    const first = feed.firstElementChild;
    first.insertBefore(cardOf(site), first.querySelector("article"));
  }
  drawAboveButton();
}

function drawAboveButton() {
  byId("above").hidden = from === 0;
  byId("above").textContent = `${count(from, "site")} above: show ${from > CHUNK ? CHUNK : "them"}`;
}

/** Files that change without a site, as a module for helpers does. */
function drawOthers() {
  fileHeads.set("others", null);
  if (shown.length < sites.length) return;
  for (const file of FILES.filter((it) => !it.findings.length)) feed.append(sectionOf(file));
}

function sectionOf(file) {
  const id = `file-${FILES.indexOf(file)}`;
  const folder = folderOf(file.path);
  const name = element("h2", { id }, element("span", { class: "folder" }, Visible.nodes(folder)), Visible.nodes(file.path.slice(folder.length)));
  const facts = element("p", { class: "facts" });
  const actions = element("div", { class: "actions" });
  const head = element("header", { class: "file" }, element("div", {}, name, facts), actions);
  const made = element("section", { class: "file", "aria-labelledby": id }, head);
  if (file.whole.length) {
    const summary = file.is_new ? "A new file, for the helpers" : "All that changes in this file together";
    made.append(later(summary, "whole", () => Diff.table(file.whole, layoutNow(), `Changes of ${Visible.plain(file.path)}`)));
  }
  fileHeads.set(file, { facts, actions });
  drawFileHead(file);
  return made;
}

function drawFileHead(file) {
  const { facts, actions } = fileHeads.get(file);
  const here = sitesOf.get(file);
  const open = here.filter((site) => isFixable(site) && !site.own);
  facts.replaceChildren(
    here.length ? count(here.length, "site") : "no site of its own",
    ...file.owners.flatMap((owner) => [" · ", element("span", { class: "owner" }, Visible.nodes(owner))]),
  );
  if (here.filter(isFixable).length < 2) return;
  const act = (own, label) =>
    button(`${label} ${open.length} in file`, { class: "small", disabled: !open.length }, () => decideAll(here, own));
  actions.replaceChildren(act("accept", "Accept"), act("reject", "Reject"));
}

const observer = new IntersectionObserver(
  (entries) => {
    if (!entries.at(-1).isIntersecting || drawn >= shown.length) return;
    draw();
    // Asked again, it tells whether the end is still near.
    observer.unobserve(byId("more"));
    observer.observe(byId("more"));
  },
  { rootMargin: "1500px" },
);
observer.observe(byId("more"));

// Going about.

function setCurrent(site) {
  if (current === site && site.card?.classList.contains("current")) return;
  current?.card?.classList.remove("current");
  current = site;
  site.card?.classList.add("current");
}

function goTo(site) {
  const index = shown.indexOf(site);
  if (index < 0) return;
  if (index >= drawn && index < drawn + CHUNK) draw(index + CHUNK);
  else if (index < from && index >= from - CHUNK) drawAbove();
  else if (index < from || index >= drawn) redraw(index);
  setCurrent(site);
  const isFirst = shown[index - 1]?.file !== site.file;
  site.card.focus({ preventScroll: true });
  (isFirst ? site.card.closest("section") : site.card).scrollIntoView({ block: "start" });
}

function step(by) {
  if (!shown.length) return;
  const at = shown.indexOf(current);
  goTo(shown[Math.min(Math.max(at + by, 0), shown.length - 1)]);
}

function stepFile(by) {
  const at = shown.indexOf(current);
  const firsts = shown.map((site, index) => [site, index]).filter(([site, index]) => shown[index - 1]?.file !== site.file);
  const next = by > 0 ? firsts.find(([, index]) => index > at) : firsts.findLast(([, index]) => index < at);
  if (next) goTo(next[0]);
}

function setLayout(wanted) {
  layout = wanted;
  kept.write("asyncmend:layout", layout);
  drawLayout();
}

function drawLayout() {
  for (const button of document.querySelectorAll("button[data-layout]")) {
    button.setAttribute("aria-pressed", String(button.dataset.layout === layout));
  }
  for (const site of sites) if (site.card) refresh(site);
  for (const details of document.querySelectorAll("details.whole")) details.drawAnew();
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function switchTheme() {
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = isDark ? "light" : "dark";
  setTheme(theme);
  kept.write("asyncmend:theme", theme);
}

function toggle(selector) {
  const details = current?.card?.querySelector(selector) ?? current?.card?.closest("section")?.querySelector(selector);
  if (details) details.open = !details.open;
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  J: () => stepFile(1),
  K: () => stepFile(-1),
  y: () => decideAndGoOn("accept"),
  n: () => decideAndGoOn("reject"),
  x: () => current?.own && decide([{ site: current, own: null }], "Decision taken back"),
  u: undo,
  s: () => current && isFixable(current) && chooseCandidate(current, (current.candidate + 1) % current.finding.candidates.length),
  e: () => toggle("details.why"),
  w: () => toggle("details.whole"),
  v: () => setLayout(layout === "split" ? "unified" : "split"),
  t: switchTheme,
  "/": () => byId("search").focus(),
  "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && event.target === byId("search")) return event.target.blur();
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function drawClosing() {
  const list = (title, lines) =>
    lines.length
      ? [element("h2", {}, title), element("ul", {}, lines.map((line) => element("li", {}, Visible.nodes(line))))]
      : [];
  const parts = [...list("Not in this review", CLOSING.troubles), ...list("Worth a look", CLOSING.notes)];
  byId("closing").append(...parts);
  byId("closing").hidden = parts.length === 0;
}

function listen() {
  const click = (id, act) => byId(id).addEventListener("click", act);
  byId("search").addEventListener("input", filter);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  click("clear", () => {
    byId("search").value = "";
    for (const facet of facets) facet.chosen.clear();
    filter();
  });
  click("filters-toggle", () => {
    const isOpen = byId("filters").classList.toggle("open");
    if (isOpen) byId("search").focus();
    drawFiltersToggle();
    byId("filters-toggle").setAttribute("aria-expanded", String(isOpen));
  });
  for (const it of document.querySelectorAll("button[data-layout]")) it.addEventListener("click", () => setLayout(it.dataset.layout));
  narrow.addEventListener("change", drawLayout);
  click("theme", switchTheme);
  click("help-open", () => byId("help").showModal());
  click("decisions-open", () => byId("decisions").showModal());
  click("accept-all", () => decideAll(shown, "accept"));
  click("reject-all", () => decideAll(shown, "reject"));
  click("undo", undo);
  click("above", drawAbove);
  click("save", save);
  click("forget", () => decide(sites.filter((site) => site.own).map((site) => ({ site, own: null })), "All decisions taken back"));
  byId("load").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) byId("load-result").textContent = load(await file.text());
    event.target.value = "";
  });
  for (const it of document.querySelectorAll("[data-copy]")) it.addEventListener("click", () => copy(byId(it.dataset.copy).textContent));
  for (const it of document.querySelectorAll("[data-close]")) it.addEventListener("click", () => it.closest("dialog").close());
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
  addEventListener("pagehide", storeDecisions);
}

document.body.classList.toggle("empty", sites.length === 0);
setTheme(kept.read("asyncmend:theme"));
loadDecisions();
listen();
drawFacets();
drawCounts();
makeMap();
drawClosing();
drawProgress();
drawLayout();
filter();
