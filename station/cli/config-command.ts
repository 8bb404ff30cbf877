// `config check FILE`: the same check the station makes when it starts; each wrong key names itself.
import { readFileSync } from 'node:fs'
import { checkConfig, type ConfigProblem, type DeviceConfig } from '../../shared/config.ts'
import { type Command, printJson, refuse, refuseArguments } from './output.ts'

/** What the driver of a device says of its options; `station/cli.ts`, which may see the registry, knows the drivers. */
export type CheckDevice = (device: DeviceConfig) => Promise<ConfigProblem | null>

export function configCheck(checkDevice: CheckDevice): Command {
  const command: Command = {
    usage: 'config check FILE',
    summary: 'check a station configuration, devices and their options too',
    async run(args, io) {
      const [file, ...rest] = args
      if (file === undefined || rest.length > 0) return refuseArguments(io, command, 'one FILE is needed')
      let text: string
      try {
        text = readFileSync(file, 'utf8')
      } catch (error) {
        return refuse(io, error)
      }
      const problems = await problemsOf(text, checkDevice)
      printJson(io, problems.length === 0 ? { file, ok: true } : { file, ok: false, problems })
      return problems.length === 0 ? 0 : 1
    },
  }
  return command
}

async function problemsOf(text: string, checkDevice: CheckDevice): Promise<readonly ConfigProblem[]> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return [{ key: '', problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` }]
  }
  const checked = checkConfig(value)
  if (!checked.ok) return checked.problems
  return (await Promise.all(checked.config.devices.map(checkDevice))).filter((problem) => problem !== null)
}
