// Everything that forms do, for a reader whose browser runs no scripts.
import assert from 'node:assert/strict';
import { reader } from './browser.mjs';

async function checkStar(page, base, article) {
  await page.goto(new URL(article, base).href);
  await page.locator('form[action="/do/star"] button').click();
  assert.equal(await page.locator('form[action="/do/unstar"]').count(), 1, 'it is starred');
  await page.goto(new URL('/starred', base).href);
  assert.equal(await page.locator(`.hits a[href="${article}"]`).count(), 1);
  await page.goto(new URL(article, base).href);
  await page.locator('form[action="/do/unstar"] button').click();
  await page.goto(new URL(article, base).href);
  await page.locator('form[action="/do/unread"] button').click();
  assert.equal(await page.locator(`.hits > li[data-read] a[href="${article}"]`).count(), 0);
}

async function checkSettings(page, base) {
  await page.goto(new URL('/settings', base).href);
  await page.locator('input[name=size][value=large]').check();
  await page.locator('input[name=colours][value=dark]').check();
  await page.locator('select[name=language]').selectOption('tr');
  await page.locator('form.settings button').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'tr');
  assert.match(await page.locator('html').getAttribute('class'), /large.*dark/);
  await page.locator('input[name=size][value=normal]').check();
  await page.locator('input[name=colours][value=auto]').check();
  await page.locator('select[name=language]').selectOption('');
  await page.locator('form.settings button').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
}

async function checkSearches(page, base) {
  await page.goto(new URL('/search?q=harbour', base).href);
  await page.locator('form[action="/do/save-search"] button').click();
  await page.goto(new URL('/search', base).href);
  await page.locator('main a[href="/search?q=harbour"]').click();
  await page.locator('form[action="/do/forget-search"] button').click();
  assert.equal(await page.locator('main a[href="/search?q=harbour"]').count(), 0);
}

async function checkFollowing(page, seen, base, feed) {
  await page.goto(new URL(feed, base).href);
  const link = await page.locator('.link-field input').inputValue();
  await page.goto(new URL('/follow', base).href);
  await page.locator('textarea[name=link]').fill(link);
  await page.locator('form[action="/do/look-at"] button').click();
  const key = (await page.locator('main .key').textContent()).replaceAll(' ', '');
  assert.ok(feed.endsWith(key), 'the key is shown before anything is followed');
  await page.goto(new URL('/follow', base).href);
  await page.locator('input[type=file]').setInputFiles({ name: 'link.txt', mimeType: 'text/plain',
    buffer: Buffer.from(`${link}\n`) });
  await page.locator('form[action="/do/look-at"] button').click();
  assert.equal((await page.locator('main .key').textContent()).replaceAll(' ', ''), key);
  seen.expected.add(400);
  await page.goto(new URL('/follow', base).href);
  await page.locator('textarea[name=link]').fill('<script>alert(1)</script>');
  await page.locator('form[action="/do/look-at"] button').click();
  assert.ok(await page.locator('.detail').count() > 0, 'what is no link is refused in words');
}

async function checkPause(page, base) {
  await page.goto(new URL('/feeds', base).href);
  await page.locator('form[action="/do/pause"] button').click();
  await page.locator('form[action="/do/resume"] button').click();
  assert.equal(await page.locator('form[action="/do/pause"]').count(), 1, 'it is back as it was');
}

export async function checkWithoutScripts(browser, base, { article, feed }) {
  const { context, seen, page } = await reader(browser, new URL(base).origin,
    { javaScriptEnabled: false });
  await checkStar(page, base, article);
  await checkSettings(page, base);
  await checkSearches(page, base);
  await checkFollowing(page, seen, base, feed);
  await checkPause(page, base);
  await page.goto(base);
  await page.locator('form[action="/do/leave"] button').click();
  await page.waitForURL(/\/kitchen$/);
  await context.close();
  return seen.faults;
}
