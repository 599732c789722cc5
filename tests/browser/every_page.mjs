// Every page, for every kind of reader: it fits its screen, axe finds nothing to
// object to, and a picture of it is kept.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { reader, screenshot } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const phone = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true,
  hasTouch: true };
const readers = {
  desktop: {},
  phone,
  dark: { colorScheme: 'dark' },
  persian: { locale: 'fa-IR' },
  'arabic-phone': { ...phone, locale: 'ar' },
  russian: { locale: 'ru-RU' },
  'no-script': { javaScriptEnabled: false },
  'no-script-phone': { ...phone, javaScriptEnabled: false, colorScheme: 'dark' },
};

async function objections(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`);
}

/** What is wrong with a page. */
async function faultsOf(page, name, path, base, scripts) {
  await page.goto(new URL(path, base).href);
  await screenshot(page, name);
  if (!scripts) return [];
  const { wide, screen } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth }));
  const faults = (await objections(page)).map((fault) => `${name}: axe objects: ${fault}`);
  if (wide > screen) faults.push(`${name}: is ${wide} wide on a screen of ${screen}`);
  return faults;
}

/** `paths` by name. Returns what is wrong. */
export async function checkEveryPage(browser, base, paths) {
  const faults = [];
  for (const [kind, settings] of Object.entries(readers)) {
    const { context, seen, page } = await reader(browser, new URL(base).origin, settings);
    for (const [name, path] of Object.entries(paths))
      faults.push(...await faultsOf(page, `${kind}-${name}`, path, base,
        settings.javaScriptEnabled !== false));
    faults.push(...seen.faults.map((fault) => `${kind}: ${fault}`));
    await context.close();
  }
  return faults;
}
