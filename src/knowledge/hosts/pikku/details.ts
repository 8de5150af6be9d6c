import type { Facts, ProjectText } from '../../../types/facts.ts';
import type { PikkuConfig } from './config.ts';

/** What only this host reads of its facts. */
export interface PikkuDetails {
  config: PikkuConfig;
  /** The module in which the services are made, as it is to be edited; null where there is no one such module. */
  services: ProjectText | null;
  /** How that module imports the entry. */
  specifier: string;
  /** Why our two lines are not put into it, as a clause; null where they are, or are there. */
  left: string | null;
  /** Whether that module is CommonJS, which cannot import an ES module by a statement. */
  commonJs: boolean;
  /** The module that has both, or another line that was added by hand; null where there is none. */
  wiredIn: string | null;
  /** The keys that the object of services gives a value itself, before ours. */
  keys: string[];
  /** Other stores for workflows that the repository makes. */
  stores: { path: string; name: string }[];
  /** Whether all of the repository was looked at. */
  complete: boolean;
  /** A script that starts the project and loads no env file; null where there is none. */
  bare: string | null;
}

/** The details of facts that are this host's. */
export function detailsOf({ details }: Pick<Facts, 'details'>): PikkuDetails {
  return details as PikkuDetails;
}
