//! The page in a real browser, headless: on a telephone and on a desk, in light and in dark, in both languages, printed, and with
//! hostile words. It asks for nothing, says nothing, is no wider than the window, and an audit of its accessibility finds nothing.

use std::fs;
use std::process::Command;

use ouvert::render;
use ouvert::words::Lang;
use serde_json::Value;

use super::{consumers, golden_text, hostile};

/// Opens each page and tells what a reader and an audit see of it.
const OPEN: &str = r"
const { chromium } = require('playwright-core'), fs = require('fs'), path = require('path');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
(async () => {
  const browser = await chromium.launch({ executablePath: process.argv[1], args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const out = [];
  for (const file of process.argv.slice(2)) for (const colorScheme of ['light', 'dark']) for (const width of [360, 1440]) {
    const seen = { file: path.basename(file), colorScheme, width, said: [], asked: [] };
    const note = (page) => {
      page.on('console', (m) => seen.said.push(m.text())); page.on('pageerror', (e) => seen.said.push(String(e)));
      page.on('dialog', (d) => { seen.said.push(d.message()); d.dismiss(); });
      page.on('request', (r) => seen.asked.push(r.url()));
    };
    const strict = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await strict.newPage(); note(page);
    await page.goto('file://' + file);
    Object.assign(seen, await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth, styled: getComputedStyle(document.querySelector('.table')).backgroundColor,
      paper: getComputedStyle(document.body).backgroundColor, title: document.title,
      outside: [...document.querySelectorAll('main *, header *')].filter((e) => !e.closest('.picture, .hidden, thead, svg'))
        .filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.left < -1 || r.right > innerWidth + 1); })
        .map((e) => e.outerHTML.slice(0, 200)).slice(0, 5),
    })));
    await page.emulateMedia({ media: 'print' });
    // The browser lays the page out anew for paper: a frame or two later on a busy machine.
    const closed = () => [...document.querySelectorAll('details:not([open]) .says')].filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length;
    for (let tries = 0; tries < 100 && (seen.closed = await page.evaluate(closed)) > 0; tries++) await page.waitForTimeout(100);
    await strict.close();
    const open = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const audited = await open.newPage(); await audited.goto('file://' + file); await audited.evaluate(axe);
    const result = await audited.evaluate(() => axe.run());
    seen.passed = result.passes.length;
    seen.faults = result.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 200));
    await open.close();
    out.push(seen);
  }
  await browser.close();
  process.stdout.write(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
";

#[test]
fn a_browser_shows_the_page_and_an_audit_finds_nothing() {
    let Some(folder) = consumers() else { return };
    let pages = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for name in ["report.html", "report.fr.html"] {
        files.push(pages.path().join(name));
        fs::write(files.last().unwrap(), golden_text(name)).unwrap();
    }
    let words = hostile::WORDS.join(" ") + &"<b>x</b>".repeat(50) + &"x".repeat(500);
    files.push(pages.path().join("hostile.html"));
    fs::write(files.last().unwrap(), render::html::render(&hostile::report(&words), Lang::En).unwrap()).unwrap();
    let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let browser = browser.into_iter().find(|p| fs::exists(p).unwrap()).expect("`.ci/run` installs chromium");
    let done = Command::new("node")
        .env("NODE_PATH", folder.join("node/node_modules"))
        .args(["-e", OPEN, browser])
        .args(&files)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let seen: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(seen.len(), 12);
    for one in &seen {
        assert_eq!(one["said"], serde_json::json!([]), "{one}");
        assert_eq!(one["asked"].as_array().unwrap().len(), 1, "{one}");
        assert_eq!(one["faults"], serde_json::json!([]), "{one}");
        assert_eq!(one["outside"], serde_json::json!([]), "{one}");
        assert_eq!(one["wide"], one["width"], "{one}");
        assert_eq!(one["closed"], 0, "closed evidence is not printed: {one}");
        assert!(one["passed"].as_u64().unwrap() > 20, "{one}");
        // The policy lets the style through, and the style obeys the reader's wish.
        let dark = one["colorScheme"] == "dark";
        assert_eq!(one["styled"], if dark { "rgb(27, 39, 59)" } else { "rgb(36, 52, 79)" }, "{one}");
        assert_eq!(one["paper"], if dark { "rgb(18, 22, 29)" } else { "rgb(251, 249, 244)" }, "{one}");
    }
}
