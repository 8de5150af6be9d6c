import { faultIn } from '../edit/json/tree.ts';
import { isObject } from '../edit/parse-data.ts';
import { unparsable } from '../problem.ts';
import type { Project } from './project.ts';

/**
 * The JSON object in a file of the project. Raises `cannot-parse` where it holds anything else, with the place of the
 * fault: Node's own words for it differ from version to version, and some repeat what stands in the file.
 */
export function readJsonObject(project: Project, path: string): Record<string, unknown> {
  if (!project.isText(path)) throw unparsable(`\`${path}\` is not valid UTF-8`);
  const text = (project.read(path) ?? '').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unparsable(`\`${path}\` is not valid JSON: ${faultIn(text)}`);
  }
  if (!isObject(value)) throw unparsable(`\`${path}\` does not hold a JSON object`);
  return value;
}
