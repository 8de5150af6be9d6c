import { posix } from 'node:path';
import { aside } from '../../../project/source-files.ts';
import { declaresAny, type ProjectView, specifierPattern } from '../convention.ts';
import type { SchemaDefinition } from './definition.ts';

/** The environment as a whole, or each variable by its name: a single reading is handed to no schema. */
const environment = /(?:process|Bun)\.env\b(?!\s*[.[?!])|\b(\w+)['"]?\s*:\s*process\.env(?:\.\1|\[['"]\1['"]\])\s*[,}]/;

/** Configs of what builds the program, as of tools that own a schema: they check what these need, not the program. */
const ofBuilder = /^(?:vite|next|astro)\.config\./;

/** The modules that may hold such a schema, as far as a search of their texts tells. */
export function candidates(view: ProjectView, definition: SchemaDefinition): string[] {
  if (definition.files) return definition.files(view);
  const { packages, mentions = environment, hands } = definition;
  if (!declaresAny(view, packages)) return [];
  const imports = importing(packages);
  const mayHold = (text: string) => (imports.test(text) && mentions.test(text)) || (hands?.test(text) ?? false);
  return view
    .source()
    .files.filter(
      (file) =>
        /\.[mc]?[jt]sx?$/.test(file) &&
        !aside.test(file) &&
        !ofBuilder.test(posix.basename(file)) &&
        !view.isSignOfOwner(posix.basename(file)) &&
        mayHold(view.project.read(file) ?? ''),
    );
}

/** An import of one of those packages or of an entry point below it. */
export function importing(packages: readonly string[]): RegExp {
  return new RegExp(`(?:from|require\\(|import\\(|import)\\s*['"]${specifierPattern(packages)}['"]`);
}
