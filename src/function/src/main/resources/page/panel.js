// The controls beside the image, each bound to what it changes.

import { stem } from './files.js';

const OWN = 'own';
/** Centre and width that the names stand for; the others follow the image's values. */
const PRESETS = { 'ct-soft': [40, 400], 'ct-lung': [-160, 1500], 'ct-bone': [400, 1800], 'ct-brain': [40, 80] };

/** What a result can be downloaded as: [form, in words, ending]. */
const FORMS = {
  labels: ['labels', 'PNG label map', '.png'],
  nifti: ['nifti', 'NIfTI label map', '.nii.gz'],
  npz: ['npz', 'npz label map', '.npz'],
  masks: ['masks', 'npz, a mask each', '.npz'],
  geojson: ['geojson', 'GeoJSON polygons', '.geojson'],
  coco: ['coco', 'COCO', '.json'],
  overlay: ['overlay', 'PNG overlay', '.png'],
};

export const byId = (id) => document.getElementById(id);

/** Model, rules, window and display. @param {{settings: () => void, window: () => void}} on after a change */
export function bindSettings(desk, on) {
  byId('opacity').addEventListener('input', () => desk.set('display', { opacity: byId('opacity').value / 100 }));
  for (const id of ['outline', 'boxes']) {
    byId(id).addEventListener('change', () => desk.set('display', { [id]: byId(id).checked }));
  }
  for (const id of ['model', 'rules']) {
    byId(id).addEventListener('change', () => {
      desk.set('settings', { [id]: byId(id).value });
      on.settings();
    });
  }
  byId('window').addEventListener('change', () => {
    const name = byId('window').value;
    if (name === OWN) {
      byId('centre').focus();
      return;
    }
    desk.set('settings', { window: name });
    on.window();
  });
  for (const id of ['centre', 'width']) byId(id).addEventListener('change', () => own(desk, on));
  desk.addEventListener('change', () => {
    byId('opacity').value = Math.round(desk.display.opacity * 100);
    byId('outline').checked = desk.display.outline;
    byId('boxes').checked = desk.display.boxes;
    showWindow(desk);
  });
}

function own(desk, on) {
  const [centre, width] = [byId('centre').valueAsNumber, byId('width').valueAsNumber];
  if (!Number.isFinite(centre) || !(width > 0)) return;
  desk.set('settings', { window: `${centre},${width}` });
  on.window();
}

/** Dragging: right and left widen and narrow, up and down make darker and brighter. */
export function dragWindow(desk, dx, dy) {
  const { min = 0, max = 255 } = desk.image.values ?? {};
  const [centre, width] = bounds(desk) ?? [(min + max) / 2, max - min];
  const step = Math.max(width, 1e-6) / 250;
  const round = (value) => Number(value.toPrecision(4));
  return `${round(centre + dy * step)},${round(Math.max(width + dx * step, step))}`;
}

/** @returns {?[number, number]} centre and width that hold now; null where only the service knows */
function bounds(desk) {
  const { window } = desk.settings;
  if (PRESETS[window]) return PRESETS[window];
  const numbers = /^(-?[\d.eE+-]+),([\d.eE+-]+)$/.exec(window === 'auto' ? desk.image.window : window);
  return numbers && [Number(numbers[1]), Number(numbers[2])];
}

function showWindow(desk) {
  const { image, settings } = desk;
  byId('window-section').hidden = !image?.window;
  byId('window-applied').textContent = '';
  if (!image?.window) return;
  const named = [...byId('window').options].some((option) => option.value === settings.window);
  byId('window').value = named ? settings.window : OWN;
  const [centre, width] = bounds(desk)?.map((value) => Number(value.toPrecision(5))) ?? ['', ''];
  if (document.activeElement !== byId('centre')) byId('centre').value = centre;
  if (document.activeElement !== byId('width')) byId('width').value = width;
  if (width !== '') byId('window-applied').textContent = `C ${centre}  W ${width}`;
}

const option = (value, text) => Object.assign(document.createElement('option'), { value, textContent: text });

/** The models that the service has, the default one first, and with each the rules that it can go by. */
export function fillModels(models, desk) {
  const select = byId('model');
  const first = models.find((model) => model.default);
  select.replaceChildren(option('', first ? `${first.id} (default)` : 'Default'));
  for (const { id } of models) if (id !== first?.id) select.append(option(id, id));
  const fillRules = () => {
    const { supportedRules = [] } = models.find(({ id }) => id === (select.value || first?.id)) ?? {};
    byId('rules').replaceChildren(option('', supportedRules.length > 0 ? `${supportedRules[0]} (default)` : 'Default'));
    for (const name of supportedRules.slice(1)) byId('rules').append(option(name, name));
    byId('rules').value = supportedRules.indexOf(desk.settings.rules) > 0 ? desk.settings.rules : '';
    desk.settings.rules = byId('rules').value;
  };
  select.addEventListener('change', fillRules);
  fillRules();
}

/** The box's numbers as fields, for those who'd rather type. */
export function bindBox(desk) {
  const fields = ['x0', 'y0', 'z0', 'x1', 'y1', 'z1'].map(byId);
  fields.forEach((field, i) =>
    field.addEventListener('change', () => {
      if (!desk.draft || !Number.isFinite(field.valueAsNumber)) return;
      const box = [...desk.draft.box];
      box[i] = field.valueAsNumber;
      desk.draw(box, desk.draft.label);
    }),
  );
  desk.addEventListener('change', () => {
    byId('box-fields').disabled = !desk.draft;
    for (const element of document.querySelectorAll('.deep')) element.hidden = !desk.isVolume;
    fields.forEach((field, i) => {
      const value = desk.draft ? String(desk.draft.box[i]) : '';
      if (field.value !== value) field.value = value;
      if (desk.image) field.max = [desk.image.width, desk.image.height, desk.image.depth][i % 3] - 1;
    });
  });
}

/** The form that the image came in is offered first. */
export function fillForms(image) {
  const forms =
    image.kind === 'volume'
      ? image.form === 'npz' || image.form === 'npy' ? ['npz', 'nifti', 'masks'] : ['nifti', 'npz', 'masks']
      : image.form === 'npz' || image.form === 'npy'
        ? ['npz', 'labels', 'overlay', 'geojson', 'coco', 'masks']
        : [...(/^(nifti|dicom)/.test(image.form) ? ['nifti'] : []), 'labels', 'overlay', 'geojson', 'coco', 'npz', 'masks'];
  byId('format').disabled = false;
  byId('format').replaceChildren(
    ...forms.map((form) => Object.assign(document.createElement('option'), { value: form, textContent: FORMS[form][1] })),
  );
}

/** What a download is called. */
export const downloadName = (image, form) =>
  `${stem(image.name)}_${form === 'overlay' ? 'overlay' : 'labels'}${FORMS[form][2]}`;
