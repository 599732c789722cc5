// Reads like a reader, in Chromium: node reading_page.mjs BASE_URL
//
// The page must list an article with a picture and one in Persian. Fails when
// anything is not where a reader looks for it, when any request leaves the
// given origin, and on any console error or breach of the content policy.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const base = process.argv[2];
if (!base) {
  console.error('usage: node reading_page.mjs BASE_URL');
  process.exit(2);
}
const origin = new URL(base).origin;
const patience = 10_000;

// The browser's own errands must not blur what the page does.
const browserOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};

/** Everything that must not happen while the page is used. */
async function watch(context) {
  const seen = { requests: [], faults: [] };
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
    if (response.status() >= 400) seen.faults.push(`${response.status()} for ${response.url()}`);
    if (!response.headers()['content-security-policy'])
      seen.faults.push(`no content policy on ${response.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') seen.faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => seen.faults.push(`script: ${error.error()}`));
  await context.exposeFunction('reportViolation', (what) => seen.faults.push(`policy: ${what}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return seen;
}

async function listedArticles(page) {
  return page.locator('.hits > li').evaluateAll((items) => items.map((item) => ({
    language: item.lang,
    title: item.querySelector('h3 a').textContent,
    address: item.querySelector('h3 a').getAttribute('href'),
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
  await item.locator('h3 a').click();
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
  assert.match(await page.locator('.total').textContent(), /^\d+ /);
  const found = await listedArticles(page);
  assert.ok(found.some(({ address }) => address === article.address), 'the article is found');

  await page.goto(new URL('/search?q=' + encodeURIComponent('<img src=x> "\'&zzqx'), base).href);
  assert.equal(await page.locator('header input[name=q]').inputValue(), '<img src=x> "\'&zzqx');
  assert.equal(await page.locator('main img').count(), 0, 'what was typed stays text');
}

async function checkFeeds(page) {
  await page.goto(base);
  await page.locator('header nav a', { hasText: 'Feeds' }).click();
  assert.ok(await page.locator('.feed').count() > 0, 'feeds are listed');
  for (const feed of await page.locator('.feed').all()) {
    const key = (await feed.locator('.key').textContent()).replaceAll(' ', '');
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.ok((await feed.locator('.state').textContent()).length > 0, 'its state is told');
    for (const link of await feed.locator('input').all())
      assert.ok(await link.evaluate((field) => field.readOnly), 'the link is only for reading');
  }
}

async function checkSmallScreen(page) {
  await page.setViewportSize({ width: 360, height: 640 });
  for (const path of ['/', '/feeds', '/search?sort=date']) {
    await page.goto(new URL(path, base).href);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${path} needs no scrolling sideways, but is ${width} wide`);
  }
}

const browser = await chromium.launch(browserOptions);
const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
context.setDefaultTimeout(patience);
const seen = await watch(context);
try {
  const page = await context.newPage();
  const articles = await checkFrontPage(page);
  const article = await openArticleWithPicture(page, articles);
  await checkArticle(page, article);
  await checkRightToLeft(page, articles);
  await checkSearch(page, article);
  await checkFeeds(page);
  await checkSmallScreen(page);
  assert.equal(seen.faults.length, 0, 'nothing happens that must not');
  console.log(`reading page: all well, ${seen.requests.length} requests, none left ${origin}`);
} catch (error) {
  console.error(`reading page: ${error.message}`);
  for (const fault of new Set(seen.faults)) console.error(`  ${fault}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
