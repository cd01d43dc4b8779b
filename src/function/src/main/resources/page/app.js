// Puts the page together: the desk, the session with the service, and what people see and touch.

import { getModels, onToken } from './api.js';
import { Desk } from './desk.js';
import { ofDrop, ofInput, save } from './files.js';
import { listen, newBox } from './keys.js';
import { showLabels } from './labellist.js';
import { bindBox, bindSettings, byId, downloadName, dragWindow, fillForms, fillModels } from './panel.js';
import { Pointer } from './pointer.js';
import { Session, describe } from './session.js';
import { Viewer } from './viewer.js';

const SAY_AFTER = 250; // milliseconds, so that a held key is read out once
const BUSY_AFTER = 150; // what is faster needs no sign that it goes on
const WINDOW_AFTER = 80;

const desk = new Desk();
const canvas = byId('canvas');
const viewer = new Viewer(canvas, desk, (slice, failed) => {
  byId('coming').hidden = slice === null;
  if (slice === null) return;
  byId('coming').textContent = `${desk.isVolume ? `Slice ${slice}` : 'The image'} ${failed ? 'did not come' : 'is on its way'}`;
});
const session = new Session(desk, { slices: (slices, keepLast) => viewer.show(slices, keepLast), busy, say, fail });

// -- opening

async function open(files) {
  if (files.length === 0) {
    fail('Nothing in it can be opened: what was chosen is empty, or no file.');
    return;
  }
  if (!desk.labels.isSaved && !(await mayDiscard())) return;
  clearError();
  session.open(files);
}

/** Asks before labels go that were not downloaded. */
function mayDiscard() {
  const dialog = byId('ask-discard');
  byId('discard-count').textContent = desk.labels.all.length === 1 ? 'One label' : `${desk.labels.all.length} labels`;
  dialog.returnValue = '';
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'discard'), { once: true });
    if (!dialog.open) dialog.showModal();
  });
}
byId('discard-cancel').addEventListener('click', () => byId('ask-discard').close(''));
addEventListener('beforeunload', (event) => {
  if (!desk.labels.isSaved) event.preventDefault(); // the browser asks in its own words
});

for (const id of ['open', 'choose']) byId(id).addEventListener('click', () => byId('files').click());
for (const id of ['open-folder', 'choose-folder']) byId(id).addEventListener('click', () => byId('folder').click());
for (const id of ['files', 'folder']) byId(id).addEventListener('change', () => open(ofInput(byId(id))));

addEventListener('dragover', (event) => {
  event.preventDefault();
  byId('dropping').hidden = false;
});
addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) byId('dropping').hidden = true;
});
addEventListener('drop', async (event) => {
  event.preventDefault();
  byId('dropping').hidden = true;
  open(await ofDrop(event.dataTransfer));
});
addEventListener('pagehide', () => session.leave());
addEventListener('pageshow', (event) => {
  // Back from the browser's cache: the image is gone, as it was said it would be.
  if (event.persisted) location.reload();
});

// -- segmenting

const actions = {
  segment: () => {
    clearError();
    return session.segmentDraft();
  },
  cancel: () => session.cancel(),
  remove,
  say,
  help: () => byId('help').showModal(),
};

let windowTimer = 0;
function changeWindow() {
  clearTimeout(windowTimer);
  windowTimer = setTimeout(() => session.changeWindow(), WINDOW_AFTER);
  if (!desk.isVolume) refreshSoon();
}

let refreshTimer = 0;
function refreshSoon() {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => session.refresh(), 400);
}

new Pointer(canvas, desk, {
  // A picture answers at once. A volume takes seconds, and its slices may want setting first.
  drawn: () => {
    if (!desk.isVolume) actions.segment();
    else say(`Box on slices ${desk.draft.box[2]} to ${desk.draft.box[5]}. Press Enter to segment.`);
  },
  window: (dx, dy) => {
    if (!desk.image?.window) return;
    desk.set('settings', { window: dragWindow(desk, dx, dy) });
    changeWindow();
  },
  hover: (x, y) => {
    const { image } = desk;
    const inside = image && x >= 0 && y >= 0 && x < image.width && y < image.height;
    byId('readout').textContent = inside ? `x ${x}  y ${y}${desk.isVolume ? `  z ${desk.z}` : ''}` : '';
  },
});
listen(canvas, desk, actions);

function remove(id) {
  const label = desk.labels.find(id);
  if (!label) return;
  desk.labels.remove(id);
  canvas.focus({ preventScroll: true });
  say(`${label.name} deleted`);
}

for (const id of ['segment', 'ready-segment']) byId(id).addEventListener('click', actions.segment);
byId('first-here').addEventListener('click', () => desk.setEnd(true));
byId('last-here').addEventListener('click', () => desk.setEnd(false));
byId('new-box').addEventListener('click', () => {
  newBox(desk, actions);
  canvas.focus({ preventScroll: true });
});
byId('cancel').addEventListener('click', () => {
  session.cancel();
  canvas.focus({ preventScroll: true });
});
byId('undo').addEventListener('click', () => desk.labels.undo());
byId('redo').addEventListener('click', () => desk.labels.redo());

// -- view

const view = { 'zoom-in': () => desk.view.zoomAt(1.25), 'zoom-out': () => desk.view.zoomAt(0.8), 'zoom-fit': () => desk.view.fit() };
view['flip-x'] = () => (desk.view.mirrorX = !desk.view.mirrorX);
view['flip-y'] = () => (desk.view.mirrorY = !desk.view.mirrorY);
for (const [id, change] of Object.entries(view)) {
  byId(id).addEventListener('click', () => {
    change();
    desk.changed();
  });
}
byId('tool-box').addEventListener('click', () => desk.use('box'));
byId('tool-pan').addEventListener('click', () => desk.use('pan'));
byId('slice').addEventListener('input', () => desk.showSlice(byId('slice').valueAsNumber));
byId('show-help').addEventListener('click', actions.help);
byId('error-close').addEventListener('click', clearError);

// -- settings and results

bindSettings(desk, {
  settings: () => (desk.isVolume ? sayStale() : refreshSoon()),
  window: changeWindow,
});
bindBox(desk);
showLabels(byId('labels'), desk, remove);

function sayStale() {
  if (desk.stale.length > 0) say('Press Segment to use the new settings for a label; a download uses them for all.');
}

byId('download').addEventListener('click', async () => {
  clearError();
  const form = byId('format').value;
  const { image } = desk;
  const blob = await session.fetch(form);
  if (!blob) return;
  save(blob, downloadName(image, form));
  desk.labels.save();
  say(`Downloaded ${downloadName(image, form)}`);
});

let shown = null;
desk.addEventListener('change', () => {
  const { image, draft, labels } = desk;
  if (image && image !== shown) showImage(image);
  byId('undo').disabled = !labels.canUndo;
  byId('redo').disabled = !labels.canRedo;
  byId('no-labels').hidden = labels.all.length > 0;
  byId('download').disabled = labels.all.length === 0;
  byId('new-box').disabled = !image;
  byId('segment').disabled = !desk.isUnsegmented || working;
  byId('segment').textContent = draft?.label ? 'Update mask' : 'Segment';
  showReady();
  byId('tool-box').setAttribute('aria-pressed', String(desk.tool === 'box'));
  byId('tool-pan').setAttribute('aria-pressed', String(desk.tool === 'pan'));
  byId('flip-x').setAttribute('aria-pressed', String(desk.view.mirrorX));
  byId('flip-y').setAttribute('aria-pressed', String(desk.view.mirrorY));
  for (const [side, letter] of Object.entries(desk.view.edges())) byId(`edge-${side}`).textContent = letter;
  if (image) showSlice(image);
});

function showImage(image) {
  shown = image;
  byId('empty').hidden = true;
  byId('view').hidden = false;
  byId('tools').hidden = false;
  byId('scroll').hidden = image.kind !== 'volume';
  const name = Object.assign(document.createElement('b'), { textContent: image.name });
  byId('what').replaceChildren(name, ` ${describe(image)}`);
  byId('what').title = image.name;
  document.title = `${image.name} · MedficientSAM`;
  byId('slice').max = image.depth - 1;
  byId('readout').textContent = '';
  fillForms(image);
  canvas.focus({ preventScroll: true });
}

function showSlice(image) {
  const text = image.kind === 'volume' ? `${desk.z} / ${image.depth - 1}` : '';
  byId('slice').value = desk.z;
  byId('slice-text').textContent = text;
  canvas.setAttribute('aria-label', text ? `Image ${image.name}, slice ${desk.z} of 0 to ${image.depth - 1}` : `Image ${image.name}`);
  const range = desk.range;
  const bar = byId('slice-range');
  bar.hidden = !range;
  if (!range) return;
  const percent = (z) => `${(100 * z) / image.depth}%`;
  bar.style.left = percent(range[0]);
  bar.style.width = percent(range[1] - range[0] + 1);
}

/** What there is to do with the box in hand, close to it. */
function showReady() {
  const { draft } = desk;
  byId('ready').hidden = !desk.isUnsegmented || working;
  byId('ready-segment').textContent = draft?.label ? 'Update mask' : 'Segment';
  byId('ready-text').textContent = desk.isVolume && draft ? `${draft.box[2]}–${draft.box[5]}` : '';
  for (const id of ['ready-word', 'first-here', 'last-here']) byId(id).hidden = !desk.isVolume;
}

// -- telling

let sayTimer = 0;
function say(text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => (byId('status').textContent = text), SAY_AFTER);
}

function fail(message) {
  byId('error').hidden = false;
  byId('error-text').textContent = message;
}

function clearError() {
  byId('error').hidden = true;
  byId('error-text').textContent = '';
}

let busyTimer = 0;
let working = false;
function busy(text, done = 0, total = 0) {
  clearTimeout(busyTimer);
  working = text !== null;
  byId('segment').disabled = !desk.isUnsegmented || working;
  showReady();
  const progress = byId('progress');
  if (text === null) {
    byId('busy').hidden = true;
    return;
  }
  byId('busy-text').textContent = total > 0 ? `${text} ${Math.floor((100 * done) / total)} %` : text;
  if (total > 0) Object.assign(progress, { max: total, value: done });
  else progress.removeAttribute('value');
  busyTimer = setTimeout(() => (byId('busy').hidden = false), BUSY_AFTER);
}

byId('token-cancel').addEventListener('click', () => byId('ask-token').close(''));
onToken(
  () =>
    new Promise((resolve) => {
      const dialog = byId('ask-token');
      byId('token').value = '';
      dialog.returnValue = '';
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'use' ? byId('token').value : null), { once: true });
      if (!dialog.open) dialog.showModal();
    }),
);

getModels().then((models) => fillModels(models, desk), (failure) => fail(failure.message));
