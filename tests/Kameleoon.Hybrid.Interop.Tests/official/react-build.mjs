// Writes the page of the React SDK as one script, in production mode.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: ['react-page.mjs'],
  bundle: true,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  define: { 'process.env.NODE_ENV': '"production"' },
  write: false,
});
process.stdout.write(outputFiles[0].text);
