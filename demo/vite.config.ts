import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

// One file that opens from disk: scripts, styles and the engine stand in it.
export default defineConfig({
  plugins: [viteSingleFile()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'iife' },
  build: { target: 'es2022', reportCompressedSize: false },
});
