// Reads the arrays of an npz: a zip whose entries are npy (NumPy's NEP 1), stored or deflated.

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Map<string, {shape: number[], data: Uint8Array}>>} by name; arrays of one byte per element in C order
 */
export async function readNpz(buffer) {
  const view = new DataView(buffer);
  const arrays = new Map();
  for (const entry of entries(view)) {
    arrays.set(entry.name.replace(/\.npy$/, ''), readNpy(await content(view, entry)));
  }
  return arrays;
}

function* entries(view) {
  let end = view.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new Error('the answer is no npz');
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== ENTRY) throw new Error('the answer is no npz');
    const nameLength = view.getUint16(at + 28, true);
    yield {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      start: view.getUint32(at + 42, true),
      name: new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength)),
    };
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

async function content(view, { method, packed, start }) {
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const bytes = new Uint8Array(view.buffer, from, packed);
  if (method === 0) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function readNpy(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6] > 1;
  const start = long ? 12 : 10;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)[1].split(',').map((text) => text.trim()).filter(Boolean).map(Number);
  return { shape, data: bytes.subarray(start + length) };
}
