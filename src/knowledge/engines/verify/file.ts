import { type Context, must, NotChecked, type Probe } from './engine.ts';

/**
 * Where a database of one file lies, and whether it is still there tomorrow. `fileOf` gives its path, null where there
 * is none.
 */
export function fileProbes<R>(fileOf: (context: Context<R>) => string | null | Promise<string | null>): Probe<R>[] {
  return [
    {
      code: 'file-place',
      title: 'the file is where it stays',
      run: async (context: Context<R>) => {
        const file = await fileOf(context);
        if (!file) throw new NotChecked('it is on a server');
        const { absolute, kind, deletedBy, temporary } = context.machine.disk(file);
        const elsewhere = 'a path on a disk or volume that is kept';
        must(kind !== 'tmpfs', `${absolute} is in memory (tmpfs) and ends with the machine`, elsewhere);
        must(
          kind !== 'nfs',
          `${absolute} is on a network disk, where SQLite's locks are not safe`,
          'a disk of this machine',
        );
        must(
          !deletedBy,
          `${absolute} is in \`${deletedBy}\`, which a build or an install deletes`,
          'a folder beside it, such as `data/`',
        );
        must(!temporary, `${absolute} is in a folder for temporary files`, elsewhere, 'warning');
        must(
          kind !== 'overlay',
          `${absolute} is on the container's own layer and ends with the container`,
          'mount a volume there',
          'warning',
        );
        return absolute;
      },
    },
    {
      code: 'file-writable',
      title: 'the file can be written',
      blocks: true,
      run: async (context: Context<R>) => {
        const file = await fileOf(context);
        if (!file) throw new NotChecked('it is on a server');
        const { absolute, writable } = context.machine.disk(file);
        must(writable, `${absolute} or its folder is not writable for this user`, 'make both writable');
        return undefined;
      },
    },
  ];
}
