import { defineAgent, defineWorkflow, type WorkflowRouteHandler, type WorkflowRunsHandler } from '@flue/runtime';
import * as v from 'valibot';

export const route: WorkflowRouteHandler = async (_context, next) => next();
export const runs: WorkflowRunsHandler = async (_context, next) => next();

export default defineWorkflow({
  agent: defineAgent(() => ({ model: 'anthropic/claude-haiku-4-5' })),
  input: v.object({ a: v.number(), b: v.number() }),
  output: v.object({ sum: v.number() }),
  run: async ({ input }) => ({ sum: input.a + input.b }),
});
