// A zip archive of texts by name, stored as they are: packages of functions, for tests.
import { crc32 } from 'node:zlib';

const fields = (...pairs) => {
  const bytes = Buffer.alloc(pairs.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of pairs) at = bytes.writeUIntLE(value, at, size);
  return bytes;
};

export function zipOf(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    // Version, flags, method, time, date, checksum, sizes, length of the name, of more fields.
    const facts = [[2, 20], [2, 0], [2, 0], [2, 0], [2, 0x21], [4, crc32(body)], [4, body.length], [4, body.length], [2, path.length], [2, 0]];
    const local = Buffer.concat([fields([4, 0x04034b50], ...facts), path, body]);
    const attributes = [[2, 0], [2, 0], [2, 0], [4, 0o100644 * 65536], [4, offset]];
    directory.push(Buffer.concat([fields([4, 0x02014b50], [2, 0x314], ...facts, ...attributes), path]));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, directory.length], [2, directory.length], [4, listed.length], [4, offset], [2, 0]);
  return Buffer.concat([...parts, listed, end]);
}
