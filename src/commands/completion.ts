import { allBlueprints } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import { type CommandEntry, commands, type Flag } from './flags.ts';

/**
 * The completion script of a shell, for both names of the program. It holds the whole table, so completing starts no
 * program. Raises `bad-request` for a shell it does not know.
 */
export function completionFor(shell: string | undefined): string {
  if (shell === 'bash') return bash();
  if (shell === 'zsh') return zsh();
  if (shell === 'fish') return fish();
  const asked = shell === undefined ? 'which shell?' : `there is no completion for \`${shell}\``;
  throw new Problem('bad-request', asked, '`flue-db completion bash`, `zsh` or `fish`');
}

/** What a person may type as the name of a database: its name and its other names, drivers among them. */
function databases(): string[] {
  return [...new Set(allBlueprints().map(({ name }) => name))];
}

/** What may follow the command: the words of its argument. `flue` has the kind before it. */
function argumentWords({ argument, name }: CommandEntry): readonly string[] {
  if (!argument) return [];
  if (argument.values === 'databases') return databases();
  return argument.values === 'commands'
    ? commands.map((one) => one.name).filter((one) => one !== name)
    : argument.values;
}

function spellings({ name, short }: Flag): string[] {
  return short ? [name, short] : [name];
}

function bash(): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map((one) => {
    const flags = [...one.flags.flatMap(spellings), '--help'].join(' ');
    const kind = one.kind ? 'database' : '';
    return `    ${one.name}) flags='${flags}'; words='${argumentWords(one).join(' ')}'; kind='${kind}' ;;`;
  });
  const flags = uniqueFlags().map((flag) => {
    return `    ${flag.name}) ${bashAnswer(flag)}; return ;;`;
  });
  return `# bash completion of flue-db and flue; add it to ~/.bashrc
_flue_db() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local flags='' words='' kind='' given="\${COMP_WORDS[2]}" IFS=$' \\t\\n'
  COMPREPLY=()
  # Of --flag=value bash makes three words.
  if [ "$current" = = ]; then current=''
  elif [ "$previous" = = ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} help' -- "$current"))
    return
  fi
  case "$previous" in
${flags.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
    help) words='${names}' ;;
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [ -n "$kind" ] && [ "\${COMP_WORDS[0]##*/}" = flue ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W "$kind" -- "$current"))
  elif [ "$COMP_CWORD" -eq 2 ] || { [ "$COMP_CWORD" -eq 3 ] && [ "$given" = database ]; }; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _flue_db flue-db flue
`;
}

/** Every flag that takes something, once. */
function uniqueFlags(): Flag[] {
  const taking = commands.flatMap(({ flags }) => flags).filter(({ argument }) => argument);
  return [...new Map(taking.map((flag) => [flag.name, flag])).values()];
}

function zsh(): string {
  const described = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([word, help]) => `'${quoted(word.replaceAll(':', '\\:'))}:${quoted(help)}'`).join(' ');
  const cases = commands.map((one) => {
    const flags = one.flags.flatMap((flag) => spellings(flag).map((spelling) => zshFlag(spelling, flag)));
    const quoted = flags.map((flag) => `'${flag}'`).join(' ');
    return `    ${one.name})${zshWords(one)}\n      _arguments ${quoted} "$expected[@]" ;;`;
  });
  const helping = ['help', 'the flags and examples of a command'] as const;
  const listed = described([...commands.map(({ name, help }) => [name, help] as const), helping]);
  return `#compdef flue-db flue
# zsh completion of flue-db and flue; put it into a folder of $fpath as _flue-db
_flue_db() {
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(${listed})
    _describe command commands
    return
  fi
  local program="\${words[1]:t}" command="$words[2]"
  local -a expected
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
    help) _values command ${commands.map(({ name }) => name).join(' ')} ;;
  esac
}
# Loaded by its first use it completes; read as a script it says what for.
if [[ "$funcstack[1]" == _flue-db ]]; then _flue_db "$@"; else compdef _flue_db flue-db flue; fi
`;
}

/** The lines that say which words may follow a command, by their place: behind the kind one further. */
function zshWords(command: CommandEntry): string {
  const { argument, kind } = command;
  const place = (at: number) => (argument ? ` '${at}:${argument.name}:(${argumentWords(command).join(' ')})'` : '');
  if (!kind) return argument ? `\n      expected=(${place(1)} )` : '';
  const behindKind = `expected=('1:kind:(database)'${place(2)})`;
  return `
      if [[ "$program" == flue || ( CURRENT -gt 2 && "$words[2]" == database ) ]]; then ${behindKind}
      else expected=(${place(1)} ); fi`;
}

function zshFlag(spelling: string, { argument, values, completes, repeatable, help }: Flag): string {
  const what = `[${quoted(help).replace(/[[\]:]/g, '\\$&')}]`;
  const many = repeatable ? '*' : '';
  if (!argument) return `${many}${spelling}${what}`;
  const name = argument.replace(/[<>]/g, '').replaceAll(':', '\\:');
  const action = values ? `(${values.join(' ')})` : zshActions[completes ?? 'nothing'];
  return `${many}${spelling}${spelling.startsWith('--') ? '=' : ''}${what}:${name}:${action}`;
}

const zshActions = { folder: '_files -/', file: '_files', nothing: ' ' };
const fishActions = { folder: " -x -a '(__fish_complete_directories)'", file: ' -r -F', nothing: ' -x' };

function bashAnswer({ values, completes }: Flag): string {
  if (values) return `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current"))`;
  if (!completes) return 'COMPREPLY=()';
  // A name with spaces is one answer.
  const paths = `COMPREPLY=($(compgen ${completes === 'folder' ? '-d' : '-f'} -- "$current"))`;
  return `IFS=$'\\n'; ${paths}; compopt -o filenames 2>/dev/null`;
}

/** Inside single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}

/** Which word is being typed: the kind, the name behind it, or the one word of another command. */
const fishPlaces = `# fish completion of flue-db and flue
function __flue_db_at_word
  test (count (commandline -opc)) -eq 2
end
function __flue_db_at_kind
  string match -qr '(^|/)flue$' -- (commandline -opc)[1]; and __flue_db_at_word
end
function __flue_db_at_name
  set -l words (commandline -opc)
  if test (count $words) -eq 3
    test $words[3] = database
  else
    __flue_db_at_word; and not __flue_db_at_kind
  end
end`;

function fish(): string {
  const lines = [fishPlaces, 'for program in flue-db flue', '  complete -c $program -f'];
  const names = commands.map(({ name }) => name).join(' ');
  const fresh = `not __fish_seen_subcommand_from ${names} help`;
  for (const { name, help } of commands)
    lines.push(`  complete -c $program -n '${fresh}' -a ${name} -d '${fishQuoted(help)}'`);
  lines.push(`  complete -c $program -n '${fresh}' -a help -d 'the flags and examples of a command'`);
  for (const command of commands) {
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    const words = argumentWords(command).join(' ');
    const place = command.kind ? '__flue_db_at_name' : '__flue_db_at_word';
    if (command.kind) lines.push(`  complete -c $program -n '${seen}; and __flue_db_at_kind' -a database`);
    if (words !== '') lines.push(`  complete -c $program -n '${seen}; and ${place}' -a '${words}'`);
    for (const flag of command.flags) lines.push(`  complete -c $program -n '${seen}' ${fishFlag(flag)}`);
  }
  lines.push(
    `  complete -c $program -n '__fish_seen_subcommand_from help; and __flue_db_at_word' -a '${names}'`,
    'end',
  );
  return `${lines.join('\n')}\n`;
}

function fishFlag({ name, short, argument, values, completes, help }: Flag): string {
  const spelled = `${short ? `-s ${short.slice(1)} ` : ''}-l ${name.slice(2)}`;
  const action = values ? ` -x -a '${values.join(' ')}'` : fishActions[completes ?? 'nothing'];
  return `${spelled}${argument ? action : ''} -d '${fishQuoted(help)}'`;
}

function fishQuoted(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
