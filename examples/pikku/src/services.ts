import { ConsoleLogger, LocalSecretService, LocalVariablesService } from '@pikku/core/services';
import { pikkuServices } from '#pikku/setup';

export const createSingletonServices = pikkuServices(async (config, existingServices) => {
  const variables = existingServices?.variables ?? new LocalVariablesService();
  return {
    config,
    logger: new ConsoleLogger(),
    variables,
    secrets: new LocalSecretService(variables),
    workflowService: existingServices?.workflowService,
  };
});
