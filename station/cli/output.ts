// What every command of the command line answers: JSON lines on stdout, words on stderr, and an exit code:
// 0 = yes, 1 = no (the answer is bad news), 2 = could not be asked (usage, file not there).
export interface CommandIo {
  out(text: string): void
  err(text: string): void
}

export type ExitCode = 0 | 1 | 2

export interface Command {
  readonly usage: string
  readonly summary: string
  run(args: readonly string[], io: CommandIo): Promise<ExitCode>
}

export function printJson(io: CommandIo, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`)
}

/** Wrong arguments: the usage line, and what was wrong with these. */
export function refuseArguments(io: CommandIo, command: Command, why: string): ExitCode {
  io.err(`${why}\nusage: truc-song ${command.usage}\n`)
  return 2
}

/** Something outside failed before the question could be asked. */
export function refuse(io: CommandIo, error: unknown): ExitCode {
  io.err(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
}
