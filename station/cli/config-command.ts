// `config check FILE`: the same check the station makes when it starts; each wrong key names itself.
import { readFileSync } from 'node:fs'
import { checkConfig, type ConfigProblem } from '../../shared/config.ts'
import { type Command, printJson, refuse, refuseArguments } from './output.ts'

export const configCheck: Command = {
  usage: 'config check FILE',
  summary: 'check a station configuration',
  async run(args, io) {
    const [file, ...rest] = args
    if (file === undefined || rest.length > 0) return refuseArguments(io, configCheck, 'one FILE is needed')
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      return refuse(io, error)
    }
    const problems = problemsOf(text)
    printJson(io, problems.length === 0 ? { file, ok: true } : { file, ok: false, problems })
    return problems.length === 0 ? 0 : 1
  },
}

function problemsOf(text: string): readonly ConfigProblem[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return [{ key: '', problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` }]
  }
  const checked = checkConfig(value)
  return checked.ok ? [] : checked.problems
}
