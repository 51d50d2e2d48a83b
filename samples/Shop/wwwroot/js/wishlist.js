// A goal counted by the browser: the engine takes it from the queue, now or as soon as it has loaded.
const storageKey = 'wishlist';

const readList = () => {
  try {
    const list = JSON.parse(localStorage.getItem(storageKey));
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // storage refused or damaged: the heart still works for this page
  }
};

const writeList = (list) => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(list));
  } catch {
    // nothing to keep it in
  }
};

const show = (button, saved) => button.setAttribute('aria-pressed', String(saved));

const toggle = (button) => {
  const slug = button.dataset.wishlist;
  const saved = button.getAttribute('aria-pressed') !== 'true';
  const others = readList().filter((entry) => entry !== slug);
  writeList(saved ? [...others, slug] : others);
  show(button, saved);
  if (saved) {
    window.kameleoonQueue = window.kameleoonQueue || [];
    window.kameleoonQueue.push(['Goals.processConversion', Number(button.dataset.goal)]);
  }
};

for (const button of document.querySelectorAll('[data-wishlist]')) {
  show(button, readList().includes(button.dataset.wishlist));
  button.addEventListener('click', () => toggle(button));
  button.hidden = false;
}
