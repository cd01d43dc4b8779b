// The service as the page sees it: kept images, their slices and segmentations. Knows nothing of what is on the screen.

const BASE = new URL('.', document.baseURI);

/** Owns the images of this page: nobody who does not know it can ask for them. */
const CLIENT = base64url(crypto.getRandomValues(new Uint8Array(16)));

let token = '';
let askForToken = async () => null;

/** What the service refused, in a sentence for people. */
export class Refusal extends Error {
  /** @param {number} status of HTTP, 0 where the server did not answer */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {() => Promise<?string>} ask where the server wants a token; null gives up */
export function onToken(ask) {
  askForToken = ask;
}

/**
 * Sends files, several as one series. Of a name only the ending goes along: names are patients' at times, and addresses get logged.
 *
 * @returns {Promise<object>} the kept image
 */
export async function postImage(files, signal) {
  const [ending = ''] = /(\.nii)?\.[A-Za-z0-9]{1,5}$/.exec(files[0].name) ?? [];
  // What a browser takes a file for says little of medical ones; the service looks at the bytes.
  let body = files[0].slice(0, files[0].size, 'application/octet-stream');
  if (files.length > 1) {
    body = new FormData();
    files.forEach((file, i) => body.append('file', file, `${i}`));
  }
  return (await call(`v1/images?name=image${ending}`, { method: 'POST', body, signal })).json();
}

/** @returns {Promise<ImageBitmap>} slice z as the network sees it */
export async function getSlice(id, z, window, signal) {
  const response = await call(`v1/images/${id}/slices/${z}.png?window=${encodeURIComponent(window)}`, { signal });
  return createImageBitmap(await response.blob());
}

/** @returns {Promise<Response>} in the form that `format` names */
export function segment(id, format, request, signal) {
  return call(`v1/images/${id}/segmentations?format=${format}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    signal,
  });
}

export async function getProgress(id) {
  return (await call(`v1/images/${id}/progress`)).json();
}

export async function getModels() {
  return (await call('v1/models')).json();
}

/** Tells the service to forget an image, also while the page is being closed; nobody waits for the answer. */
export function forget(id) {
  fetch(new URL(`v1/images/${id}`, BASE), { method: 'DELETE', headers: identity(), keepalive: true }).catch(() => {});
}

async function call(path, options = {}) {
  for (;;) {
    let response;
    try {
      response = await fetch(new URL(path, BASE), { ...options, headers: { ...options.headers, ...identity() } });
    } catch (failure) {
      if (failure.name === 'AbortError') throw failure;
      throw new Refusal(0, 'The server does not answer. Is it still running?');
    }
    if (response.ok) return response;
    if (response.status === 401) {
      const given = await askForToken();
      if (given) {
        token = given;
        continue;
      }
    }
    throw new Refusal(response.status, await sentence(response));
  }
}

function identity() {
  const headers = { 'Medficientsam-Client': CLIENT };
  if (token) headers.Authorization = `Bearer ${token}`;
  return headers;
}

/** What people call the fields that errors name. */
const FIELDS = {
  imgs: 'The image', picture: 'The picture', file: 'The file', dicom: 'What was opened as DICOM', nifti: 'The NIfTI file',
  png: 'The PNG file', tiff: 'The TIFF file', mha: 'The MetaImage file', nrrd: 'The NRRD file', zip: 'The zip file',
};

/** The detail of RFC 9457; the status where a proxy answered something else. */
async function sentence(response) {
  const again = response.status === 503 || response.status === 429 ? ' Please try again in a moment.' : '';
  try {
    const { detail, title, field } = await response.json();
    const text = String(detail || title || '');
    const named = FIELDS[field] && text.startsWith(`${field} `) ? FIELDS[field] + text.slice(field.length) : text;
    if (named) return asSentence(named) + again;
  } catch {
    // not JSON
  }
  return `The server answered ${response.status}.${again}`;
}

function asSentence(text) {
  const whole = String(text).trim();
  return whole.charAt(0).toUpperCase() + whole.slice(1) + (/[.!?]$/.test(whole) ? '' : '.');
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
