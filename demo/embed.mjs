// Writes the WebAssembly module as text into a source file: node embed.mjs MODULE SOURCE
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';

const [modulePath, sourcePath] = process.argv.slice(2);
const packed = gzipSync(readFileSync(modulePath), { level: 9 }).toString('base64');
mkdirSync(dirname(sourcePath), { recursive: true });
writeFileSync(sourcePath, `export const packedModule = '${packed}';\n`);
