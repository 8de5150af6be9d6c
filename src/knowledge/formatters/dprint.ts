import { isObject, objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { inFolder } from '../../project/project.ts';
import type { FormatContext, Formatter, Settings } from './index.ts';
import { isFor } from './overrides.ts';

const files = ['dprint.json', 'dprint.jsonc', '.dprint.json', '.dprint.jsonc'];

/**
 * dprint with its plugin for TypeScript, as far as its settings have a word in Prettier.
 * https://dprint.dev/plugins/typescript/config
 */
export const dprint: Formatter = {
  name: 'dprint',
  async detect({ project, folder, entry }: FormatContext) {
    const file = files.map((name) => inFolder(folder, name)).find(project.has);
    if (!file) return null;
    const config = parseJsonc(project.read(file) ?? '');
    if (!isObject(config) || config.extends !== undefined) return { settings: null, because: file };
    // Without the plugin it formats something else; with other patterns, other files.
    if (!isObject(config.typescript)) return null;
    if (Array.isArray(config.includes) && !isFor(config.includes, project, folder, entry)) return null;
    if (isFor(config.excludes, project, folder, entry)) return null;
    return { settings: settingsFrom(config, objectOf(config.typescript)), because: file };
  },
};

function settingsFrom(general: Settings, own: Settings): Settings {
  // `deno: true` stands for the settings of `deno fmt`.
  const defaults = own.deno === true ? { lineWidth: 80, indentWidth: 2 } : { lineWidth: 120, indentWidth: 4 };
  const both: Settings = { ...defaults, ...general, ...own };
  return {
    printWidth: both.lineWidth,
    tabWidth: both.indentWidth,
    useTabs: both.useTabs === true,
    endOfLine: both.newLineKind,
    singleQuote: /Single$/.test(String(own.quoteStyle)),
    semi: own.semiColons !== 'asi',
    quoteProps: { asNeeded: 'as-needed', consistent: 'consistent' }[String(own.quoteProps)] ?? 'preserve',
    trailingComma: own.trailingCommas === 'never' ? 'none' : 'all',
    bracketSpacing:
      own.spaceSurroundingProperties !== false && own['objectExpression.spaceSurroundingProperties'] !== false,
    arrowParens: own['arrowFunction.useParentheses'] === 'preferNone' ? 'avoid' : 'always',
    experimentalOperatorPosition: own.operatorPosition === 'sameLine' ? 'end' : 'start',
  };
}
