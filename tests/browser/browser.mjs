// Chromium, and what must never happen while the page is used.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const patience = 10_000;

// The browser's own errands must not blur what the page does.
const options = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};

export const launch = () => chromium.launch(options);

/** A reader with a browser of her own: `settings` as Playwright's newContext takes
 *  them. Everything that must not happen is collected in `faults`. */
export async function reader(browser, origin, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...settings });
  context.setDefaultTimeout(patience);
  const seen = { requests: [], faults: [], expected: new Set() };
  context.on('request', (request) => {
    seen.requests.push(request.url());
    if (new URL(request.url()).origin !== origin) seen.faults.push(`request to ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    // Going to the next page gives up what the last one still waited for.
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED') seen.faults.push(`${reason} for ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400 && !seen.expected.has(response.status()))
      seen.faults.push(`${response.status()} for ${response.url()}`);
    if (!response.headers()['content-security-policy'])
      seen.faults.push(`no content policy on ${response.url()}`);
  });
  context.on('console', (message) => {
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !(refused && seen.expected.size > 0))
      seen.faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => seen.faults.push(`script: ${error.error()}`));
  if (settings.javaScriptEnabled !== false) {
    await context.exposeFunction('reportViolation', (what) => seen.faults.push(`policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`));
    });
  }
  return { context, seen, page: await context.newPage() };
}

/** Kept as artefacts beside the tests. */
export async function screenshot(page, name) {
  mkdirSync('screenshots', { recursive: true });
  await page.screenshot({ path: `screenshots/${name}.png`, fullPage: true });
}
