// Reads like a reader, in Chromium: node reading_page.mjs BASE_URL
//
// The page must list an article with a picture and one in Persian. Fails when
// anything is not where a reader looks for it, when any request leaves the
// given origin, and on any console error or breach of the content policy.
import assert from 'node:assert/strict';
import { launch, reader } from './browser.mjs';
import { checkEveryPage } from './every_page.mjs';
import { checkKeyboard } from './keyboard.mjs';
import { checkWithoutScripts } from './without_scripts.mjs';

const base = process.argv[2];
if (!base) {
  console.error('usage: node reading_page.mjs BASE_URL');
  process.exit(2);
}
const origin = new URL(base).origin;

async function listedArticles(page) {
  return page.locator('.hits > li').evaluateAll((items) => items.map((item) => ({
    language: item.lang,
    title: item.querySelector('.title a').textContent,
    address: item.querySelector('.title a').getAttribute('href'),
  })));
}

async function checkFrontPage(page) {
  await page.goto(base);
  assert.match(await page.title(), /Colport/);
  assert.ok(await page.locator('h2.day').count() > 0, 'articles stand under their day');
  const articles = await listedArticles(page);
  assert.ok(articles.length > 0, 'the front page lists articles');
  for (const { address } of articles) assert.match(address, /^\/article\/[0-9a-f]{32}$/);
  return articles;
}

/** Opens articles from the front page until one shows a picture. */
async function openArticleWithPicture(page, articles) {
  for (const article of articles) {
    await page.goto(base);
    await page.locator(`.hits a[href="${article.address}"]`).click();
    if (await page.locator('article figure img').count() > 0) return article;
  }
  return assert.fail('no listed article shows a picture');
}

async function checkArticle(page, article) {
  assert.equal(await page.locator('article h1').textContent(), article.title);
  assert.ok((await page.locator('article .body').innerText()).trim().length > 0, 'it has text');
  const picture = page.locator('article figure img').first();
  await picture.scrollIntoViewIfNeeded();
  assert.ok(await picture.evaluate(async (image) => (await image.decode(), image.naturalWidth)) > 0,
    'the picture is drawn');
  assert.equal(await page.locator('a[href^="http"], a[href^="//"]').count(), 0,
    'nothing leads out of the archive');
}

async function checkRightToLeft(page, articles) {
  const persian = articles.find(({ language }) => language.startsWith('fa'));
  assert.ok(persian, 'the front page lists a Persian article');
  const item = page.locator(`.hits > li:has(a[href="${persian.address}"])`);
  await page.goto(base);
  assert.equal(await item.getAttribute('dir'), 'rtl');
  await item.locator('.title a').click();
  const article = page.locator('article');
  assert.equal(await article.getAttribute('lang'), persian.language);
  assert.equal(await article.getAttribute('dir'), 'rtl');
  assert.equal(await article.evaluate((node) => getComputedStyle(node).direction), 'rtl');
  assert.equal(await article.locator('h1').textContent(), persian.title);
  const edges = await article.locator('h1').evaluate((heading) => {
    const range = document.createRange();
    range.selectNodeContents(heading);
    return [range.getBoundingClientRect().right, heading.getBoundingClientRect().right];
  });
  assert.ok(Math.abs(edges[0] - edges[1]) < 2, 'its title begins at the right edge');
}

async function checkSearch(page, article) {
  const words = article.title.match(/[\p{L}\p{M}]+/gu) ?? [];
  const word = words.sort((a, b) => b.length - a.length)[0];
  assert.ok(word, 'the title has a word to search for');
  await page.goto(base);
  await page.locator('header input[name=q]').fill(word);
  await page.locator('header input[name=q]').press('Enter');
  await page.waitForURL(/\/search\?/);
  assert.equal(await page.locator('header input[name=q]').inputValue(), word);
  assert.match(await page.locator('.total').first().textContent(), /^\d+ /);
  const found = await listedArticles(page);
  assert.ok(found.some(({ address }) => address === article.address), 'the article is found');

  await page.goto(new URL('/search?q=' + encodeURIComponent('<img src=x> "\'&zzqx'), base).href);
  assert.equal(await page.locator('header input[name=q]').inputValue(), '<img src=x> "\'&zzqx');
  assert.equal(await page.locator('main img').count(), 0, 'what was typed stays text');
}

/** What tries to be markup, script or style stays text. */
async function checkHostile(page, articles) {
  const hostile = articles.find(({ title }) => title.startsWith('<script>'));
  assert.ok(hostile, 'the front page lists an article that is called a script');
  await page.goto(new URL(hostile.address, base).href);
  assert.ok((await page.title()).startsWith('<script>'), 'its title is text');
  assert.equal(await page.locator('article img, article style, article script').count(), 0);
  assert.match(await page.locator('article .body').innerText(), /<img src=x onerror/);
}

/** Returns a feed's own page. */
async function checkFeeds(page) {
  await page.goto(base);
  await page.locator('header nav a[href="/feeds"]').click();
  assert.ok(await page.locator('.feed').count() > 0, 'feeds are listed');
  for (const feed of await page.locator('.feed').all()) {
    const key = (await feed.locator('.key').textContent()).replaceAll(' ', '');
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.ok((await feed.locator('.state').textContent()).length > 0, 'its state is told');
  }
  const address = await page.locator('.feed a[href^="/feed/"]').first().getAttribute('href');
  await page.goto(new URL(address, base).href);
  assert.match(await page.locator('.link-field input').inputValue(), /^magnet:/);
  assert.ok(await page.locator('.qr img').evaluate(async (image) =>
    (await image.decode(), image.naturalWidth)) > 0, 'the QR code is drawn');
  return address;
}

/** A file that is dropped on the page counts as chosen. */
async function checkDrop(page, feed) {
  await page.goto(new URL(feed, base).href);
  const link = await page.locator('.link-field input').inputValue();
  await page.goto(new URL('/follow', base).href);
  const dataTransfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'link.txt', { type: 'text/plain' }));
    return transfer;
  }, link);
  await Promise.all([page.waitForURL('**/do/look-at'),
    page.dispatchEvent('main', 'drop', { dataTransfer })]);
  assert.ok(await page.locator('main .fingerprint').evaluate(async (image) =>
    (await image.decode(), image.naturalWidth)) > 0, 'who the feed is, is shown');
}

const browser = await launch();
const faults = [];
try {
  const { context, seen, page } = await reader(browser, origin);
  const articles = await checkFrontPage(page);
  const article = await openArticleWithPicture(page, articles);
  await checkArticle(page, article);
  await checkRightToLeft(page, articles);
  await checkHostile(page, articles);
  await checkSearch(page, article);
  const feed = await checkFeeds(page);
  await checkDrop(page, feed);
  faults.push(...seen.faults);
  await context.close();
  const other = (language) => articles.find((one) => one.language.startsWith(language)).address;
  faults.push(...await checkEveryPage(browser, base, {
    front: '/', article: article.address, 'persian-article': other('fa'),
    'chinese-article': other('zh'), search: '/search?q=harbour', 'search-empty': '/search?q=zqxj',
    'search-start': '/search', feeds: '/feeds', feed, follow: '/follow', settings: '/settings',
    starred: '/starred', history: '/history', sections: '/sections', tags: '/tags',
    authors: '/authors', keys: '/keys',
    leave: '/kitchen' }));
  faults.push(...await checkKeyboard(browser, base));
  faults.push(...await checkWithoutScripts(browser, base, { article: article.address, feed }));
  assert.deepEqual(faults, [], 'nothing happens that must not');
  console.log(`reading page: all well, and no request left ${origin}`);
} catch (error) {
  console.error(`reading page: ${error.stack}`);
  for (const fault of new Set(faults)) console.error(`  ${fault}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
