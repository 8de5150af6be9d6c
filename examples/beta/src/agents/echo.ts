import { fauxAssistantMessage, fauxText, registerFauxProvider } from '@earendil-works/pi-ai/compat';
import { type AgentRouteHandler, defineAgent, registerProvider } from '@flue/runtime';

export const route: AgentRouteHandler = async (_context, next) => next();

// A model in process that answers how many messages of the user it has seen.
const model = registerFauxProvider({ api: 'scripted', provider: 'scripted', models: [{ id: 'echo' }] });
registerProvider('scripted', { api: 'scripted', baseUrl: 'http://127.0.0.1:9', apiKey: 'unused' });
const answer: Parameters<typeof model.setResponses>[0][number] = (context) => {
  model.appendResponses([answer]);
  return fauxAssistantMessage(
    fauxText(`turns=${context.messages.filter((message) => message.role === 'user').length}`),
  );
};
model.setResponses([answer]);

export default defineAgent(() => ({ model: 'scripted/echo', instructions: 'echo' }));
