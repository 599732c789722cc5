// What the keys do, and what is suggested while somebody types.
import assert from 'node:assert/strict';
import { reader } from './browser.mjs';

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute('href'));
const addresses = (page) => page.locator('.hits .title a').evaluateAll((links) =>
  links.map((link) => link.getAttribute('href')));

async function checkList(page, base) {
  await page.goto(base);
  const links = await addresses(page);
  assert.ok(links.length > 2, 'there is something to step through');
  await page.keyboard.press('j');
  assert.equal(await focused(page), links[0], 'j steps onto the first article');
  await page.keyboard.press('j');
  assert.equal(await focused(page), links[1]);
  await page.keyboard.press('k');
  assert.equal(await focused(page), links[0], 'k steps back');

  const first = page.locator('.hits > li').first();
  await page.keyboard.press('s');
  await first.and(page.locator('[data-starred]')).waitFor();
  await page.goto(new URL('/starred', base).href);
  assert.ok((await addresses(page)).includes(links[0]), 's stars');
  await page.goto(base);
  await page.keyboard.press('j');
  await page.keyboard.press('s');
  await page.locator('.hits > li:not([data-starred])').first().waitFor();
  const before = await first.getAttribute('data-read');
  await page.keyboard.press('m');
  await page.waitForFunction((was) =>
    ('read' in document.querySelector('.hits > li').dataset) !== was, before !== null);

  await page.keyboard.press('o');
  await page.waitForURL(`**${links[0]}`);
}

async function checkArticle(page, base) {
  const here = page.url();
  await page.keyboard.press('j');
  await page.waitForFunction((was) => location.href !== was, here);
  assert.match(page.url(), /\/article\//, 'j goes on to the next article');
  await page.keyboard.press('k');
  await page.waitForURL(here);
  await page.keyboard.press('m');
  await page.waitForURL(base);
  const marked = page.locator(`.hits > li[data-read] a[href="${new URL(here).pathname}"]`);
  assert.equal(await marked.count(), 0, 'm leaves the article unread');
}

async function checkHelpAndSearch(page, base) {
  await page.goto(base);
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog#keys').isVisible(), '? shows the help');
  await page.keyboard.press('Escape');
  assert.ok(!await page.locator('dialog#keys').isVisible(), 'Esc closes it');
  const title = await page.locator('.hits .title a').first().textContent();
  const word = (title.match(/[\p{L}\p{M}]+/gu) ?? []).sort((a, b) => b.length - a.length)[0];
  await page.keyboard.press('/');
  const field = page.locator('header input[name=q]');
  assert.ok(await field.evaluate((node) => node === document.activeElement), '/ goes to the search');
  await page.keyboard.type(word.slice(0, -1));
  const options = page.locator('#suggestions [role=option]');
  await options.first().waitFor();
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  assert.equal(await options.first().getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/article\//);
}

async function checkLeaving(page, base) {
  await page.goto(base);
  for (let times = 0; times < 3; ++times) await page.keyboard.press('Escape');
  await page.waitForURL(/\/kitchen$/);
  const shown = await page.content();
  assert.ok(!/colport|article/i.test(shown), 'it tells nothing');
}

export async function checkKeyboard(browser, base) {
  const { context, seen, page } = await reader(browser, new URL(base).origin);
  await checkList(page, base);
  await checkArticle(page, base);
  await checkHelpAndSearch(page, base);
  await checkLeaving(page, base);
  await context.close();
  return seen.faults;
}
