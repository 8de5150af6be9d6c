'use agent';
import { fauxAssistantMessage, fauxProvider, fauxText } from '@earendil-works/pi-ai';
import { setProvider, useModel } from '@flue/runtime';

// A model in process that answers how many messages of the user it has seen.
const model = fauxProvider({
  api: 'scripted',
  provider: 'scripted',
  models: [{ id: 'echo', input: ['text', 'image'] }],
});
setProvider(model.provider);
const answer: Parameters<typeof model.setResponses>[0][number] = (context) => {
  model.appendResponses([answer]);
  return fauxAssistantMessage(
    fauxText(`turns=${context.messages.filter((message) => message.role === 'user').length}`),
  );
};
model.setResponses([answer]);

export function Echo() {
  useModel('scripted/echo');
  return 'echo';
}
