const { chromium } = require('playwright-core'), fs = require('fs'), path = require('path');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
(async () => {
  const browser = await chromium.launch({ executablePath: process.argv[1], args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const out = [];
  for (const file of process.argv.slice(2)) for (const colorScheme of ['light', 'dark']) for (const width of [360, 1440]) {
    const seen = { file: path.basename(file), colorScheme, width, said: [], asked: [] };
    const viewport = { width, height: 900 };
    const strict = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    const page = await strict.newPage();
    page.on('console', (m) => seen.said.push(m.text())); page.on('pageerror', (e) => seen.said.push(String(e)));
    page.on('dialog', (d) => { seen.said.push(d.message()); d.dismiss(); });
    page.on('request', (r) => seen.asked.push(r.url()));
    await page.goto('file://' + file);
    const shown = () => page.textContent('#shown');
    const first = (column) => page.textContent(`#body tr:first-child > :nth-child(${column})`);
    const press = (column) => page.click(`#table thead th:nth-child(${column}) button`);
    const sort = (column) => page.getAttribute(`#table thead th:nth-child(${column})`, 'aria-sort');
    seen.script = { before: await shown() };
    if (await page.isVisible('#next')) { await page.click('#next'); seen.script.second = await shown(); }
    seen.script.sorted = [];
    for (const _ of [1, 2]) { await press(4); seen.script.sorted.push(await sort(4), await first(4)); }
    await page.selectOption('#level', '-1');
    seen.script.failed = await shown();
    await page.selectOption('#level', '');
    await page.fill('#find', process.env.FIND.toUpperCase());
    seen.script.found = [await shown(), await page.locator('#body th').allTextContents()];
    await page.fill('#find', 'no such release');
    seen.script.none = await shown();
    await page.fill('#find', '');
    Object.assign(seen, await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth, title: document.title, lang: document.documentElement.lang,
      paper: getComputedStyle(document.body).backgroundColor,
      outside: [...document.querySelectorAll('main *, header *')].filter((e) => !e.closest('.scroll, .picture, .hidden, thead, svg'))
        .filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.left < -1 || r.right > innerWidth + 1); })
        .map((e) => e.outerHTML.slice(0, 200)).slice(0, 5),
    })));
    await strict.close();
    const bare = await browser.newContext({ colorScheme, viewport, javaScriptEnabled: false });
    const still = await bare.newPage(); await still.goto('file://' + file);
    seen.without = await still.locator('#body tr').count();
    await bare.close();
    const open = await browser.newContext({ colorScheme, viewport, bypassCSP: true });
    const audited = await open.newPage(); await audited.goto('file://' + file); await audited.evaluate(axe);
    const result = await audited.evaluate(() => axe.run());
    seen.passed = result.passes.length;
    seen.faults = result.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 300));
    await open.close();
    out.push(seen);
  }
  await browser.close();
  process.stdout.write(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
