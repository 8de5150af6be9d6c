import { type ReadRefusal, type Reason, reasonOf } from '../../project/door.ts';
import { isIgnored } from '../../project/git.ts';
import type { FolderEntry, Project } from '../../project/project.ts';
import type { DocFacts, EnvDoc, LeftAlone, LeftAloneCode } from '../../types/env-docs.ts';

/** An env doc: one that may be edited where nothing speaks against it. */
export function docOf(facts: DocFacts, text: string, leftAlone: LeftAlone | null): EnvDoc {
  return leftAlone ? { ...facts, leftAlone, text: null } : { ...facts, leftAlone: null, text };
}

/** The text of a file as evidence; null where it is no regular file of UTF-8 text, or is not read. */
export function evidenceIn(project: Project, path: string, kind: FolderEntry['kind']): string | null {
  return kind === 'file' ? evidenceAt(project, path) : null;
}

/** The text of a file that can be done without; null where there is none, it is not read, or it is no UTF-8 text. */
export function evidenceAt(project: Project, path: string): string | null {
  return project.refusal(path) || !project.isText(path) ? null : project.read(path);
}

const refusals: Record<Reason, LeftAloneCode> = {
  'not-regular': 'not-regular',
  'too-large': 'too-large',
  'link-loop': 'symlink',
  unreadable: 'unreadable',
};

/** Why a file that is not read is left alone. */
export function refused(refusal: ReadRefusal): LeftAlone {
  return { code: refusals[refusal.reason], message: reasonOf(refusal) };
}

/** Why a file's bytes are not ours to edit, whatever it says; null where they are. */
export async function unfitFile(project: Project, path: string, kind: FolderEntry['kind']): Promise<LeftAlone | null> {
  if (kind === 'symlink') return { code: 'symlink', message: 'it is a symlink' };
  if (kind !== 'file') return { code: 'not-regular', message: 'it is not a regular file' };
  const refusal = project.refusal(path);
  if (refusal) return refused(refusal);
  if (!project.isText(path)) return { code: 'encoding', message: 'it is not valid UTF-8' };
  if (await isIgnored(project, path)) return { code: 'ignored', message: 'git ignores it' };
  const conflict = /^<{7}[ \t]/m.test(project.read(path) ?? '');
  return conflict ? { code: 'conflict', message: 'it holds merge conflict markers' } : null;
}
