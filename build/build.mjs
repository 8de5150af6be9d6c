// The build: the bundle, the help that bin/start.js prints without loading it, and the licences of what is bundled.
// Says nothing when all is well.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { rolldown } from 'rolldown';
import config, { verifyChild } from '../rolldown.config.mjs';
import { noticesFor } from './notices.mjs';

/** Writes one bundle. Gives its chunks. */
async function bundle({ output: options, ...input }) {
  const made = await rolldown({ ...input, logLevel: 'warn' });
  const { output } = await made.write(options);
  await made.close();
  return output;
}

// The first of them empties the folder.
const output = [...(await bundle(config)), ...(await bundle(verifyChild))];
const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
writeFileSync('THIRD-PARTY-NOTICES', noticesFor(modules));

mkdirSync('dist/help');
const { commands } = createRequire(import.meta.url)(path.resolve('dist/main.cjs'));
const { NO_COLOR: _, ...env } = process.env;
// Where there is no project, so that nothing of Flue's own is in it.
const help = (...words) =>
  execFileSync(process.execPath, [path.resolve('bin/flue-db.js'), 'help', ...words], {
    env,
    cwd: path.resolve('dist'),
  });
const texts = { 'flue-db': help() };
for (const { name } of commands) texts[name] = help(name);
for (const [name, text] of Object.entries(texts)) writeFileSync(`dist/help/${name}.txt`, text);

const { NODE_OPTIONS: __, ...plain } = process.env;
execFileSync(process.execPath, [path.resolve('build/compile.mjs')], { env: plain, stdio: 'inherit' });
