// What the page does besides, where scripts run. Everything works without it.
'use strict';

(() => {
  const root = document.body;

  /** Sends what a form of the page would send. */
  function act(name, fields) {
    return fetch(`/do/${name}`, {
      method: 'POST',
      body: new URLSearchParams({ token: root.dataset.token, ...fields }),
      redirect: 'manual',
      credentials: 'same-origin',
      // The page may be left before it has gone out.
      keepalive: true,
    });
  }

  async function leave() {
    document.documentElement.hidden = true;
    const harmless = '/kitchen';
    // She leaves at once; what is to be forgotten goes on meanwhile.
    act('leave', {}).catch(() => {}).finally(() => location.replace(harmless));
    setTimeout(() => location.replace(harmless), 1000);
  }

  // The article that keys act on: the one that is read, or the one in a list that
  // is stepped on.
  const items = [...document.querySelectorAll('.hits > li')];
  const shown = document.querySelector('article[data-article]');
  const linkOf = (item) => item.querySelector('.title a');
  const current = () => items.findIndex((item) => item.contains(document.activeElement));

  function step(by) {
    if (items.length === 0) {
      document.querySelector(by > 0 ? '.neighbours a[rel=next]' : '.neighbours a[rel=prev]')?.click();
      return;
    }
    const at = current();
    const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    if (next >= items.length) document.querySelector('.paging a[rel=next]')?.focus();
    else if (next >= 0) {
      linkOf(items[next]).focus({ preventScroll: true });
      items[next].scrollIntoView({ block: 'nearest' });
    }
  }

  const target = () => shown ?? items[current()];

  async function toggle(mark, on, off) {
    const item = target();
    if (!item) return;
    const marked = mark in item.dataset;
    const { feed } = item.dataset;
    const article = item.dataset.article ?? linkOf(item).getAttribute('href').split('/')[2];
    const answer = await act(marked ? off : on, { article, feed, back: '/' });
    if (!answer.ok && answer.type !== 'opaqueredirect') return;
    if (item === shown) {
      // An article is marked as read when it is shown.
      if (mark === 'read') location.assign('/');
      else location.reload();
    } else if (marked) delete item.dataset[mark];
    else item.dataset[mark] = '';
  }

  if (shown) shown.dataset.read = '';

  const field = document.querySelector('header input[name=q]');
  const help = document.getElementById('keys');
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => { const at = current(); if (at >= 0) linkOf(items[at]).click(); },
    s: () => toggle('starred', 'star', 'unstar'),
    m: () => toggle('read', 'read', 'unread'),
    '/': () => { field.focus(); field.select(); },
    '?': () => (help.open ? help.close() : help.showModal()),
  };
  // What another keyboard has in the place of a Latin letter.
  const places = { KeyJ: 'j', KeyK: 'k', KeyO: 'o', KeyS: 's', KeyM: 'm' };

  let escapes = [];
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      escapes = [...escapes, event.timeStamp].filter((time) => event.timeStamp - time < 1500);
      if (escapes.length >= 3) leave();
      return;
    }
    escapes = [];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest('input, select, textarea')) return;
    if (help.open && event.key !== '?') return;
    const latin = /^[a-z/?]$/.test(event.key);
    const action = keys[event.key] ?? (latin ? undefined : keys[places[event.code]]);
    if (!action) return;
    event.preventDefault();
    action();
  });
  document.querySelector('form[action="/do/leave"]')?.addEventListener('submit', (event) => {
    event.preventDefault();
    leave();
  });

  // A file that is dropped anywhere counts as chosen.
  const file = document.querySelector('input[type=file]');
  if (file) {
    document.addEventListener('dragover', (event) => {
      if (event.dataTransfer.types.includes('Files')) event.preventDefault();
    });
    document.addEventListener('drop', (event) => {
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      file.files = event.dataTransfer.files;
      file.form.requestSubmit();
    });
  }

  // A copy is under way.
  if (document.querySelector('progress')) setTimeout(() => location.reload(), 1000);

  // Titles while somebody types.
  const form = field.form;
  const list = document.createElement('ul');
  list.id = 'suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', field.dataset.suggestions);
  list.hidden = true;
  form.append(list);
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  field.setAttribute('aria-expanded', 'false');
  const client = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16)).join('');
  let asked = null;
  let chosen = -1;

  function show(hits) {
    chosen = -1;
    list.replaceChildren(...hits.slice(0, 8).map((hit, index) => {
      const item = document.createElement('li');
      item.id = `suggestion-${index}`;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      if (hit.language) item.lang = hit.language;
      item.dir = 'auto';
      item.dataset.address = hit.address;
      item.textContent = hit.title;
      if (hit.withdrawn_key?.doubtful) {
        const doubt = document.createElement('span');
        doubt.className = 'doubtful';
        doubt.textContent = field.dataset.doubtful;
        item.append(' ', doubt);
      }
      item.addEventListener('mousedown', (event) => {
        event.preventDefault();
        location.assign(item.dataset.address);
      });
      return item;
    }));
    list.hidden = hits.length === 0;
    field.setAttribute('aria-expanded', String(!list.hidden));
    field.removeAttribute('aria-activedescendant');
  }

  function choose(index) {
    const options = [...list.children];
    options.forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
    chosen = index;
    if (index < 0) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', options[index].id);
  }

  async function suggest() {
    asked?.abort();
    const typed = field.value.trim();
    if (typed.length < 2) return show([]);
    const mine = new AbortController();
    asked = mine;
    try {
      const query = new URLSearchParams({ q: typed, client });
      const answer = await fetch(`/api/v1/complete?${query}`, { signal: mine.signal });
      const found = await answer.json();
      if (asked === mine && document.activeElement === field) show(found.hits ?? []);
    } catch {
      // The next letter asks again.
    }
    return undefined;
  }

  field.addEventListener('input', suggest);
  field.addEventListener('blur', () => { asked?.abort(); show([]); });
  field.addEventListener('keydown', (event) => {
    const count = list.children.length;
    if (event.key === 'Escape' && !list.hidden) show([]);
    else if (list.hidden) return;
    else if (event.key === 'ArrowDown') choose((chosen + 2) % (count + 1) - 1);
    else if (event.key === 'ArrowUp') choose((chosen + count + 1) % (count + 1) - 1);
    else if (event.key === 'Enter' && chosen >= 0) location.assign(list.children[chosen].dataset.address);
    else return;
    event.preventDefault();
  });
})();
