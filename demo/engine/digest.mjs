// The content digest of a config, computed by the WebAssembly module:
//   node demo/engine/digest.mjs MODULE CONFIG
// It equals what `fingers info --digest` says of the native program's file. Configs may build on the
// built-in ones only.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import process from 'node:process';

const [modulePath, configPath] = process.argv.slice(2);
if (!configPath) {
  console.error('usage: node digest.mjs MODULE CONFIG');
  process.exit(2);
}

// The C library asks for a few calls of the system interface; a module without files needs none of them.
const noFiles = new Proxy({}, { get: () => () => 52 }); // 52: not supported
const { instance } = await WebAssembly.instantiate(await readFile(modulePath), {
  wasi_snapshot_preview1: noFiles,
});
const engine = instance.exports;
engine._initialize();

const answer = () =>
  new Uint8Array(engine.memory.buffer, engine.fingers_answer(), engine.fingers_answer_bytes());

const config = await readFile(configPath);
const at = engine.fingers_input(config.length);
new Uint8Array(engine.memory.buffer, at, config.length).set(config);
if (engine.fingers_read() === 0) {
  process.stderr.write(answer());
  process.exit(2);
}
const hash = createHash('sha256');
engine.fingers_head();
hash.update(answer());
for (let point = 0; point < engine.fingers_points(); point += 1) {
  for (let replicate = 0; replicate < engine.fingers_replicates(); replicate += 1) {
    engine.fingers_run(point, replicate);
    hash.update(answer());
  }
}
console.log(hash.digest('hex'));
