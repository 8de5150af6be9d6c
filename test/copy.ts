import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OutputOptions, type RolldownOptions, rolldown } from 'rolldown';
import config, { verifyChild } from '../rolldown.config.mjs';
import { root, scratch } from './flue.ts';

/** What a page of Markdown says to do to the tree: files to write whole, and changes of others. */
export interface Change {
  file: string;
  kind: 'whole' | 'diff';
  text: string;
}

/**
 * The blocks of a page whose fence names a file: ```` ```ts src/a.ts ```` is the file, ```` ```diff src/b.ts ```` a
 * change of one.
 */
export function changesIn(page: string): Change[] {
  const blocks = page.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language, file, text]) => ({
    file: file!,
    kind: language === 'diff' ? 'diff' : 'whole',
    text: text!,
  }));
}

/** What a program needs besides its bundle. */
const beside = ['bin', 'blueprints', 'package.json'];

/**
 * A copy of the program in a folder of its own, with the packages that are installed here. `built`: a copy whose bundle
 * it gets, for changes that do not touch src.
 */
export function copyOfProgram(changes: readonly Change[] = [], built?: string): string {
  const copy = scratch('copy');
  const parts = built ? beside : [...beside, 'src', 'docs', 'README.md'];
  for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  if (built) cpSync(path.join(built, 'dist'), path.join(copy, 'dist'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const { file, kind, text } of changes) {
    const at = path.join(copy, file);
    mkdirSync(path.dirname(at), { recursive: true });
    if (kind === 'whole') writeFileSync(at, text, { flag: 'wx' });
    else writeFileSync(at, changed(readFileSync(at, 'utf8'), text, file));
  }
  return copy;
}

/** The text after a diff without line numbers: each hunk (`@@` parts them) stands at the only place that fits. */
export function changed(text: string, diff: string, file: string): string {
  return diff.split(/^@@.*\n/m).reduce((now, hunk) => {
    const lines = hunk.split('\n').filter((line) => line !== '');
    const side = (sign: string) =>
      lines.flatMap((line) => (line[0] === ' ' || line[0] === sign ? [`${line.slice(1)}\n`] : [])).join('');
    const parts = `\n${now}`.split(`\n${side('-')}`);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places for\n${hunk}`);
    return parts.join(`\n${side('+')}`).slice(1);
  }, text);
}

/**
 * Bundles a copy by the config of the build; packages are left where they are installed, which makes it quick.
 * `further`: what is other for the output, as `preserveModules`.
 */
export async function build(copy: string, further: OutputOptions = {}): Promise<void> {
  const { output, ...input } = config as RolldownOptions & { output: OutputOptions };
  const { codeSplitting: _, ...plain } = output;
  const chunks = further.preserveModules ? plain : output;
  await bundled(copy, input, { ...chunks, dir: path.join(copy, 'dist'), ...further });
}

/** The same for what `verify` starts, beside the build. */
export async function buildVerify(copy: string): Promise<void> {
  const { output, ...input } = verifyChild as RolldownOptions & { output: OutputOptions };
  await bundled(copy, input, { ...output, dir: path.join(copy, 'dist/verify') });
}

async function bundled(copy: string, input: RolldownOptions, output: OutputOptions): Promise<void> {
  const isPackage = (id: string) => /^[^./\0]/.test(id);
  const bundle = await rolldown({ ...input, cwd: copy, external: isPackage, logLevel: 'silent' });
  await bundle.write({ ...output, minify: false });
  await bundle.close();
}

/** Runs a copy's `flue-db` in a project. Gives its exit code and what it printed. */
export function runCopy(copy: string, cwd: string, ...words: string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const args = [path.join(copy, 'bin/flue-db.js'), ...words];
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26 }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    ).stdin?.end();
  });
}
