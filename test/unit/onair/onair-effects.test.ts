// What the on-air machine decides reaches the audio process in the same turn, with what the configuration says.
import { expect, test } from 'vitest'
import { StationConfig } from '../../../shared/config.ts'
import type { InputId, OutputId } from '../../../shared/domain/ids.ts'
import type { ActionRows } from '../../../station/onair/action-rows.ts'
import { OnAirEffects } from '../../../station/onair/onair-effects.ts'
import { OutputRuntime } from '../../../station/onair/output-runtime.ts'
import type { PlantDemand } from '../../../station/onair/plant-demand.ts'
import type { AudioOrder, OnAirPorts } from '../../../station/onair/ports.ts'

test('the programme is lowered under an input opened over it by as much as the configuration says', () => {
  const sent: AudioOrder[] = []
  const config = StationConfig.parse({ station: { id: 's', name: 'S' }, alerts: { micDuckDb: -30 } })
  const audio = { send: (order: AudioOrder) => Promise.resolve(void sent.push(order)) }
  const effects = new OnAirEffects({ config, audio } as unknown as OnAirPorts, {} as ActionRows, {} as PlantDemand, () => undefined)
  const runtime = new OutputRuntime('fm' as OutputId, 'FM')
  effects.run(runtime, { kind: 'openInput', inputId: 'mic' as InputId, mode: 'duck' }, 'operator')
  expect(sent).toEqual([expect.objectContaining({ kind: 'openInput', outputIds: ['fm'], inputId: 'mic', mode: 'duck', duckDb: -30 })])
})
