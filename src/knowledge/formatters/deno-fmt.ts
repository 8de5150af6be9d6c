import { objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { inFolder } from '../../project/project.ts';
import type { FormatContext, Formatter, Settings } from './index.ts';
import { seenFrom } from './overrides.ts';

const files = ['deno.json', 'deno.jsonc'];

/**
 * `deno fmt`, where the config of Deno has settings for it.
 * https://docs.deno.com/runtime/fundamentals/linting_and_formatting
 */
export const denoFmt: Formatter = {
  name: 'deno fmt',
  async detect({ project, folder, entry }: FormatContext) {
    const file = files.map((name) => inFolder(folder, name)).find(project.has);
    if (!file) return null;
    const config = parseJsonc(project.read(file) ?? '');
    const fmt = objectOf(objectOf(config).fmt);
    if (Object.keys(fmt).length === 0) return null;
    const seen = seenFrom(project, folder, entry);
    const excludes = [fmt.exclude, objectOf(config).exclude].flat();
    if (excludes.some((one) => isBelow(seen, one))) return null;
    if (Array.isArray(fmt.include) && !fmt.include.some((one) => isBelow(seen, one))) return null;
    return { settings: settingsFrom({ ...fmt, ...objectOf(fmt.options) }), because: `\`fmt\` in ${file}` };
  },
};

/** Most name a folder or a file. */
function isBelow(file: string, pattern: unknown): boolean {
  if (typeof pattern !== 'string') return false;
  const folder = pattern.replace(/^\.\//, '').replace(/\/?(?:\*\*?\/?\*?)?$/, '');
  return folder === '' || file === folder || file.startsWith(`${folder}/`);
}

function settingsFrom(own: Settings): Settings {
  return {
    printWidth: own.lineWidth ?? 80,
    tabWidth: own.indentWidth ?? 2,
    useTabs: own.useTabs === true,
    endOfLine: own.newLineKind,
    singleQuote: own.singleQuote === true,
    semi: own.semiColons !== false,
    quoteProps: { asNeeded: 'as-needed', consistent: 'consistent' }[String(own.quoteProps)] ?? 'preserve',
    trailingComma: own.trailingCommas === 'never' ? 'none' : 'all',
    bracketSpacing: own.spaceSurroundingProperties !== false,
    experimentalOperatorPosition: own.operatorPosition === 'sameLine' ? 'end' : 'start',
  };
}
