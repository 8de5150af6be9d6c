import type { Opening } from '../../types/opening.ts';
import { opening as pikku } from './pikku/opening.ts';

/**
 * How a process of `verify` uses a host's entry, by the host's name, where that is no adapter of Flue. Apart from the
 * hosts themselves, as that process needs nothing else of them.
 */
export const openings: Record<string, Opening | undefined> = { pikku };
