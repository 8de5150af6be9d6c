'use agent';
import { useModel } from '@flue/runtime';

export function Support() {
  useModel('anthropic/claude-haiku-4-5');
  return 'Help the customer.';
}
