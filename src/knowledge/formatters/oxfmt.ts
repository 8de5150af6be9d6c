import { readObject } from '../../code/config.ts';
import { isObject, parseJsonc } from '../../edit/parse-data.ts';
import { inFolder } from '../../project/project.ts';
import type { FormatContext, Formatter, Settings } from './index.ts';
import { isFor } from './overrides.ts';

const files = ['.oxfmtrc.json', '.oxfmtrc.jsonc', 'oxfmt.config.ts', 'oxfmt.config.mts'];

/**
 * Oxfmt, whose options are Prettier's but for the width.
 * https://oxc.rs/docs/guide/usage/formatter/config-file-reference
 */
export const oxfmt: Formatter = {
  name: 'oxfmt',
  async detect({ project, folder, entry, editor }: FormatContext) {
    const file = files.map((name) => inFolder(folder, name)).find(project.has);
    if (!file) return null;
    const text = project.read(file) ?? '';
    const config = file.endsWith('ts') ? await readObject(text) : parseJsonc(text);
    if (!isObject(config)) return { settings: null, because: file };
    if (isFor(config.ignorePatterns, project, folder, entry)) return null;
    const settings: Settings = { printWidth: 100, ...editor, ...config };
    for (const one of Array.isArray(config.overrides) ? config.overrides.filter(isObject) : []) {
      const applies = isFor(one.files, project, folder, entry);
      if (applies && !isFor(one.excludeFiles, project, folder, entry)) Object.assign(settings, one.options);
    }
    return { settings, because: file };
  },
};
