import { expect, test } from 'vitest';
import { refuseVariableName } from '../../src/choose/variable-name.ts';

test.each(['DATABASE_URL', 'db_url', '_A', 'A1', 'MY_PATH', 'PUBLICATION_URL', 'FLUE_VITE_X'])('%s may be', (name) => {
  expect(refuseVariableName(name)).toBeNull();
});

test.each([
  ...['', '1A', 'A-B', 'A B', 'A\n', 'É', 'a.b'],
  ...[
    'PATH',
    'path',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'GIT_SSH_COMMAND',
    'npm_config_registry',
    'BASH_ENV',
  ],
  ...['VITE_URL', 'NEXT_PUBLIC_URL', 'PUBLIC_URL', 'EXPO_PUBLIC_URL', 'REACT_APP_URL', 'vite_url'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
])('%j is refused', (name) => {
  expect(refuseVariableName(name)).toMatch(/\w/);
});
