import { readObject } from '../../code/config.ts';
import { isObject, parseJson5, parseJsonc, parseToml, parseYaml } from '../../edit/parse-data.ts';
import { installedVersion } from '../../project/installed.ts';
import { declaration, type Manifest, readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Detected, FormatContext, Formatter, Settings } from './index.ts';
import { isFor } from './overrides.ts';
import { packagedFile } from './packaged.ts';

/** A package.json in which settings stand, or the name of a package that has them. */
type WithSettings = Manifest & { prettier?: unknown };

const files = /^(?:\.prettierrc(?:\.(?:json5?|ya?ml|toml|[mc]?[jt]s))?|prettier\.config\.[mc]?[jt]s)$/;

/**
 * Prettier, whose config may be a field of package.json. A config that is a program is read where it is literal;
 * nothing of it is run. https://prettier.io/docs/configuration
 */
export const prettier: Formatter = {
  name: 'prettier',
  async detect(context: FormatContext) {
    const { project, folder, editor } = context;
    const field = (readManifest(project, folder) as WithSettings | null)?.prettier;
    const because = `\`prettier\` in ${inFolder(folder, 'package.json')}`;
    const found = field === undefined ? await configIn(project, folder) : { value: field, because };
    if (!found) return null;
    const settings = forEntry(await followed(project, found.value), context);
    return { settings: settings && { ...defaultsOf(project), ...editor, ...settings }, because: found.because };
  },
  withoutConfig({ project, manifest, editor }): Detected | null {
    const list = declaration(manifest, 'prettier')?.list;
    return list ? { settings: { ...defaultsOf(project), ...editor }, because: `\`prettier\` is in \`${list}\`` } : null;
  },
};

/** Prettier 2 had another default for the comma after the last argument. */
function defaultsOf(project: Project): Settings {
  return installedVersion(project, 'prettier')?.version.startsWith('2.') ? { trailingComma: 'es5' } : {};
}

async function configIn(project: Project, folder: string): Promise<{ value: unknown; because: string } | null> {
  const found = project.list(folder).find(({ name, kind }) => files.test(name) && kind !== 'folder');
  if (!found) return null;
  const path = inFolder(folder, found.name);
  return { value: await parse(found.name, project.read(path) ?? ''), because: path };
}

/** A name in the place of settings is that of an installed package that holds them. */
async function followed(project: Project, settings: unknown): Promise<unknown> {
  const file = typeof settings === 'string' ? packagedFile(project, settings) : null;
  return file ? parse(file, project.read(file) ?? '') : settings;
}

/** `.prettierrc` is JSON or YAML, by what it holds. */
async function parse(name: string, text: string): Promise<unknown> {
  if (/\.[mc]?[jt]s$/.test(name)) return readObject(text);
  if (name.endsWith('.json5')) return parseJson5(text);
  if (name.endsWith('.toml')) return parseToml(text);
  return parseJsonc(text) ?? (await parseYaml(text));
}

function forEntry(value: unknown, { project, folder, entry }: FormatContext): Settings | null {
  if (!isObject(value)) return null;
  const { overrides, ...settings } = value;
  for (const one of Array.isArray(overrides) ? overrides.filter(isObject) : []) {
    const applies = isFor(one.files, project, folder, entry);
    if (applies && !isFor(one.excludeFiles, project, folder, entry)) Object.assign(settings, one.options);
  }
  return settings;
}
