import path from 'node:path';
import { once } from '../../memo.ts';
import { declaration, type Manifest } from '../../project/manifest.ts';
import { inFolder, type Project, wayTo } from '../../project/project.ts';
import type { Facts } from '../../types/facts.ts';
import { type PackageManager, packageManagers } from './index.ts';

/**
 * The version of a package that a lockfile gives to this one, and the lockfile; null where it gives none, or where
 * several may be meant.
 */
export type Locked = (name: string) => { version: string; path: string } | null;

/**
 * Opens the lockfiles from the root of the workspace, then from the package upward; those of its package manager count
 * before others. Each is parsed once, when it is first asked.
 * @param manifest with the versions that catalogs give
 */
export async function openLockfiles(
  project: Project,
  manifest: Manifest,
  { value, among = [] }: Facts['packageManager'],
): Promise<Locked> {
  const used = value ? [value] : among;
  const rank = (name: string) => (used.some((one) => one.name === name) ? 0 : 1);
  const managers = packageManagers.toSorted((a, b) => rank(a.name) - rank(b.name));
  const folders = [...new Set([...used.map(({ lockRoot }) => lockRoot), ...project.upward])];
  const lockfiles = await Promise.all(
    folders.flatMap((folder) => managers.flatMap((manager) => lockfilesOf(project, folder, manager))),
  );
  return (name) => {
    const specifier = declaration(manifest, name)?.specifier ?? null;
    for (const folder of folders) {
      const here = lockfiles.filter((one) => one.folder === folder);
      const [own, others] = [here.filter((one) => rank(one.by) === 0), here.filter((one) => rank(one.by) !== 0)];
      for (const group of [own, others]) {
        const found = group.flatMap(({ file, open, member }) => {
          const version = open()({ name, specifier, member });
          return version === null ? [] : [{ version, path: file }];
        });
        if (new Set(found.map(({ version }) => version)).size > 1) return null;
        if (found[0]) return found[0];
      }
    }
    return null;
  };
}

/** A lockfile that is parsed when it is first asked. `by`: its package manager; `member`: the package, seen from it. */
interface Lockfile {
  file: string;
  folder: string;
  by: string;
  member: string;
  open(): ReturnType<PackageManager['openLockfile']>;
}

/** The lockfiles of one package manager in a folder. */
function lockfilesOf(project: Project, folder: string, manager: PackageManager): Promise<Lockfile>[] {
  const files = manager.lockfiles.map((name) => inFolder(folder, name)).filter(project.has);
  return files.map(async (file) => {
    const decoded = manager.decodeLockfile && (await manager.decodeLockfile(file, project.bytes(file)!));
    const open = once(() => manager.openLockfile(decoded ?? project.read(file) ?? ''));
    const member = wayTo(path.resolve(project.root, folder), project.root) || '.';
    return { file, folder, by: manager.name, member, open };
  });
}
