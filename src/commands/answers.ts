import { packageManagerNames } from '../knowledge/package-managers/index.ts';

/** The values that flags take, where they are known beforehand. */
export const answers = { packageManagers: packageManagerNames };
