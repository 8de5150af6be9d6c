import { createServer } from 'node:http';
import { stopSingletonServices } from '@pikku/core';
import { rpcService } from '@pikku/core/rpc';
import { createSingletonServices } from './services.js';
import '#pikku/pikku-bootstrap.gen.js';

// biome-ignore lint/suspicious/noExplicitAny: what a sample asks of the services is the same in every version, their types are not.
const services: any = await createSingletonServices({});
const rpc = () => rpcService.getContextRPCService(services, {} as never, { requiresAuth: false } as never);
const { workflowService: runs, workflowRunService: list } = services;

const routes: Record<string, (id: string) => Promise<unknown>> = {
  '/order': (id) => runs.startWorkflow('order', { id }, { type: 'http' }, rpc()),
  '/run': (id) => runs.getRun(id),
  '/runs': () => list.listRuns(),
  '/steps': (id) => list.getRunSteps(id),
  '/recover': () => runs.recoverStalledRuns?.(),
  '/resume': async (id) => {
    await runs.runWorkflowJob(id, rpc());
    return runs.getRun(id);
  },
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  try {
    const answer = await routes[url.pathname]?.(url.searchParams.get('id') ?? '');
    response.end(JSON.stringify(answer ?? null));
  } catch (error) {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: (error as Error).message }));
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');
// It ends by itself once nothing is open any more: nobody calls process.exit.
process.on('SIGTERM', async () => {
  server.close();
  await stopSingletonServices();
});
