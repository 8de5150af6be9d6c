import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Project, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { eraseTypes } from '../src/edit/erase-types.ts';
import { readMarker } from '../src/edit/marker.ts';
import { readBack } from '../src/edit/template.ts';
import type { Blueprint } from '../src/types.ts';
import { root } from './flue.ts';

/** Is every folder on the shelf well made? */
const shelf = path.join(root, 'blueprints/database');
const folders = readdirSync(shelf);

const project = new Project({
  tsConfigFilePath: path.join(root, 'blueprints/tsconfig.json'),
  compilerOptions: { paths: standIns() },
});

/** The adapters' types are the contracts as Flue publishes them; the adapters themselves are not in every registry. */
function standIns(): Record<string, string[]> {
  const names = readdirSync(path.join(root, 'test/stand-ins')).filter((name) => !name.includes('.'));
  return Object.fromEntries(
    names.map((name) => [`@flue/${name}`, [path.join(root, 'test/stand-ins', name, 'index.d.ts')]]),
  );
}

describe.each(folders)('%s', (folder) => {
  const at = path.join(shelf, folder);
  const manifest: Blueprint = JSON.parse(readFileSync(path.join(at, 'blueprint.json'), 'utf8'));
  const templates = readdirSync(at).filter((name) => name.endsWith('.ts'));
  const variables = manifest.variables.map(({ name }) => name);

  test('is named as its marker, and every template belongs to a driver', () => {
    expect(folder).toMatch(/^[a-z]+@[1-9]\d*$/);
    expect(templates.sort()).toEqual([...new Set(manifest.drivers.map(({ file }) => file))].sort());
  });

  describe.each(templates)('%s', (name) => {
    const text = readFileSync(path.join(at, name), 'utf8');
    const source = project.getSourceFileOrThrow(path.join(at, name));
    const drivers = manifest.drivers.filter(({ file }) => file === name).map((driver) => driver.package);

    test('carries the marker of its folder', () => {
      expect(readMarker(text)).toBe(`database/${folder}`);
    });

    test('typechecks under the strictest settings', () => {
      const problems = source
        .getPreEmitDiagnostics()
        .map((one) => `${one.getLineNumber()}: ${project.formatDiagnosticsWithColorAndContext([one])}`);
      expect(problems).toEqual([]);
    });

    test('imports the adapter, its driver and Node, and nothing else', () => {
      const allowed = [manifest.adapter, ...drivers];
      const imported = source.getImportDeclarations().map((one) => one.getModuleSpecifierValue());
      expect(
        imported.filter(
          (one) => !one.startsWith('node:') && !allowed.some((name) => one === name || one.startsWith(`${name}/`)),
        ),
      ).toEqual([]);
    });

    test('reads exactly the variables it declares', () => {
      const read = source
        .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
        .filter((one) => one.getExpression().getText() === 'process.env')
        .map((one) => one.getName());
      expect([...new Set(read)].sort()).toEqual([...variables].sort());
      for (const variable of variables) expect(text).toMatch(new RegExp(`${variable} is not set|${variable}`));
    });

    test('is its own rendering, can be read back, and becomes JavaScript', () => {
      expect(readBack(text, variables, text)).toEqual(Object.fromEntries(variables.map((one) => [one, one])));
      expect(eraseTypes(text)).not.toMatch(/\bimport type\b|: Promise<|\bas unknown\b/);
    });

    test('fits a screen and tells no secret', () => {
      expect(text.split('\n').length).toBeLessThanOrEqual(100);
      expect(text).not.toMatch(/:\/\/[^/\s'"]*:[^/\s'"]*@/);
      expect(text.endsWith('});\n') || text.endsWith('};\n')).toBe(true);
    });
  });
});
