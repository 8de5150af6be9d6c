import { formerOf } from '../edit/marker.ts';
import type { Facts, Needs } from '../types.ts';
import { related } from './engines.ts';
import { readManifest } from './manifest.ts';
import { openProject } from './project.ts';
import { sourceFiles } from './source.ts';

/** What may be taken back, if nothing else needs it. */
export interface Wanted {
  /** The driver among them. */
  driver: string;
  packages: readonly string[];
  /** Packages that are known not to stand on the driver. */
  apart: readonly string[];
  variables: readonly string[];
}

/** Code that wants Node's types. */
const forNode = /\bprocess\.|\bBuffer\b|\b__dirname\b|['"]node:|\brequire\(/;

/**
 * What the rest of the project needs of those packages and variables: its code and its tests, its scripts, and packages that may stand on
 * a driver. The db entry and the env docs do not count. Reads only.
 */
export function inspectNeeds(facts: Facts, wanted: Wanted): Needs {
  const project = openProject(facts.root);
  const manifest = readManifest(project, '.') ?? {};
  const { files, complete } = sourceFiles(project, facts.sourceRoot.value);
  const docs = facts.envDocs.map(({ path }) => path);
  const texts = files
    .filter((file) => file !== facts.adapter?.value.path && !docs.includes(file))
    .map((file) => ({ file, text: project.read(file) ?? '' }));
  const former = formerOf(facts.adapter?.value.path ?? '');
  // What comes back needs its packages.
  if (facts.files[former] !== undefined) texts.push({ file: former, text: facts.files[former]! });
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const beside = declared.find(
    (name) =>
      related.test(name) && !/^@(?:flue|types)\//.test(name) && ![...wanted.packages, ...wanted.apart].includes(name),
  );
  const reasonFor = (name: string): string | null => {
    const importer = texts.find(({ text }) => importing(name).test(text));
    if (importer) return `\`${importer.file}\` imports it`;
    if (Object.values(manifest.scripts ?? {}).some((line) => String(line).split(/[\s/]/).includes(name)))
      return 'a script names it';
    const node = name === '@types/node' && texts.find(({ text }) => forNode.test(text));
    if (node) return `\`${node.file}\` is code for Node`;
    const types = new RegExp(`"types"\\s*:\\s*\\[[^\\]]*"${name.replace('@types/', '')}"`);
    if (name.startsWith('@types/') && types.test(project.read('tsconfig.json') ?? ''))
      return '`tsconfig.json` lists it';
    if (!complete) return 'not all of the code was read';
    return beside && name === wanted.driver ? `\`${beside}\` may stand on it` : null;
  };
  const packages = entriesOf(wanted.packages, reasonFor);
  const stays = (name: string) => (packages[name.replace('@types/', '')] ? 'its package stays' : null);
  return {
    packages: {
      ...entriesOf(
        wanted.packages.filter((name) => name.startsWith('@types/')),
        stays,
      ),
      ...packages,
    },
    variables: entriesOf(wanted.variables, (name) => {
      const reader = texts.find(({ text }) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text));
      return reader ? `\`${reader.file}\` names it` : null;
    }),
  };
}

function importing(name: string): RegExp {
  return new RegExp(`(?:from|import|require)\\s*\\(?\\s*['"]${name.replace(/[.+*]/g, '\\$&')}(?:/[^'"]*)?['"]`);
}

function entriesOf(names: readonly string[], reasonFor: (name: string) => string | null): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const reason = reasonFor(name);
      return reason ? [[name, reason]] : [];
    }),
  );
}
