// The live microphone behind one key: press opens, press again closes. What is shown as open is what the outputs report.
import { createContext, useCallback, useContext, useMemo } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import { selectStation, useAired, useScreen } from '../state/app.ts'
import { type Order, useOrder } from '../state/use-order.ts'

export interface Microphone {
  readonly configured: boolean
  readonly label: string
  readonly open: boolean
  /** Whether its own sound is measured on an output that is measured on air. */
  readonly measured: boolean
  /** Open, and nothing is heard from it. */
  readonly silent: boolean
  readonly order: Order
  toggle(via: 'screen' | 'keyboard', mode?: 'replace' | 'duck'): void
}

export const MicrophoneContext = createContext<Microphone | null>(null)

/** Made once at the top of the window, so that key, band and desk show the same order. */
export function useMicrophoneSource(): Microphone {
  const { t } = useTexts()
  const order = useOrder()
  const inputs = useScreen(selectStation).inputs
  const outputs = useAired()
  const input = inputs.find((each) => each.kind === 'microphone')
  const inputId = input?.inputId
  const carrying = inputId === undefined ? [] : outputs.filter((output) => output.openInputs.includes(inputId))
  const heard = inputId === undefined ? [] : carrying.filter((output) => output.soundingInputs.includes(inputId))
  const open = carrying.length > 0
  const silent = open && heard.length === 0
  const measured = heard.some((output) => output.onAir === 'measured')
  const { give } = order
  const busy = order.state.kind === 'sent'
  const toggle = useCallback(
    (via: 'screen' | 'keyboard', mode: 'replace' | 'duck' = 'replace') => {
      if (busy) return
      const words = open ? t('frame.micOrderClose') : t('frame.micOrderOpen')
      void give(words, async (client) => {
        const id = inputId ?? ('microphone' as NonNullable<typeof inputId>)
        if (open) await client.onair.closeInput({ inputId: id, outputIds: [], via })
        else await client.onair.openInput({ inputId: id, outputIds: [], mode, via })
      })
    },
    [busy, open, give, inputId, t],
  )
  const configured = input !== undefined
  const label = input?.label ?? ''
  return useMemo(
    () => ({ configured, label, open, measured, silent, order, toggle }),
    [configured, label, open, measured, silent, order, toggle],
  )
}

export function useMicrophone(): Microphone {
  const microphone = useContext(MicrophoneContext)
  if (microphone === null) throw new Error('no microphone above this component')
  return microphone
}
