// Keeps a page's living part current, and opens confirmations as dialogs. Without script every page still works by reloading.
'use strict';

// Makes `now` like `next` with the fewest changes, so that focus, open details and moving bars survive.
function morph(now, next) {
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !(name === 'open' && now.localName === 'details')) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  morphChildren(now, next);
}

function morphChildren(now, next) {
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const named = wanted.id ? [...now.children].find((child) => child.id === wanted.id) : null;
    if (named && named !== at) now.insertBefore(named, at);
    const match = named || (at && alike(at, wanted) ? at : null);
    if (!match) {
      now.insertBefore(wanted, at);
      continue;
    }
    at = match.nextSibling;
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
    else if (match.nodeValue !== wanted.nodeValue) match.nodeValue = wanted.nodeValue;
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
}

const live = document.querySelector('[data-live]');
if (live) {
  const lost = document.getElementById('link');
  const stream = new EventSource(live.dataset.live);
  stream.onopen = () => { lost.hidden = true; };
  stream.onmessage = ({ data }) => {
    lost.hidden = true;
    const next = document.createElement('template');
    next.innerHTML = data;
    morphChildren(live, next.content);
  };
  // A refused stream (session over, server restarted without it) is not tried again by the browser: then the page is.
  stream.onerror = () => {
    lost.hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  };
  addEventListener('pagehide', () => stream.close());
}

const dialog = document.getElementById('dialog');

async function ask(url) {
  const answer = await fetch(url, { headers: { 'X-Sluice-Dialog': '1' } });
  if (!answer.ok || answer.redirected) return location.assign(url);
  dialog.innerHTML = await answer.text();
  dialog.showModal();
}

document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-dialog]')) return;
  event.preventDefault();
  const url = event.target.action;
  ask(url).catch(() => location.assign(url));
});

if (dialog) {
  dialog.addEventListener('click', (event) => {
    if (event.target !== dialog && !event.target.closest('[data-close]')) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('close', () => dialog.replaceChildren());
}
