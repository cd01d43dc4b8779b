// Files that people drop or choose. Their names are text and nothing else.

/** Not images, and often beside them. */
const OTHERS = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|DICOMDIR$)/i;

/** @returns {Promise<File[]>} of a drop, folders included */
export async function ofDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return usable([...transfer.files]);
  const files = [];
  for (const entry of entries) await collect(entry, files);
  return usable(files);
}

/** @returns {File[]} of an input, in the order of their names */
export function ofInput(input) {
  const files = usable([...input.files]);
  input.value = ''; // so that the same file can be chosen again
  return files;
}

async function collect(entry, files) {
  if (entry.isFile) {
    files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A reader gives at most a hundred at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await collect(child, files);
  }
}

function usable(files) {
  return files
    .filter((file) => file.size > 0 && !OTHERS.test(file.webkitRelativePath || file.name))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Without its endings: what a result's name begins with. */
export const stem = (name) => name.replace(/(\.nii)?\.[A-Za-z0-9]{1,5}$/, '') || name;

/** Hands bytes to the browser's downloads. */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
