import { faultIn } from '../edit/json/tree.ts';
import { isObject } from '../edit/parse-data.ts';
import { Problem } from '../problem.ts';
import type { Project } from './project.ts';

/**
 * The JSON object in a file of the project. Raises `cannot-parse` where it holds anything else, with the place of the
 * fault: Node's own words for it differ from version to version, and some repeat what stands in the file.
 */
export function readJsonObject(project: Project, path: string): Record<string, unknown> {
  const refused = (what: string) =>
    new Problem('cannot-parse', `\`${path}\` ${what}`, 'fix the file, then run this again; nothing was changed');
  if (!project.isText(path)) throw refused('is not valid UTF-8');
  const text = (project.read(path) ?? '').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(`is not valid JSON: ${faultIn(text)}`);
  }
  if (!isObject(value)) throw refused('does not hold a JSON object');
  return value;
}
