import type { Manifest } from '../../project/manifest.ts';
import type { Project } from '../../project/project.ts';
import { biome } from './biome.ts';
import { denoFmt } from './deno-fmt.ts';
import { dprint } from './dprint.ts';
import { oxfmt } from './oxfmt.ts';
import { prettier } from './prettier.ts';

/** Settings as somebody wrote them: Prettier's names, any value. */
export type Settings = Record<string, unknown>;

/** What is known of one formatter. To add one: its file, and its place in the list below. */
export interface Formatter {
  name: string;
  /**
   * What its config in one folder says of the file that is added; null where it has none there, or does not format that
   * file.
   */
  detect(context: FormatContext): Promise<Detected | null>;
  /** What it says where no folder has a config of any formatter. */
  withoutConfig?(context: Omit<FormatContext, 'folder'>): Detected | null;
}

/** A folder that may have a config, and the file that is added. */
export interface FormatContext {
  project: Project;
  manifest: Manifest;
  folder: string;
  /** The file's path, as in `Facts`. */
  entry: string;
  /** What .editorconfig says of the file, for the formatters that heed it. */
  editor: Settings;
}

/** `settings`: null where they cannot be read as data. */
export interface Detected {
  settings: Settings | null;
  because: string;
}

/** In the order in which a folder is asked for their configs. */
export const formatters: readonly Formatter[] = [biome, oxfmt, dprint, prettier, denoFmt];
