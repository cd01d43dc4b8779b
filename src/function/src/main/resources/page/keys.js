// The keyboard. Single keys count only while the image has the focus, so that they never surprise elsewhere.

import { grow, inWords, middle, move } from './box.js';

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FASTER = 4; // pixels per step while an arrow is held down

/** @param {{segment, cancel, say, help, remove}} on what keys can ask for */
export function listen(canvas, desk, on) {
  canvas.addEventListener('keydown', (event) => {
    if (!desk.image || event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow(event, desk, on) || single(event, desk, on)) event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) desk.labels.undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) desk.labels.redo();
    else return;
    event.preventDefault();
  });
}

function arrow(event, desk, on) {
  const direction = ARROWS[event.key];
  if (!direction) return false;
  if (!desk.draft) {
    // Without a box, arrows are for slices.
    if (!desk.isVolume) return false;
    desk.showSlice(desk.z + (direction[0] || direction[1]));
    return true;
  }
  const [dx, dy] = direction.map((way) => way * (event.repeat ? FASTER : 1));
  const { view, image } = desk;
  const { box, label } = desk.draft;
  const changed = event.shiftKey
    ? grow(box, dx, dy, image, view)
    : move(box, view.mirrorX ? -dx : dx, view.mirrorY ? -dy : dy, image);
  desk.draw(changed, label);
  on.say(`Box ${inWords(desk.draft.box, desk.image.kind)}`);
  return true;
}

function single(event, desk, on) {
  switch (event.key) {
    case 'b':
    case 'B':
      newBox(desk, on);
      return true;
    case 'Enter':
      on.segment();
      return true;
    case 'Escape':
      if (!on.cancel()) desk.discard();
      return true;
    case 'Delete':
    case 'Backspace':
      on.remove(desk.labels.selected);
      return true;
    case 'PageUp':
      desk.showSlice(desk.z + 1);
      return true;
    case 'PageDown':
      desk.showSlice(desk.z - 1);
      return true;
    case 'Home':
      desk.showSlice(0);
      return true;
    case 'End':
      desk.showSlice(desk.image.depth - 1);
      return true;
    case '[':
    case ']':
      if (!desk.isVolume) return false;
      desk.setEnd(event.key === '[');
      on.say(`Slices ${desk.range[0]} to ${desk.range[1]}`);
      return true;
    case '+':
    case '=':
    case '-':
      desk.view.zoomAt(event.key === '-' ? 0.8 : 1.25);
      desk.changed();
      return true;
    case '0':
      desk.view.fit();
      desk.changed();
      return true;
    case 'o':
    case 'O':
      desk.set('display', { outline: !desk.display.outline });
      return true;
    case 'h':
    case 'H':
      desk.set('display', { hidden: !desk.display.hidden });
      on.say(desk.display.hidden ? 'Masks and boxes hidden' : 'Masks and boxes shown');
      return true;
    case '?':
      on.help();
      return true;
    default:
      return false;
  }
}

/** A box in the middle of what is seen, in hand. */
export function newBox(desk, on) {
  desk.labels.selected = 0;
  const box = middle(desk.view.seen(), desk.z, desk.image);
  desk.draw(desk.isVolume ? desk.deepen(box) : box);
  on.say(`New box, ${inWords(desk.draft.box, desk.image.kind)}`);
}

const isText = (element) => element instanceof HTMLInputElement && /^(text|number|password|search)$/.test(element.type);
