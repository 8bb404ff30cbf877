// A station's own key for tests, made for each process that asks.
import { generateKeyPairSync } from 'node:crypto'

export const testStationKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
