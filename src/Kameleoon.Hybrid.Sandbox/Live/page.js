// The live page. Everything shown was posted by somebody, so text goes in as text and never as markup.

const whole = new Intl.NumberFormat('en');
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const $ = id => document.getElementById(id);

/** An element with classes, data and children; strings among the children become text. */
function h(tag, { className, data, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if (className) { element.className = className; }
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Writes a text only when it differs, so that a selection in it survives. */
function write(element, text) {
  if (element.textContent !== text) { element.textContent = text; }
}

function show(element, visible) {
  if (element.hidden === visible) { element.hidden = !visible; }
}

// The data file

function renderDataFile(file) {
  const name = file.name.split(/[\\/]/).pop();
  const saved = file.lastModified ? `, saved ${new Date(file.lastModified).toLocaleTimeString()}` : '';
  write($('file'), file.state === 'ready' ? `${name}${saved}` : name);
  $('file').title = file.name;

  const titles = {
    missing: 'The data file is missing, so clients get a 404.',
    unreadable: 'The data file cannot be read, so clients get a 503.',
    broken: 'The data file is broken. Clients receive it as it stands and must keep their last good one.',
  };
  const title = titles[file.state];
  const text = title ? `${title} ${file.problem}` : '';
  const banner = $('banner');
  show(banner, Boolean(title));
  if (banner.dataset.text !== text) {
    banner.dataset.text = text;
    banner.replaceChildren(...(title ? [h('strong', {}, title), file.problem] : []));
  }

  const warnings = $('warnings');
  show(warnings, file.warnings.length > 0);
  write(warnings, file.warnings.join(' '));
}

// Totals

function renderTotals(totals) {
  write($('visitors'), whole.format(totals.visitors));
  write($('exposures'), whole.format(totals.exposures));
  write($('conversions'), whole.format(totals.conversions));
  write($('revenue'), money.format(totals.revenue));
  show($('violations'), totals.violations > 0);
  write($('violations'), `${whole.format(totals.violations)} with a problem, explained beside the event`);
}

// Feature flags: cards are built once and then updated, so that the bars can move

const cards = new Map();

function createCard(experiment) {
  const rows = experiment.variations.map(variation => {
    const cells = ['visitors', 'share', 'engine', 'server'].map(() => h('td', { className: 'number' }));
    const bars = ['engine', 'both', 'server'].map(sender => h('span', { data: { sender } }));
    const bar = h('td', { colSpan: 5 }, h('div', { className: 'track' }, ...bars));
    return {
      cells,
      bars,
      elements: [
        h('tr', {}, h('th', { scope: 'row' }, variation.key ?? `Variation ${variation.id}`), ...cells),
        h('tr', { className: 'bar', ariaHidden: 'true' }, bar),
      ],
    };
  });
  const title = experiment.flag ?? 'Unknown flag';
  const summary = h('p');
  const head = (text, className, sender) => h('th', { scope: 'col', className, data: sender ? { sender } : {} }, text);
  const element = h('article', { className: 'card flag', ariaLabel: title },
    h('div', { className: 'flag-head' }, h('h3', {}, title), summary),
    h('table', {},
      h('thead', {}, h('tr', {},
        head('Variation', ''), head('Visitors', 'number'), head('Share', 'number'),
        head('Engine', 'number dot', 'engine'), head('Server', 'number dot', 'server'))),
      h('tbody', {}, ...rows.flatMap(row => row.elements))));
  return { element, rows, summary };
}

function updateCard(card, experiment) {
  const visitors = experiment.visitors === 1 ? '1 visitor' : `${whole.format(experiment.visitors)} visitors`;
  write(card.summary, `experiment ${experiment.id}, ${visitors}`);
  experiment.variations.forEach((variation, index) => {
    const { cells, bars } = card.rows[index];
    const of = number => (experiment.visitors > 0 ? number / experiment.visitors : 0);
    write(cells[0], whole.format(variation.visitors));
    write(cells[1], experiment.visitors > 0 ? percent.format(of(variation.visitors)) : '–');
    write(cells[2], whole.format(variation.engine.visitors));
    write(cells[3], whole.format(variation.server.visitors));
    cells[2].title = `${whole.format(variation.engine.exposures)} exposures`;
    cells[3].title = `${whole.format(variation.server.exposures)} exposures`;
    const alone = [variation.engine.visitors - variation.both, variation.both, variation.server.visitors - variation.both];
    alone.forEach((number, i) => { bars[i].style.width = `${of(number) * 100}%`; });
  });
}

function renderFlags(experiments) {
  const shape = experiment => JSON.stringify([experiment.flag, experiment.variations.map(v => [v.id, v.key])]);
  const wanted = experiments.map(experiment => {
    let card = cards.get(experiment.id);
    if (card?.shape !== shape(experiment)) {
      card = { ...createCard(experiment), shape: shape(experiment) };
      cards.set(experiment.id, card);
    }
    updateCard(card, experiment);
    return card.element;
  });
  const place = $('flags');
  if (wanted.length !== place.children.length || wanted.some((element, i) => place.children[i] !== element)) {
    place.replaceChildren(...wanted);
  }
  show($('no-flags'), experiments.length === 0);
}

// Explain

/** Puts options in place only when they differ, so that what is chosen stays chosen. */
function offer(element, values) {
  const offered = Array.from(element.children, option => option.value);
  if (offered.length !== values.length || offered.some((value, i) => value !== values[i])) {
    const chosen = element.value;
    element.replaceChildren(...values.map(value => h('option', { value, label: value })));
    if (values.includes(chosen)) { element.value = chosen; }
  }
}

function renderExplain({ dataFile, events }) {
  // A file that is broken for the moment must not unmake the choice.
  if (dataFile.state === 'ready') { offer($('explain-flag'), dataFile.flags); }
  offer($('explain-visitors'), [...new Set(events.map(event => event.visitorCode).filter(Boolean))]);
}

let asked = 0;

async function explain(form) {
  const mine = ++asked;
  const place = $('explanation');
  let text;
  let ok = false;
  try {
    const response = await fetch(`live/explain?${new URLSearchParams(new FormData(form))}`);
    text = await response.text();
    ok = response.ok;
  } catch {
    text = 'The sandbox does not answer.';
  }
  if (mine === asked) {
    write(place, text || 'The sandbox gave no answer.');
    place.dataset.level = ok ? 'answer' : 'problem';
    show(place, true);
    show($('explain-hint'), false);
  }
}

// Conversions

function renderGoals(goals) {
  const takenBack = goals.some(goal => goal.cancelled > 0);
  show($('goals'), goals.length > 0);
  show($('taken-back'), takenBack);
  show($('no-goals'), goals.length === 0);
  $('goal-rows').replaceChildren(...goals.map(goal => h('tr', {},
    h('th', { scope: 'row' }, `Goal ${goal.goalId}`),
    h('td', { className: 'number' }, whole.format(goal.conversions)),
    ...(takenBack ? [h('td', { className: 'number' }, whole.format(goal.cancelled))] : []),
    h('td', { className: 'number' }, money.format(goal.revenue)))));
}

// Events

let newest = 0;

function describe(event) {
  const { fields } = event;
  switch (event.type) {
    case 'experiment':
      return event.flag
        ? `${event.flag} → ${event.variation ?? `variation ${fields.variationId}`}`
        : `experiment ${fields.id ?? '?'} → variation ${fields.variationId ?? '?'}`;
    case 'conversion':
      return `goal ${fields.goalId ?? '?'}`
        + (Number(fields.revenue) ? `, ${money.format(Number(fields.revenue))}` : '')
        + (fields.negative === 'true' ? ', taken back' : '');
    case 'page': return fields.title ? `${fields.title}, ${fields.href ?? ''}` : fields.href ?? '';
    case 'customData': return `index ${fields.index ?? '?'}: ${fields.valuesCountMap ?? ''}`;
    case 'targetingSegment': return `segment ${fields.id ?? '?'}`;
    default: return Object.entries(fields).map(([name, value]) => `${name} ${value}`).join(', ');
  }
}

function createEvent(event, fresh) {
  const time = new Date(event.time);
  const fields = Object.entries(event.fields).flatMap(([name, value]) => [h('dt', {}, name), h('dd', { className: 'mono' }, value)]);
  const summary = h('summary', {},
    h('time', { dateTime: event.time, title: time.toLocaleString() }, time.toLocaleTimeString('en-GB')),
    h('span', { className: 'badge', data: { sender: event.sender } }, event.sender),
    h('span', { className: 'type' }, event.type),
    h('span', { className: 'what' }, describe(event)),
    h('span', { className: 'visitor mono', title: 'Visitor code' }, event.visitorCode ?? 'no visitor'));
  if (event.violations.length > 0) {
    summary.append(h('span', { className: 'wrong' },
      `${event.counted ? 'Counted, but: ' : 'Not counted: '}${event.violations.join(' ')}`));
  }
  return h('li', { className: fresh ? 'new' : '' },
    h('details', {}, summary, h('dl', { className: 'fields' }, ...(fields.length > 0 ? fields : [h('dt', {}, 'no fields')]))));
}

function renderEvents(events) {
  const list = $('events');
  const last = events[0]?.number ?? 0;
  if (last < newest) {
    list.replaceChildren();
    newest = 0;
  }
  const first = newest === 0;
  list.prepend(...events.filter(event => event.number > newest).map(event => createEvent(event, !first)));
  while (list.children.length > events.length) { list.lastElementChild.remove(); }
  newest = last;
  show(list, events.length > 0);
  show($('no-events'), events.length === 0);
}

function render(snapshot) {
  renderDataFile(snapshot.dataFile);
  renderTotals(snapshot.totals);
  renderFlags(snapshot.experiments);
  renderExplain(snapshot);
  renderGoals(snapshot.goals);
  renderEvents(snapshot.events);
  show($('empty'), snapshot.events.length === 0);
}

// The connection: EventSource retries what breaks, but not what was refused, and never what merely fell silent

const silenceMs = 30000;
const retryMs = 2000;
let watchdog;

function status(state, text) {
  $('connection').dataset.state = state;
  write($('connection'), text);
}

function connect() {
  const source = new EventSource('live/stream');
  const again = () => {
    source.close();
    clearTimeout(watchdog);
    setTimeout(connect, retryMs);
  };
  const heard = () => {
    status('live', 'Live');
    clearTimeout(watchdog);
    watchdog = setTimeout(again, silenceMs);
  };
  source.addEventListener('open', () => {
    // A sandbox that was restarted numbers its events anew.
    newest = 0;
    $('events').replaceChildren();
    heard();
  });
  source.addEventListener('alive', heard);
  source.addEventListener('state', message => {
    heard();
    render(JSON.parse(message.data));
  });
  source.addEventListener('error', () => {
    status('lost', 'Reconnecting');
    if (source.readyState === EventSource.CLOSED) { again(); }
  });
}

$('snippet').textContent = `<script async src="${new URL('engine.js', location.href)}?siteCode=my-site"></script>`;
$('reset').addEventListener('click', async () => {
  if (confirm('Forget all visitors, exposures, conversions and events?')) {
    await fetch('live/reset', { method: 'POST', headers: { 'X-Kameleoon-Sandbox': '1' } });
  }
});
$('explain').addEventListener('submit', event => {
  event.preventDefault();
  explain(event.target);
});
connect();
