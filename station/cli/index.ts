// The command line: finds the command, runs it, answers its exit code. Wrong arguments get the list of what there is.
import { logbookExport, logbookVerify } from './logbook-command.ts'
import { mediaInspect } from './media-command.ts'
import { type Command, type CommandIo, type ExitCode, refuse } from './output.ts'

export { configCheck } from './config-command.ts'
export { deviceProbe } from './device-command.ts'

const commands: Readonly<Record<string, Command>> = {
  'logbook verify': logbookVerify,
  'logbook export': logbookExport,
  'media inspect': mediaInspect,
}

/** Runs `argv` (without node and script). Commands that need rooms this folder may not see come in `more`. */
export async function runCommandLine(
  argv: readonly string[],
  io: CommandIo,
  more: Readonly<Record<string, Command>> = {},
): Promise<ExitCode> {
  const known = new Map(Object.entries({ ...commands, ...more }))
  const asksHelp = argv.length === 0 || argv.includes('--help') || argv.includes('-h')
  const command = known.get(argv.slice(0, 2).join(' '))
  if (asksHelp || command === undefined) {
    if (!asksHelp) io.err(`no such command: ${argv.slice(0, 2).join(' ')}\n`)
    const list = [...known.values()].map((each) => `  ${each.usage.padEnd(28)} ${each.summary}\n`).join('')
    io.err(`usage: truc-song <command>\n${list}exit code: 0 yes, 1 no, 2 could not be asked\n`)
    return asksHelp && argv.length > 0 ? 0 : 2
  }
  try {
    return await command.run(argv.slice(2), io)
  } catch (error) {
    return refuse(io, error)
  }
}
