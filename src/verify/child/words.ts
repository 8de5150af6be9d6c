/**
 * What is said of an error of any kind: one line, in bounds, without what moves a terminal. Never raises. It is cut to
 * what is shown only when the secrets have been taken out, or the half of one might stay.
 */
export function errorText(error: unknown): string {
  return plain(attempt(() => spoken(error)) ?? 'an error that cannot be read', 8_000);
}

function spoken(error: unknown, depth = 0): string {
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) {
    return `${typeof error === 'string' ? error : `something that is no error was thrown: ${String(error)}`}`;
  }
  const { message, code, errors, cause } = error as {
    message?: unknown;
    code?: unknown;
    errors?: unknown;
    cause?: unknown;
  };
  const inner = innerWords(errors, depth);
  const own = typeof message === 'string' && message.trim() !== '' ? message : inner;
  const named = typeof code === 'string' || typeof code === 'number' ? String(code) : '';
  const because = depth < 2 && cause !== undefined && cause !== null ? causeOf(own, cause, depth) : '';
  const words = own || named || `a ${attempt(() => (error as object).constructor.name) ?? 'thing'} without a message`;
  return `${named && !words.includes(named) ? `${named} ` : ''}${words}${because}`;
}

/** What the errors say that an `AggregateError` holds. */
function innerWords(errors: unknown, depth: number): string {
  if (depth >= 3 || !Array.isArray(errors)) return '';
  const words = errors.slice(0, 3).map((one) => spoken(one, depth + 1));
  return [...new Set(words)].join('; ');
}

/** A cause that says nothing new is left out. */
function causeOf(own: string, cause: unknown, depth: number): string {
  const words = spoken(cause, depth + 1);
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '');
  return words === '' || letters(own).includes(letters(words)) ? '' : `: ${words}`;
}

/** The codes by which an error, or what is behind it, is known to its driver, its server or Node. */
export function codesOf(error: unknown, depth = 0): string[] {
  if (depth > 3 || error === null || typeof error !== 'object') return [];
  const found = attempt(() => {
    const { code, codeName, errno, rawCode, errors, cause } = error as Record<string, unknown>;
    const own = [code, codeName, errno, rawCode]
      .filter((one) => typeof one === 'string' || typeof one === 'number')
      .map(String);
    const inner = [...(Array.isArray(errors) ? errors.slice(0, 3) : []), ...(cause ? [cause] : [])];
    return [...own, ...inner.flatMap((one) => codesOf(one, depth + 1))];
  });
  return found ?? [];
}

/** Whether a connection failed as nothing is at the path of its socket. */
export function isMissingSocket(error: unknown): boolean {
  const found = attempt(() => {
    const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
    return code === 'ENOENT' && syscall === 'connect';
  });
  return found ?? false;
}

/** A text on one line, without control characters and what moves a terminal, in at most `most` characters. */
export function plain(text: string, most = 500): string {
  const line = text
    .slice(0, 20_000)
    .replace(/\p{Cc}(?:\[[0-?]*[ -/]*[@-~]|\][^\p{Cc}]*)/gu, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp} ]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
