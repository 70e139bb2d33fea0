import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import axe from "axe-core";

import { Project, launch, many, mixed, module, open, picture } from "./project.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The sites that are on the page now, as people see them. */
const cards = (page) =>
  page.$$eval("article.site", (all) =>
    all.map((card) => ({
      path: card.closest("section").querySelector("h2").textContent,
      place: card.querySelector(".place span").textContent,
      transform: card.querySelector(".transform").textContent,
      decision: card.dataset.decision,
      own: card.dataset.own,
    })),
  );

const current = (page) => page.$eval("article.current", (card) => card.id);
const own = (page, id) => page.$eval(`#${id}`, (card) => card.dataset.own);
const shown = (page) => page.textContent("#shown");
const check = (page, facet, label) =>
  page.locator(`fieldset[data-facet=${facet}] label`).filter({ hasText: label }).locator("input").click();

/** Waits until all that is open is filled, which it is a moment later. */
const filled = (page) => page.waitForFunction(() => !document.querySelector("details[open]:not(:has(> summary + *))"));

/** Waits until `read` gives what is `expected`: a dialog says a moment after it is closed how it was. */
async function becomes(read, expected) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (isDeepStrictEqual(await read(), expected)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await read(), expected);
}

/** Opens all that can be. */
async function openAll(page) {
  await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
  await filled(page);
}

/** What the page saves. */
async function saved(page) {
  await page.click("#decisions-open");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.equal(download.suggestedFilename(), "decisions.json");
  const text = readFileSync(await download.path(), "utf8");
  await page.click("#decisions [data-close]");
  return text;
}

async function load(page, text) {
  await page.click("#decisions-open");
  await page.setInputFiles("#load", { name: "decisions.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.waitForFunction(() => document.getElementById("load-result").textContent);
  const said = await page.textContent("#load-result");
  await page.evaluate(() => document.getElementById("load-result").replaceChildren());
  await page.click("#decisions [data-close]");
  return said;
}

describe("a project with a bit of everything", () => {
  let project;
  let url;
  let findings;
  before(() => {
    project = mixed();
    url = project.page();
    findings = project.findings();
  });
  after(() => project.remove());

  /** Runs a test on a fresh page, of which nothing may be amiss at the end. */
  const onPage = (name, run, options) =>
    test(name, async () => {
      const page = await open(browser, url, options);
      try {
        await run(page);
        assert.deepEqual(page.troubles, []);
      } finally {
        await page.context().close();
      }
    });

  onPage("shows each site with its decision", async (page) => {
    const expected = findings.map(({ path, transform, decision, start: { cell, line, column } }) => ({
      path,
      place: `${cell ? `cell ${cell}, ` : ""}${line}:${column}`,
      transform,
      decision,
      own: "",
    }));
    const found = (await cards(page)).map((it) => ({ ...it, place: it.place.split(" in ")[0] }));
    assert.deepEqual(found, expected);
    assert.ok(new Set(expected.map((it) => it.decision)).size === 3, "a site of each decision");
    await picture(page, "mixed");
  });

  onPage("says what is not in the review, and what is worth a look", async (page) => {
    const closing = await page.textContent("#closing");
    assert.match(closing, /shop\/broken\.py/);
    assert.match(closing, /tests\/test_desk\.py:.*replaces asyncio\.wait_for/);
  });

  onPage("explains each site in place", async (page) => {
    await openAll(page);
    for (const [index, finding] of findings.entries()) {
      const text = await page.textContent(`#site-${index}`);
      assert.ok(text.replaceAll("`", "").includes(finding.why.slice(1).replaceAll("`", "")), finding.why);
      for (const code of finding.cautions) assert.ok(text.includes(code), code);
    }
    const held = await page.textContent("article[data-decision=held] .held-note");
    assert.match(held, /unknown-receiver/);
    const refused = await page.textContent("article[data-decision=refuse] .refusal");
    assert.match(refused, /# asyncmend: ignore\[gather\]/);
    await page.click("text=All about gather >> nth=0");
    assert.match(await page.textContent("#page-text"), /What stays the same/);
    await picture(page, "explained");
    await page.keyboard.press("Escape");
    assert.equal(await page.$("dialog[open]"), null);
  });

  onPage("shows diffs in one column and in two", async (page) => {
    const gone = await page.$$eval("#site-0 .gone .code", (all) => all.map((it) => it.textContent));
    assert.deepEqual(gone, ["    asyncio.create_task(publish(queue, order))"]);
    const added = "    _keep_task(asyncio.create_task(publish(queue, order)))";
    assert.equal(await page.textContent("#site-0 .new .code"), added);
    assert.equal(await page.textContent("#site-0 .new .marked"), "_keep_task(");
    assert.ok(await page.$("#site-0 .keyword"));
    await page.click("[data-layout=split]");
    assert.equal(await page.textContent("#site-0 td.code.new"), added);
    const columns = await page.$eval("#site-0 td.code.gone", (cell) => cell.parentElement.querySelectorAll(".code").length);
    assert.equal(columns, 2);
    await picture(page, "side-by-side");
    await page.keyboard.press("v");
    assert.equal(await page.getAttribute("[data-layout=unified]", "aria-pressed"), "true");
    // What the fixes share, and all of the file.
    await page.click("#site-0 details.shared > summary");
    await filled(page);
    assert.match(await page.textContent("#site-0 details.shared"), /def _keep_task\(task\):/);
    await page.keyboard.press("w");
    const whole = await page.textContent("details.whole[open] table");
    assert.match(whole, /_keep_task\(asyncio[^]*_TaskGroup/);
  });

  onPage("filters by every facet and by text, and counts", async (page) => {
    const total = findings.length;
    const only = async (facet, label, expected) => {
      const row = page.locator(`fieldset[data-facet=${facet}] label`).filter({ hasText: label });
      assert.equal(Number(await row.locator(".count").textContent()), expected, `${facet}: ${label}`);
      await row.locator("input").click();
      assert.equal((await cards(page)).length, expected);
      await row.locator("input").click();
    };
    const where = (test) => findings.filter(test).length;
    await only("transform", "retain-task", where((it) => it.transform === "retain-task"));
    await only("decision", "Held back", where((it) => it.decision === "held"));
    await only("caution", "structured", where((it) => it.cautions.includes("structured")));
    await only("reason", "collects-errors", where((it) => it.code === "collects-errors"));
    await only("folder", "app/", where((it) => it.path.startsWith("app/")));
    await only("owner", "@news", where((it) => it.path.startsWith("shop/")));
    await only("own", "Undecided", where((it) => it.decision !== "refuse"));
    // Of one facet any, of several all.
    await check(page, "transform", "retain-task");
    await check(page, "transform", "wait-for");
    await check(page, "owner", "@shop");
    const expected = where((it) => ["retain-task", "wait-for"].includes(it.transform) && it.path.startsWith("shop/"));
    assert.equal((await cards(page)).length, expected);
    assert.equal(await shown(page), `${expected} of ${total} sites`);
    await page.click("#clear");
    assert.equal((await cards(page)).length, total);
    await page.keyboard.press("/");
    await page.keyboard.type("WORKERS.py");
    assert.equal((await cards(page)).length, where((it) => it.path === "app/workers.py"));
    await page.fill("#search", "device.state()");
    assert.ok((await cards(page)).every((it) => it.transform === "wait-for"));
    await page.fill("#search", "nothing is like that");
    assert.match(await page.textContent("#feed"), /No site is like that/);
    await page.click("#clear");
    // The map is a filter too.
    await page.click("#map-table tbody tr:has-text('shop/') td:nth-of-type(1) button");
    assert.equal((await cards(page)).length, where((it) => it.transform === "retain-task" && it.path.startsWith("shop/")));
    await page.click("#map-table button[aria-pressed=true] >> nth=0");
    assert.equal((await cards(page)).length, total);
  });

  onPage("goes about and decides by keys", async (page) => {
    const first = findings.findIndex((it) => it.decision !== "refuse");
    assert.equal(first, 0);
    assert.equal(await current(page), "site-0");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    assert.equal(await current(page), "site-1");
    await page.keyboard.press("y");
    assert.equal(await own(page, "site-1"), "accept");
    assert.equal(await current(page), "site-2");
    await page.keyboard.press("n");
    assert.equal(await own(page, "site-2"), "reject");
    assert.match(await page.textContent("#progress-text"), /^2 of/);
    await page.keyboard.press("u");
    assert.equal(await own(page, "site-2"), "");
    assert.equal(await current(page), "site-2");
    await page.keyboard.press("k");
    await page.keyboard.press("x");
    assert.equal(await own(page, "site-1"), "");
    await page.keyboard.press("J");
    const second = findings.findIndex((it) => it.path !== findings[0].path);
    assert.equal(await current(page), `site-${second}`);
    await page.keyboard.press("K");
    assert.equal(await current(page), "site-0");
    await page.keyboard.press("e");
    assert.ok(await page.$("#site-0 details.why[open]"));
    await page.keyboard.press("?");
    assert.ok(await page.$("#help[open]"));
    await picture(page, "help");
    // A dialog takes the keys.
    await page.keyboard.press("y");
    assert.equal(await own(page, "site-0"), "");
    await page.keyboard.press("Escape");
    // So does a text.
    await page.keyboard.press("/");
    await page.keyboard.type("y");
    assert.equal(await page.inputValue("#search"), "y");
    // What is left alone is passed over by a decision, not lost.
    await page.click("#clear");
    const refused = findings.findIndex((it) => it.decision === "refuse");
    for (let at = 0; at < refused; at += 1) await page.keyboard.press("j");
    assert.equal(await current(page), `site-${refused}`);
    await page.keyboard.press("y");
    assert.equal(await own(page, `site-${refused}`), "");
    assert.equal(await current(page), `site-${refused + 1}`);
  });

  onPage("switches between the candidates of a site", async (page) => {
    const index = findings.findIndex((it) => it.candidates?.length > 1);
    const { candidates } = findings[index];
    const texts = () => page.$$eval(`#site-${index} .new .code`, (all) => all.map((it) => it.textContent).join("\n"));
    const before = await texts();
    for (let at = 0; at < index; at += 1) await page.keyboard.press("j");
    await page.keyboard.press("s");
    const after = await texts();
    assert.notEqual(after, before);
    assert.equal(await page.getAttribute(`#site-${index} [data-act=candidate-1]`, "aria-pressed"), "true");
    await picture(page, "candidates");
    await page.keyboard.press("y");
    const [{ decisions }] = JSON.parse(await saved(page)).files;
    assert.deepEqual(decisions[0].fix, { what: candidates[1].what, cautions: candidates[1].cautions });
    await page.keyboard.press("u");
    await page.keyboard.press("u");
    assert.equal(await texts(), before);
  });

  onPage("decides about all that is shown, and asks where some is held back", async (page) => {
    const open = findings.filter((it) => it.decision !== "refuse").length;
    const held = findings.filter((it) => it.decision === "held").length;
    const counts = () =>
      page.$$eval("article", (all) => [...new Set(all.map((it) => `${it.dataset.decision} ${it.dataset.own}`))].sort());
    await page.click("#accept-all");
    assert.match(await page.textContent("#confirm-text"), new RegExp(`Of ${open} fixes, ${held} may differ`));
    await picture(page, "confirm");
    await page.keyboard.press("Escape");
    await becomes(counts, ["held ", "refuse ", "rewrite "]);
    await page.click("#accept-all");
    await page.click("#confirm-some");
    await becomes(counts, ["held ", "refuse ", "rewrite accept"]);
    await page.click("#reject-all");
    await becomes(counts, ["held reject", "refuse ", "rewrite accept"]);
    assert.ok(await page.isDisabled("#accept-all"));
    await page.click("#undo");
    await page.click("#undo");
    await becomes(counts, ["held ", "refuse ", "rewrite "]);
    await check(page, "transform", "wait-for");
    await page.click("#accept-all");
    await page.click("#clear");
    const own = (await cards(page)).filter((it) => it.decision === "rewrite");
    assert.ok(own.every((it) => (it.own === "accept") === (it.transform === "wait-for")));
    // A file at a time.
    await page.locator("header.file", { hasText: "desk.py" }).first().getByRole("button", { name: /Reject/ }).click();
    assert.ok((await cards(page)).filter((it) => it.path === "shop/desk.py").every((it) => it.own === "reject"));
  });

  onPage("keeps decisions in the browser", async (page) => {
    await page.keyboard.press("y");
    await page.keyboard.press("n");
    await page.waitForTimeout(300);
    await page.reload();
    await page.waitForSelector("article.site");
    assert.deepEqual([await own(page, "site-0"), await own(page, "site-1")], ["accept", "reject"]);
    await page.click("#decisions-open");
    await page.click("#forget");
    await page.click("#decisions [data-close]");
    assert.equal(await own(page, "site-0"), "");
  });

  onPage("saves decisions and takes them again", async (page) => {
    await page.keyboard.press("y");
    await page.keyboard.press("n");
    const text = await saved(page);
    const decisions = JSON.parse(text);
    const [first, second] = findings;
    assert.equal(decisions.version, 1);
    assert.deepEqual(decisions.files.map((it) => it.path), [first.path]);
    assert.deepEqual(decisions.files[0].decisions, [
      { transform: first.transform, start: first.start, decision: "accept", fix: { what: first.message, cautions: first.cautions } },
      { transform: second.transform, start: second.start, decision: "reject" },
    ]);
    const other = await open(browser, url);
    assert.equal(await load(other, text), "2 decisions taken");
    assert.deepEqual([await own(other, "site-0"), await own(other, "site-1")], ["accept", "reject"]);
    assert.equal(await saved(other), text);
    // Of other text, or about other fixes, nothing is taken.
    const strange = text.replace(/"sha256": "./, '"sha256": "g');
    assert.match(await load(other, strange), /^0 decisions taken; 2 not/);
    assert.match(await load(other, text.replace('"what": "', '"what": "not to ')), /^1 decision taken; 1 not/);
    assert.match(await load(other, "{"), /no JSON/);
    assert.match(await load(other, '{"version": 2, "files": []}'), /version 1/);
    assert.match(await load(other, '{"version": 1, "files": [null, {"decisions": [null, {}]}]}'), /^0 decisions taken/);
    assert.deepEqual(other.troubles, []);
    await other.context().close();
  });

  onPage("is dark or light, as the system is or as was said", async (page) => {
    const ground = () => page.$eval("body", (body) => getComputedStyle(body).backgroundColor);
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await ground();
    assert.notEqual(dark, light);
    await picture(page, "dark");
    await page.keyboard.press("t");
    assert.equal(await ground(), light);
    await page.reload();
    await page.waitForSelector("article.site");
    assert.equal(await ground(), light);
    await page.click("#theme");
    assert.equal(await ground(), dark);
  });

  onPage(
    "fits on a phone",
    async (page) => {
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await openAll(page);
      assert.ok((await overflow()) <= 0);
      assert.ok(!(await page.isVisible("#search")));
      await picture(page, "phone");
      await page.click("#filters-toggle");
      assert.ok(await page.isVisible("#search"));
      assert.ok((await overflow()) <= 0);
      await picture(page, "phone-filters");
      await page.click("#filters-toggle");
      for (const id of ["help-open", "decisions-open"]) {
        await page.click(`#${id}`);
        assert.ok((await overflow()) <= 0, id);
        await page.keyboard.press("Escape");
      }
      await page.setViewportSize({ width: 320, height: 600 });
      assert.ok((await overflow()) <= 0);
    },
    { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  );

  for (const [name, options] of Object.entries({
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 } },
  })) {
    onPage(
      `has no fault that axe finds: ${name}`,
      async (page) => {
        await page.evaluate(axe.source);
        const faults = async (what) => {
          const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
          const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => `${node.html}\n${node.failureSummary}`).slice(0, 3).join("\n")}`);
          assert.deepEqual(told, [], what);
        };
        await faults("at first");
        await page.keyboard.press("y");
        await page.keyboard.press("n");
        await openAll(page);
        await faults("with all that opens");
        if (name !== "phone") {
          await page.click("[data-layout=split]");
          await faults("side by side");
        }
        for (const id of ["help-open", "decisions-open"]) {
          await page.click(`#${id}`);
          await faults(id);
          await page.keyboard.press("Escape");
        }
        await page.click("text=All about gather >> nth=0");
        await faults("a page");
        await page.keyboard.press("Escape");
        if (name === "phone") await page.click("#filters-toggle");
        await page.fill("#search", "nothing is like that");
        await faults("nothing");
      },
      options,
    );
  }
});

test("what was accepted is what fix applies", async () => {
  const project = mixed();
  try {
    const url = project.page();
    const findings = project.findings();
    const page = await open(browser, url);
    const accepted = findings.map((it, index) => it.decision !== "refuse" && index % 2 === 0);
    for (const [index, yes] of accepted.entries()) {
      if (findings[index].decision !== "refuse") await page.click(`#site-${index} .${yes ? "accept" : "reject"}`);
    }
    project.write("decisions.json", await saved(page));
    await page.context().close();
    const before = new Map([...new Set(findings.map((it) => it.path))].map((path) => [path, project.read(path)]));
    const ran = project.run("fix", "--decisions=decisions.json", "--no-vcs", ...before.keys());
    assert.equal(ran.status, 0, ran.stderr);
    for (const [path, text] of before) {
      const some = findings.some((it, index) => it.path === path && accepted[index]);
      assert.equal(project.read(path) !== text, some, path);
    }
    // The others are still found, those that were mended no more.
    const left = project.findings();
    assert.equal(left.length, findings.length - accepted.filter(Boolean).length);
    // On other text, nothing is done.
    const again = project.run("fix", "--decisions=decisions.json", "--no-vcs", ...before.keys());
    assert.equal(again.status, 2);
    assert.deepEqual(project.findings(), left);
  } finally {
    project.remove();
  }
});

test("hostile names and source are shown, not run", async () => {
  const hostile = "'</script><img src=x onerror=window.pwned=1><!-- \u202e\u200b\x07 `'";
  const source = module(0).replace("create_task(publish(queue, order", `create_task(publish(queue, ${hostile}`);
  const name = "<img src=x onerror=window.pwned=2>\u202e\u0007\n\"'&`.py";
  const project = new Project({ [name]: source, "</b><script>/pwned=3;/a.py": source, ".github/CODEOWNERS": "* <script>window.pwned=4\n" });
  try {
    const page = await open(browser, project.page());
    await page.click("details.whole > summary");
    await page.fill("#search", "<img");
    const text = await page.textContent("#feed");
    assert.ok(text.includes("onerror=window.pwned=1"));
    assert.ok(text.includes("onerror=window.pwned=2"));
    for (const odd of ["U+202E", "U+200B", "U+0007", "U+000A"]) assert.ok(text.includes(odd), odd);
    assert.doesNotMatch(await page.innerHTML("#feed"), /[\u202e\u200b\u0007]/);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.$("#feed img, #feed script, #filters img, #filters script"), null);
    assert.match(await page.textContent("fieldset[data-facet=folder]"), /<script>/);
    await picture(page, "hostile");
    const decisions = JSON.parse((await page.keyboard.press("Escape"), await page.click("#accept-all"), await saved(page)));
    assert.ok(decisions.files.some((it) => it.path === name));
    assert.deepEqual(page.troubles, []);
    // The policy holds even where markup gets in.
    const blocked = await page.evaluate(async () => {
      const seen = [];
      document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
      document.body.insertAdjacentHTML("beforeend", '<img src="https://example.invalid/x.png" onerror="window.pwned=5"><p style="color:red">');
      const script = document.createElement("script");
      script.textContent = "window.pwned = 6";
      document.body.append(script);
      await fetch("https://example.invalid/").catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
      return [...new Set(seen)].sort();
    });
    assert.deepEqual(blocked, ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr"]);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    await page.context().close();
  } finally {
    project.remove();
  }
});

test("a project without a site says so", async () => {
  const project = new Project({ "a.py": "x = 1\n" });
  try {
    const page = await open(browser, project.page());
    assert.match(await page.textContent("#feed"), /nothing to review/);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((it) => it.id), []);
    for (const key of "jkynuxsewJK") await page.keyboard.press(key);
    assert.deepEqual(page.troubles, []);
    await picture(page, "empty");
    await page.context().close();
  } finally {
    project.remove();
  }
});

test("five thousand sites open at once and are filtered in no time", async () => {
  const project = new Project(many(5000));
  try {
    const url = project.page("--no-types");
    const started = performance.now();
    const page = await open(browser, url);
    const opened = performance.now() - started;
    assert.equal(await shown(page), "All 5,000 sites");
    await picture(page, "many");
    /** How long something takes until it is laid out. */
    const time = (act, ...given) =>
      page.evaluate(`(() => {
        const started = performance.now();
        (${act})(...${JSON.stringify(given)});
        document.getElementById("feed").getBoundingClientRect();
        return performance.now() - started;
      })()`);
    const choose = (facet, index) => document.querySelectorAll(`fieldset[data-facet=${facet}] input`)[index].click();
    const times = {
      "a transform": await time(choose, "transform", 0),
      "a caution": await time(choose, "caution", 1),
      "an owner": await time(choose, "owner", 1),
      "all again": await time(() => document.getElementById("clear").click()),
      "a text": await time(() => {
        const search = document.getElementById("search");
        search.value = "module_77";
        search.dispatchEvent(new Event("input"));
      }),
      "all once more": await time(() => document.getElementById("clear").click()),
      "a decision": await time(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true }))),
      "all decided": await time(() => document.getElementById("reject-all").click()),
    };
    console.log(`five thousand sites: opened in ${Math.round(opened)} ms`);
    for (const [what, took] of Object.entries(times)) console.log(`  ${what}: ${took.toFixed(1)} ms`);
    assert.ok(opened < 15_000, `opened in ${opened} ms`);
    for (const [what, took] of Object.entries(times)) assert.ok(took < 2_000, `${what}: ${took} ms`);
    // A site far away is shown at once, and what is around it on demand.
    await page.click("#undo");
    await page.fill("#search", "module_77");
    await page.keyboard.press("Escape");
    await page.click("article .accept");
    await page.click("#clear");
    assert.equal(await current(page), "site-0");
    await page.keyboard.press("u");
    const far = Number((await current(page)).slice(5));
    assert.ok(far > 100);
    assert.ok((await cards(page)).length < 100);
    await picture(page, "far");
    await page.keyboard.press("k");
    assert.equal(await current(page), `site-${far - 1}`);
    const before = (await cards(page)).length;
    await page.click("#above");
    assert.equal((await cards(page)).length, before + 25);
    const places = await page.$$eval("article.site", (all) => all.map((card) => Number(card.id.slice(5))));
    assert.deepEqual(places, places.toSorted((one, other) => one - other));
    const headings = await page.$$eval("section.file > header h2", (all) => all.map((heading) => heading.id));
    assert.equal(new Set(headings).size, headings.length);
    await page.fill("#search", " ");
    await page.fill("#search", "");
    await page.keyboard.press("Escape");
    // To the very end, by scrolling and by keys.
    for (let at = 0; at < 4; at += 1) {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForTimeout(150);
    }
    assert.ok((await cards(page)).length > 60);
    for (let at = 0; at < 120; at += 1) await page.keyboard.press("j");
    assert.ok(Number((await current(page)).slice(5)) >= 120);
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  } finally {
    project.remove();
  }
});
