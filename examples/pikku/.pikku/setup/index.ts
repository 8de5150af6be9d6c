// A stand-in for what `pikku all` generates (cli 0.12.42 and newer), which is not in every registry: less authentication.
import { pikkuState } from '@pikku/core/ecosystem';
import type { Config, SingletonServices } from '../../types/application-types.d.js';

type Existing = { [Name in keyof SingletonServices]?: SingletonServices[Name] | undefined };

export const pikkuServices =
  (make: (config: Config, existing: Existing) => Promise<Existing>) =>
  async (config: Config, existing: Existing = {}): Promise<SingletonServices> => {
    const services = { ...existing, ...(await make(config, existing)) } as SingletonServices;
    pikkuState(null, 'package', 'singletonServices', services as never);
    return services;
  };
