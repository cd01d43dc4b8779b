// The list of labels: colour, name, size, and what can be done with each.

import { inWords } from './box.js';

const EYE = 'M1 12s4-7 11-7 11 7 11 7-4 7-11 7S1 12 1 12z M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z';
const SVG = 'http://www.w3.org/2000/svg';

/** @param {HTMLUListElement} list shows the desk's labels from now on @param {(id: number) => void} remove */
export function showLabels(list, desk, remove) {
  const rows = new Map();
  const render = () => {
    for (const [id, row] of rows) {
      if (desk.labels.find(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    for (const label of desk.labels.all) {
      if (!rows.has(label.id)) rows.set(label.id, makeRow(label.id, desk, remove));
      const row = rows.get(label.id);
      row.update(label);
      // In order, without taking the focus from a row that stays where it is.
      const place = list.children[desk.labels.all.indexOf(label)];
      if (place !== row.element) list.insertBefore(row.element, place ?? null);
    }
  };
  desk.labels.addEventListener('change', render);
  render();
}

function makeRow(id, desk, remove) {
  const element = make('li', { className: 'label' });
  const colour = make('input', { type: 'color' });
  const name = make('input', { type: 'text', maxLength: 60, autocomplete: 'off', spellcheck: false });
  const eye = make('button', { type: 'button', className: 'eye' });
  const cross = make('button', { type: 'button', textContent: '×' });
  const size = make('div', { className: 'size' });
  const text = make('span');
  const show = make('button', { type: 'button', textContent: 'Correct' });
  eye.append(icon());
  size.append(text, show);
  element.append(colour, name, eye, cross, size);
  colour.addEventListener('change', () => desk.labels.change(id, { colour: colour.value }));
  name.addEventListener('change', () => desk.labels.change(id, { name: name.value.trim() || `Label ${id}` }));
  name.addEventListener('focus', () => desk.labels.selected !== id && desk.select(id));
  eye.addEventListener('click', () => desk.labels.change(id, { hidden: !desk.labels.find(id).hidden }));
  cross.addEventListener('click', () => remove(id));
  show.addEventListener('click', () => desk.select(desk.labels.selected === id ? 0 : id));
  const update = (label) => {
    const selected = desk.labels.selected === id;
    element.classList.toggle('selected', selected);
    if (document.activeElement !== name) name.value = label.name;
    colour.value = label.colour;
    colour.setAttribute('aria-label', `Colour of ${label.name}`);
    name.setAttribute('aria-label', `Name of label ${id}`);
    cross.setAttribute('aria-label', `Delete ${label.name}`);
    eye.setAttribute('aria-label', `Show ${label.name}`);
    eye.setAttribute('aria-pressed', String(!label.hidden));
    show.textContent = selected ? 'Done' : 'Correct';
    show.setAttribute('aria-label', selected ? `Done with ${label.name}` : `Correct the box of ${label.name}`);
    text.textContent = extent(label, desk.image);
    text.title = `Box ${inWords(label.box, desk.image?.kind)}`;
  };
  return { element, update };
}

/** Pixels, and what they are in the patient where the file says how large a pixel is. */
function extent(label, image) {
  const { pixels } = label.mask;
  const count = pixels.toLocaleString('en');
  const spacing = image?.spacing;
  if (image?.kind !== 'volume') return `${count} px`;
  if (!spacing) return `${count} voxels`;
  return `${count} voxels, ${Number(((pixels * spacing[0] * spacing[1] * spacing[2]) / 1000).toPrecision(3))} ml`;
}

function icon() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ d: EYE, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 })) {
    path.setAttribute(key, value);
  }
  svg.append(path);
  return svg;
}

const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
