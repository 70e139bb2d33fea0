// Projects to review, their pages, and a browser to open those in.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const program = resolve(process.env.ASYNCMEND ?? join(root, "target/debug/asyncmend"));

const browsers = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];

/** A headless browser that does nothing of its own accord. */
export function launch() {
  const executablePath = browsers.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium: install it, or name it with CHROMIUM");
  const off = ["background-networking", "component-update", "sync", "gpu", "quic"].map((it) => `--disable-${it}`);
  return chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--no-first-run", ...off] });
}

/** A folder with `files`, in which the program runs. */
export class Project {
  constructor(files) {
    this.folder = mkdtempSync(join(tmpdir(), "asyncmend-browser-"));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path, text) {
    const whole = join(this.folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }

  read(path) {
    return readFileSync(join(this.folder, path), "utf8");
  }

  run(...args) {
    const ran = spawnSync(program, args, { cwd: this.folder, encoding: "utf8", maxBuffer: 1 << 30 });
    if (ran.error) throw ran.error;
    return ran;
  }

  /** What `check` says of each site. */
  findings(...args) {
    const lines = this.run("check", "--output-format=json-lines", ...args).stdout.split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Makes the page and says where it is. */
  page(...args) {
    const ran = this.run("diff", "--format=html", "--output-file=review.html", "--exit-zero", ...args);
    if (!existsSync(join(this.folder, "review.html"))) throw new Error(ran.stderr);
    return pathToFileURL(join(this.folder, "review.html")).href;
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

/** Opens a page and notes what it should not do: complain, ask the network, show a dialog. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  // On a machine that has much else to do.
  page.setDefaultTimeout(90_000);
  page.troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.troubles.push(message.text());
  });
  page.on("pageerror", (error) => page.troubles.push(error.stack));
  page.on("dialog", (dialog) => {
    page.troubles.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("blob:")) page.troubles.push(`a request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector("article.site, .nothing");
  return page;
}

/** Leaves a picture where those are wanted. */
export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

const HEAD = `import asyncio


async def publish(queue, order):
    await queue.put(order)


async def fetch_user(user_id):
    return {"id": user_id}


async def fetch_orders(user_id):
    return []
`;

const BODIES = [
  (name) => `
async def on_order_${name}(queue, order):
    """Tell the others of an order."""
    asyncio.create_task(publish(queue, order))
    return order.id
`,
  (name) => `
async def profile_${name}(user_id):
    # Both at once.
    user, orders = await asyncio.gather(fetch_user(user_id), fetch_orders(user_id))
    return {**user, "orders": orders}
`,
  (name) => `
async def ask_${name}(device):
    try:
        state = await asyncio.wait_for(device.state(), timeout=2)
    except asyncio.TimeoutError:
        return None
    return state
`,
  (name) => `
async def start_${name}(loop, worker):
    loop.create_task(worker.run())
`,
  (name) => `
async def all_${name}(jobs):
    return await asyncio.gather(*jobs, return_exceptions=True)
`,
  (name) => `
async def shared_${name}(self):
    await asyncio.gather(self.reader, self.writer)
`,
];

/** The text of a module with the bodies of these numbers. */
export const module = (...numbers) => HEAD + numbers.map((it, index) => `\n${BODIES[it](index)}`).join("");

const PACKAGES = "services/billing services/search services/auth libs/aio libs/http apps/web apps/worker tools tests/unit".split(" ");

/** Files with `total` sites of every kind, in many folders. */
export function many(total) {
  const files = {
    "pyproject.toml": '[project]\nname = "many"\nrequires-python = ">=3.11"\n',
    "CODEOWNERS": "* @everyone\n/services/billing/ @billing\n/libs/ @platform @ops\n",
  };
  const sizes = [1, 2, 3, 5, 8, 13];
  for (let done = 0, number = 0; done < total; number += 1) {
    const size = Math.min(sizes[number % sizes.length], total - done);
    const kinds = Array.from({ length: size }, (_, index) => (number + index * 5 + (index >> 2)) % BODIES.length);
    const folder = `${PACKAGES[number % PACKAGES.length]}${number % 3 ? "/inner" : ""}`;
    files[`${folder}/module_${number}.py`] = module(...kinds);
    done += size;
  }
  return files;
}

/** A project with a bit of everything. */
export const mixed = () =>
  new Project({
    "pyproject.toml": '[project]\nname = "mixed"\nrequires-python = ">=3.11"\n',
    ".github/CODEOWNERS": "* @core\n/shop/ @shop @news\n",
    "app/orders.py": module(0, 1, 2),
    "app/workers.py": module(3, 5, 4, 0),
    "shop/desk.py": module(1, 0),
    "shop/broken.py": "asyncio.create_task(\n",
    "tests/test_desk.py": `${module(2)}\n\nasyncio.wait_for = None\n`,
    "shop/book.ipynb": JSON.stringify({
      cells: [
        { cell_type: "code", execution_count: 1, metadata: {}, outputs: [], source: "import asyncio\nfiles = !ls" },
        { cell_type: "code", execution_count: 2, metadata: {}, outputs: [], source: "%time x = 1\nasyncio.create_task(work())" },
      ],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 4,
    }),
  });
