import { expect, test } from 'vitest';
import { leftByInstall } from '../../src/apply/failure.ts';
import type { Memory } from '../../src/apply/journal.ts';
import type { Run } from '../../src/types/plan.ts';

const scripts = { build: 'x', prepare: 'x', 'pnpm:devPreinstall': 'x' };
const before = { text: JSON.stringify({ scripts }) };
const memory = { files: [{ path: 'package.json', before }] } as unknown as Memory;

/** What a hint says of scripts of the project, whose doings nobody can put back. */
test.each([
  ['pnpm', ['pnpm:devPreinstall'], '`prepare`, `pnpm:devPreinstall`'],
  ['another', undefined, '`prepare`'],
])('after an install of %s, the scripts are named that it runs', (_name, ownScripts, named) => {
  const said = leftByInstall(memory, { kind: 'run', ownScripts } as unknown as Run);
  expect(said).toEqual([`the install runs the project's own ${named}, and what that has written is not put back`]);
});

test('nothing is said where it runs none of them', () => {
  expect(leftByInstall({ files: [] } as unknown as Memory, { kind: 'run' } as unknown as Run)).toEqual([]);
});
